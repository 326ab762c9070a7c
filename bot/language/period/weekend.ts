import { addDays, floor, type Standpoint, weekdayOf } from '../../../kpi/calendar.ts';
import type { Day } from '../../../kpi/question.ts';
import type { Token } from '../tokens.ts';
import { type Found, pinned, skip } from './atom.ts';
import { readRelative } from './relative.ts';
import { lastWords, thisWords, weekdayNumbers } from './words.ts';

/** Saturday and Sunday: "last weekend" is over, "this weekend" is the latest that has begun; "weekend before last". */
export function readWeekend(tokens: readonly Token[], i: number, at: Standpoint): Found | null {
  const first = tokens[i]?.text ?? '';
  const prefixed = lastWords.has(first) || thisWords.has(first);
  const j = prefixed ? i + 1 : i;
  if (tokens[j]?.text !== 'weekend') return null;
  const latest = addDays(at.today, -((weekdayOf(at.today) + 1) % 7));
  const over = addDays(latest, 2) <= at.today ? latest : addDays(latest, -7);
  const two = (start: Day, length: number): Found => ({ atom: pinned(start, 'day', 2), length });
  if (prefixed) return two(lastWords.has(first) ? over : latest, 2);
  if (tokens[j + 1]?.text === 'before' && tokens[j + 2]?.text === 'last') return two(addDays(over, -7), 3);
  return two(latest, 1);
}

/** "Last business day", "previous working day": the latest Monday to Friday before today. */
export function readBusinessDay(tokens: readonly Token[], i: number, at: Standpoint): Found | null {
  if (!lastWords.has(tokens[i]?.text ?? '')) return null;
  const split = ['business', 'working', 'week', 'trading'].includes(tokens[i + 1]?.text ?? '');
  const length = split ? 3 : 2;
  if (tokens[i + length - 1]?.text !== (split ? 'day' : 'weekday')) return null;
  let day = addDays(at.today, -1);
  while (weekdayOf(day) % 6 === 0) day = addDays(day, -1);
  return { atom: pinned(day, 'day'), length };
}

/** "Monday of last week", "last week Monday", "Tuesday 2 weeks ago": a day of a week that is told. */
export function readDayOfWeek(tokens: readonly Token[], i: number, at: Standpoint): Found | null {
  const before = weekdayNumbers.get(tokens[i]?.text ?? '');
  const j = before === undefined ? i : skip(tokens, skip(tokens, i + 1, 'of', 'in', 'from', ','), 'the');
  const week = readRelative(tokens, j, at);
  if (week?.atom.unit !== 'week' || week.atom.count !== 1) return null;
  const end = j + week.length;
  const k = skip(tokens, end, 'on', ',');
  const wanted = before ?? weekdayNumbers.get(tokens[k]?.text ?? '');
  if (wanted === undefined) return null;
  const start = floor(week.atom.start(at.today, 'last'), 'week', at.settings);
  const day = addDays(start, (wanted - weekdayOf(start) + 7) % 7);
  return { atom: pinned(day, 'day'), length: (before === undefined ? k + 1 : end) - i };
}
