import { addDays, offset, type Standpoint, weekdayOf } from '../../../kpi/calendar.ts';
import type { Day } from '../../../kpi/question.ts';
import type { Token } from '../tokens.ts';
import { endOf, type Found, longestOf, pinned, skip } from './atom.ts';
import { readDay } from './day.ts';
import { readNamed } from './named.ts';
import { countOf, readRelative, readUnit, runningUnit } from './relative.ts';
import { ordinalWords, weekdayNumbers } from './words.ts';

const lasts = ['last', 'final'];
const monthsIn: Readonly<Record<string, number>> = { month: 1, quarter: 3, year: 12 };

/**
 * A part of a longer stretch: "first half of October", "last 3 days of Q3", "first month of last quarter", "second
 * quarter of the fiscal year". Weeks are left out: they do not begin with months.
 */
export function readPartOf(tokens: readonly Token[], i: number, at: Standpoint): Found | null {
  const first = tokens[i]?.text ?? '';
  const last = lasts.includes(first);
  const nth = last ? 1 : ordinalWords.get(first);
  if (nth === undefined) return null;
  const named = weekdayNumbers.get(tokens[i + 1]?.text ?? '');
  if (named !== undefined) return weekdayIn(tokens, i + 2, named, last ? null : nth, at);
  const count = countOf(tokens[i + 1]?.text);
  if (count !== null && nth !== 1) return null;
  const j = i + (count === null ? 1 : 2);
  const part = readUnit(tokens, j);
  const k = j + (part?.length ?? 0);
  if (!part || part.count !== null || !['of', 'in'].includes(tokens[k]?.text ?? '')) return null;
  const whole = readWhole(tokens, k + 1, at);
  if (!whole) return null;
  const length = k + 1 + whole.length - i;
  const { atom } = whole;
  const start = atom.start(at.today, 'last');
  const end = endOf(atom, start, at);
  if (part.each === 2) return count === null ? halfOf(start, end, nth, last, atom.unit, length) : null;
  const fits =
    part.unit === 'day'
      ? atom.unit !== 'day'
      : (monthsIn[part.unit] ?? 99) < (monthsIn[atom.unit] ?? 0) * atom.count;
  if (!fits) return null;
  const n = count ?? 1;
  const move = (day: Day, by: number) => offset(day, part.unit, by, at.settings, atom.kind);
  const from = last ? move(end, -n) : move(start, count === null ? nth - 1 : 0);
  if (from < start || move(from, n) > end) return null;
  return { atom: pinned(from, part.unit, n, atom.kind), length };
}

/** "First Monday of November", "last Friday in October": `nth` null is the last; `j` is where "of" stands. */
function weekdayIn(
  tokens: readonly Token[],
  j: number,
  wanted: number,
  nth: number | null,
  at: Standpoint,
): Found | null {
  if (!['of', 'in'].includes(tokens[j]?.text ?? '')) return null;
  const whole = readWhole(tokens, j + 1, at);
  if (whole?.atom.unit !== 'month' || whole.atom.count !== 1) return null;
  const start = whole.atom.start(at.today, 'last');
  const end = endOf(whole.atom, start, at);
  const day =
    nth === null
      ? addDays(end, -1 - ((weekdayOf(addDays(end, -1)) - wanted + 7) % 7))
      : addDays(start, ((wanted - weekdayOf(start) + 7) % 7) + 7 * (nth - 1));
  return day < end ? { atom: pinned(day, 'day'), length: j + 1 + whole.length - (j - 2) } : null;
}

/** "12 months to October", "quarter ending September", "year ended 30 June": so many whole months up to a month's end. */
export function readEnding(tokens: readonly Token[], i: number, at: Standpoint): Found | null {
  const part = readUnit(tokens, i);
  const months = part && monthsIn[part.unit];
  if (!part || !months) return null;
  const j = i + part.length;
  const word = tokens[j]?.text ?? '';
  const to = part.count !== null && ['to', 'until', 'through'].includes(word);
  if (!to && word !== 'ending' && word !== 'ended') return null;
  const k = skip(tokens, skip(tokens, j + 1, 'in', 'on'), 'the');
  const last = longestOf([readDay, readNamed], tokens, k, at);
  if (!last) return null;
  const end = endOf(last.atom, last.atom.start(at.today, 'last'), at);
  const n = (part.count ?? 1) * part.each * months;
  if (!end.endsWith('-01')) return null;
  return { atom: pinned(offset(end, 'month', -n), 'month', n), length: k + last.length - i };
}

/** Of a month, its first fifteen days and the rest; of longer stretches the grammar of named parts knows halves. */
function halfOf(
  start: Day,
  end: Day,
  nth: number,
  last: boolean,
  unit: string,
  length: number,
): Found | null {
  if (unit !== 'month' || nth > 2) return null;
  const middle = addDays(start, 15);
  const second = last || nth === 2;
  const days = second ? Number(addDays(end, -1).slice(8)) - 15 : 15;
  return { atom: pinned(second ? middle : start, 'day', days), length };
}

/** "October", "last quarter", "the year" (the one that runs). */
function readWhole(tokens: readonly Token[], i: number, at: Standpoint): Found | null {
  const j = skip(tokens, i, 'the', 'this', 'current');
  const named = longestOf([readNamed, readRelative], tokens, i === j ? i : skip(tokens, i, 'the'), at);
  if (named) return { atom: named.atom, length: named.length + (i === j ? 0 : skip(tokens, i, 'the') - i) };
  const unit = j > i ? readUnit(tokens, j) : null;
  return unit && unit.count === null ? { atom: runningUnit(unit, at), length: j + unit.length - i } : null;
}
