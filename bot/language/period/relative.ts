import { floor, offset, type Standpoint, type YearKind } from '../../../kpi/calendar.ts';
import type { Day, Grain } from '../../../kpi/question.ts';
import type { Token } from '../tokens.ts';
import { type Atom, type Found, longestOf, PeriodProblem, pinned, skip } from './atom.ts';
import {
  countWords,
  fiscalWords,
  lastWords,
  rollingWords,
  thisWords,
  unitWords,
  wholeWords,
} from './words.ts';

/**
 * Stretches counted from today. "Last N days" end yesterday; "last N weeks, months, quarters, years" are N complete
 * ones; "last X" is the previous complete one; "this X" runs to date; rolling and trailing mean the same as last N.
 */
export function readRelative(tokens: readonly Token[], i: number, at: Standpoint): Found | null {
  return longestOf(
    [abbreviated, last, running, toDate, ago, beforeLast, sameLastYear, future],
    tokens,
    i,
    at,
  );
}

export type Unit = { unit: Grain; each: number; kind: YearKind; count: number | null; length: number };

/** [12] [fiscal] months, with words between that change nothing; "30d". */
export function readUnit(tokens: readonly Token[], i: number): Unit | null {
  let j = i;
  while (wholeWords.has(tokens[j]?.text ?? '')) j += 1;
  const glued = /^(\d{1,4})([a-z]+)$/.exec(tokens[j]?.text ?? '');
  const gluedUnit = unitWords.get(glued?.[2] ?? '');
  if (glued && gluedUnit)
    return { ...gluedUnit, kind: 'calendar', count: Number(glued[1]), length: j - i + 1 };
  const couple = tokens[skip(tokens, j, 'a')]?.text === 'couple';
  const spoken = couple ? null : compoundCount(tokens, j);
  const count = couple ? 2 : (spoken?.count ?? countOf(tokens[j]?.text));
  if (spoken) j += spoken.length - 1;
  if (couple) j = skip(tokens, skip(tokens, j, 'a') + 1, 'of');
  else if (count !== null) j = skip(tokens, j + 1, '-');
  let fiscal = false;
  for (; wholeWords.has(tokens[j]?.text ?? '') || fiscalWords.has(tokens[j]?.text ?? ''); j += 1) {
    fiscal ||= fiscalWords.has(tokens[j]!.text);
  }
  const text = tokens[j]?.text ?? '';
  const word = unitWords.get(text);
  // "half year", "half-year"
  if (text === 'half') j = tokens[skip(tokens, j + 1, '-')]?.text === 'year' ? skip(tokens, j + 1, '-') : j;
  // "last d" is nothing that anybody says; letters alone are units only behind a number.
  if (!word || (count === null && text.length === 1)) return null;
  return {
    unit: word.unit,
    each: word.each,
    kind: fiscal || word.fiscal ? 'fiscal' : 'calendar',
    count,
    length: j - i + 1,
  };
}

/** twenty-four, thirty six */
function compoundCount(tokens: readonly Token[], i: number): { count: number; length: number } | null {
  const tens = countWords.get(tokens[i]?.text ?? '') ?? 0;
  const j = skip(tokens, i + 1, '-');
  const ones = countWords.get(tokens[j]?.text ?? '') ?? 0;
  const compound = tens >= 20 && tens <= 90 && tens % 10 === 0 && ones >= 1 && ones <= 9;
  return compound ? { count: tens + ones, length: j + 1 - i } : null;
}

/** The unit that holds today; halves are two quarters from January (or the fiscal year's start) or six months later. */
function currentStart({ unit, each, kind }: Unit, at: Standpoint): Day {
  if (unit !== 'quarter' || each !== 2) return floor(at.today, unit, at.settings, kind);
  const year = floor(at.today, 'year', at.settings, kind);
  const second = offset(year, 'quarter', 2, at.settings, kind);
  return second <= at.today ? second : year;
}

/** So many units from the one that holds today. */
function moved(found: Unit, n: number, at: Standpoint): Day {
  return offset(currentStart(found, at), found.unit, n, at.settings, found.kind);
}

function lastUnits(found: Unit, count: number, at: Standpoint): Atom {
  const n = count * found.each;
  return pinned(moved(found, -n, at), found.unit, n, found.kind);
}

/** last quarter, past 90 days, previous 4 weeks, trailing twelve months, rolling year */
function last(tokens: readonly Token[], i: number, at: Standpoint): Found | null {
  // "this past quarter"
  const start = tokens[i]?.text === 'this' && lastWords.has(tokens[i + 1]?.text ?? '') ? i + 1 : i;
  const first = tokens[start]?.text ?? '';
  const rolling = rollingWords.has(first);
  const latest = first === 'latest' || first === 'most';
  if (!rolling && !latest && !lastWords.has(first)) return null;
  const j = first === 'most' ? skip(tokens, start + 1, 'recent') : start + 1;
  const found = readUnit(tokens, j);
  if (!found) return null;
  const length = j - i + found.length;
  if (found.count !== null && (found.count < 1 || found.count > 1000)) {
    throw new PeriodProblem(`${found.count} is not a number of ${found.unit}s that Herald can look back.`, [
      'last 12 months',
      'last 30 days',
    ]);
  }
  // A rolling year is twelve months up to the last complete one, not the previous calendar year.
  if (rolling && found.count === null) {
    const months = { year: 12, quarter: 3 * found.each, month: 1, week: 0, day: 0 }[found.unit];
    if (months === 0) return null;
    return { atom: lastUnits({ ...found, unit: 'month', each: 1, kind: 'calendar' }, months, at), length };
  }
  return { atom: lastUnits(found, found.count ?? 1, at), length };
}

/** this month, current fiscal quarter, this year so far, today so far */
function running(tokens: readonly Token[], i: number, at: Standpoint): Found | null {
  if (!thisWords.has(tokens[i]?.text ?? '')) return null;
  const found = readUnit(tokens, i + 1);
  if (!found || found.count !== null) return null;
  return { atom: runningUnit(found, at), length: 1 + found.length };
}

/** month to date, fiscal year so far */
function toDate(tokens: readonly Token[], i: number, at: Standpoint): Found | null {
  const found = readUnit(tokens, i);
  if (!found || found.count !== null) return null;
  const j = i + found.length;
  const words = `${tokens[j]?.text} ${tokens[j + 1]?.text} ${tokens[j + 2]?.text}`;
  const hyphens = words.startsWith('- to -') && tokens[j + 3]?.text === 'date' ? 4 : null;
  const length = hyphens ?? (words.startsWith('to date') || words.startsWith('so far') ? 2 : null);
  return length === null ? null : { atom: runningUnit(found, at), length: found.length + length };
}

export function runningUnit(found: Unit, at: Standpoint): Atom {
  return pinned(currentStart(found, at), found.unit, found.each, found.kind);
}

/** "YTD" and its like, which "last year" behind them moves as they are: up to the same date. */
export const toDates: ReadonlyMap<string, [Grain, YearKind]> = new Map([
  ['ytd', ['year', 'calendar']],
  ['qtd', ['quarter', 'calendar']],
  ['mtd', ['month', 'calendar']],
  ['wtd', ['week', 'calendar']],
  ['fytd', ['year', 'fiscal']],
  ['fqtd', ['quarter', 'fiscal']],
]);

/** YTD, FYTD, fiscal YTD, TTM, LTM, T12M, L30D */
function abbreviated(tokens: readonly Token[], i: number, at: Standpoint): Found | null {
  const text = tokens[i]?.text ?? '';
  const fiscal = fiscalWords.has(text) || text === 'fy';
  const [unit, kind] = toDates.get(fiscal ? (tokens[i + 1]?.text ?? '') : text) ?? [];
  if (unit && kind) {
    return {
      atom: pinned(
        floor(at.today, unit, at.settings, fiscal ? 'fiscal' : kind),
        unit,
        1,
        fiscal ? 'fiscal' : kind,
      ),
      length: fiscal ? 2 : 1,
    };
  }
  const year = { unit: 'month', each: 1, kind: 'calendar', count: 12, length: 1 } as const;
  if (text === 'ttm' || text === 'ltm') return { atom: lastUnits(year, 12, at), length: 1 };
  const match = /^[ltr](\d{1,3})([dwmqy])$/.exec(text);
  const word = unitWords.get(match?.[2] ?? '');
  if (!match || !word || match[1] === '0') return null;
  return { atom: lastUnits({ ...year, ...word }, Number(match[1]), at), length: 1 };
}

/** 3 days ago, a month ago, two quarters ago: the one whole unit then */
function ago(tokens: readonly Token[], i: number, at: Standpoint): Found | null {
  const j = skip(tokens, i, 'a', 'an');
  const found = readUnit(tokens, j);
  const end = j + (found?.length ?? 0);
  if (!found || !['ago', 'back'].includes(tokens[end]?.text ?? '') || (found.count === null && j === i))
    return null;
  const n = (found.count ?? 1) * found.each;
  if (tokens[end + 1]?.text === 'today')
    return { atom: pinned(offset(at.today, found.unit, -n), 'day'), length: end + 2 - i };
  return {
    atom: pinned(moved(found, -n, at), found.unit, found.each, found.kind),
    length: end + 1 - i,
  };
}

/** the quarter before last */
function beforeLast(tokens: readonly Token[], i: number, at: Standpoint): Found | null {
  const found = readUnit(tokens, i);
  const j = i + (found?.length ?? 0);
  if (!found || found.count !== null || tokens[j]?.text !== 'before' || tokens[j + 1]?.text !== 'last')
    return null;
  const start = moved(found, -2 * found.each, at);
  return { atom: pinned(start, found.unit, found.each, found.kind), length: found.length + 2 };
}

/** same quarter last year, this month a year ago: the whole unit, a year before the running one */
function sameLastYear(tokens: readonly Token[], i: number, at: Standpoint): Found | null {
  const first = tokens[i]?.text ?? '';
  if (first !== 'same' && !thisWords.has(first)) return null;
  const found = readUnit(tokens, i + 1);
  if (!found || found.count !== null || found.unit === 'year') return null;
  const length = lastYearWords(tokens, skip(tokens, i + 1 + found.length, 'of', 'in'));
  if (length === null) return null;
  const now = currentStart(found, at);
  const start =
    found.unit === 'week'
      ? offset(now, 'week', -52 * found.each)
      : offset(now, 'year', -1, at.settings, found.kind);
  const skipped = skip(tokens, i + 1 + found.length, 'of', 'in');
  return { atom: pinned(start, found.unit, found.each, found.kind), length: skipped + length - i };
}

/** Length of "last year", "a year ago", "the previous year" at `i`, if it stands there. */
export function lastYearWords(tokens: readonly Token[], i: number): number | null {
  const j = skip(tokens, i, 'the', 'a', 'one');
  const a = tokens[j]?.text ?? '';
  const b = tokens[j + 1]?.text ?? '';
  if (lastWords.has(a) && b === 'year') return j - i + 2;
  if (lastWords.has(a) && fiscalWords.has(b) && tokens[j + 2]?.text === 'year') return j - i + 3;
  if (a === 'year' && ['ago', 'earlier', 'before', 'prior'].includes(b)) return j - i + 2;
  return a === 'ly' || a === 'py' ? j - i + 1 : null;
}

function future(tokens: readonly Token[], i: number): Found | null {
  const text = tokens[i]?.text ?? '';
  const found = text === 'next' ? readUnit(tokens, i + 1) : null;
  if (text !== 'tomorrow' && !found) return null;
  throw new PeriodProblem('That lies in the future. Herald tells what has happened.', [
    'this quarter',
    'this month',
  ]);
}

export function countOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  return /^\d{1,4}$/.test(text) ? Number(text) : (countWords.get(text) ?? null);
}
