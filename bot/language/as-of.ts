import { addDays, dayLabel, instantOf, offset, type Standpoint } from '../../kpi/calendar.ts';
import type { Day } from '../../kpi/question.ts';
import { endOf, PeriodProblem } from './period/atom.ts';
import { readAtom, skipEnd } from './period/range.ts';
import type { Token } from './tokens.ts';

export type AsOf = { day: Day; from: number; length: number };

/**
 * "as of 15 October", "as at last Friday", "as known on 2026-10-15": the end of that day. The whole question is then
 * read as if it had been asked on that day: "last quarter as of 3 July" is the second.
 */
export function readAsOf(tokens: readonly Token[], at: Standpoint): AsOf | null {
  for (let i = 0; i < tokens.length; i += 1) {
    const lead = leadLength(tokens, i);
    if (lead === 0) continue;
    const start = skipEnd(tokens, i + lead);
    const found = readAtom(tokens, start, at);
    if (!found) continue;
    const first = found.atom.start(at.today, 'last');
    if (first > at.today)
      throw new PeriodProblem('That lies in the future: nothing is known then yet.', ['as of yesterday']);
    const last = addDays(endOf(found.atom, first, at), -1);
    return { day: last, from: i, length: start + found.length - i };
  }
  return null;
}

function leadLength(tokens: readonly Token[], i: number): number {
  if (tokens[i]?.text !== 'as') return 0;
  const words = tokens
    .slice(i + 1, i + 5)
    .map((token) => token.text)
    .join(' ');
  const lead = [
    'of',
    'at',
    'on',
    'known on',
    'seen on',
    'reported on',
    'it was on',
    'we knew it on',
    'it stood on',
  ].find((phrase) => words === phrase || words.startsWith(`${phrase} `));
  return lead === undefined ? 0 : 1 + lead.split(' ').length;
}

/** The instant up to which knowledge counts, and its name; null when that is now. */
export function asOfInstant(day: Day, at: Standpoint): { instant: string; label: string } | null {
  if (day >= at.today) return null;
  return {
    instant: instantOf(offset(day, 'day', 1), at.settings.timeZone).toISOString(),
    label: dayLabel(day),
  };
}
