import {
  addDays,
  fiscalYear,
  fiscalYearStart,
  offset,
  type Standpoint,
  weekOf,
  weekStartOf,
} from '../../../kpi/calendar.ts';
import type { Day } from '../../../kpi/question.ts';
import type { Token } from '../tokens.ts';
import { type Atom, endOf, type Found, longestOf, PeriodProblem, pinned, skip, yearly } from './atom.ts';
import { dayOrYear } from './day-or-year.ts';
import { countWords, fiscalWords, lastWords, monthNumbers, ordinalWords, thisWords } from './words.ts';
import { figure, fiscalFigure, readYear, twoDigits, type YearRef } from './year.ts';

/** A stretch with a name of its own: months, quarters, halves, years, fiscal years, numbered weeks. */
export function readNamed(tokens: readonly Token[], i: number, at: Standpoint): Found | null {
  return longestOf([joined, month, part, yearFirst, wholeYear, week, lastNamed], tokens, i, at);
}

/** Part of a year: month 1–12, quarter 1–4, half 1–2. */
type Part = { unit: 'month' | 'quarter'; count: 1 | 2; index: number; fiscal: boolean; length: number };

/** Written as one word: 2025-10, 2025-q3, 2025q3, q3fy25, fy25q3, 3q25, 1h26, 2026-w45 */
function joined(tokens: readonly Token[], i: number, at: Standpoint): Found | null {
  const text = tokens[i]?.text ?? '';
  const one = (part: Omit<Part, 'length'>, year: string): Found => ({
    atom: placed({ ...part, length: 1 }, { year: twoDigits(year), fiscal: part.fiscal, length: 0 }, at),
    length: 1,
  });
  const swapped = /^(\d{1,2})[-/.](\d{4})$/.exec(text);
  const month = swapped ? ['', swapped[2], swapped[1]] : /^(\d{4})[-/](\d{1,2})$/.exec(text);
  if (month) {
    const index = Number(month[2]);
    if (index < 1 || index > 12)
      throw new PeriodProblem(`There is no month ${text}.`, ['last month', 'this month']);
    return one({ unit: 'month', count: 1, index, fiscal: false }, month[1]!);
  }
  const week = /^(\d{4})-?w(\d{1,2})$/.exec(text);
  if (week) return { atom: pinned(existingWeek(Number(week[1]), Number(week[2]), at), 'week'), length: 1 };
  const match =
    /^(?<fy>fy)?(?<year>(20)?\d\d)-?(?<letter>[qh])(?<n>[1-4])$/.exec(text) ??
    /^(?<letter>[qh])(?<n>[1-4])(?<fy>fy)?(?<year>(20)?\d\d)$/.exec(text) ??
    /^(?<n>[1-4])(?<letter>[qh])(?<fy>fy)?(?<year>(20)?\d\d)$/.exec(text);
  const groups = match?.groups;
  if (!groups || (groups.letter === 'h' && Number(groups.n) > 2)) return null;
  const half = groups.letter === 'h';
  return one(
    { unit: 'quarter', count: half ? 2 : 1, index: Number(groups.n), fiscal: groups.fy !== undefined },
    groups.year!,
  );
}

/** October, the month of October 2025, Oct '25, October last year */
function month(tokens: readonly Token[], i: number, at: Standpoint): Found | null {
  const start = tokens[i]?.text === 'month' && tokens[i + 1]?.text === 'of' ? i + 2 : i;
  const index = monthNumbers.get(tokens[start]?.text ?? '');
  if (index === undefined) return glued(tokens, i, at);
  return withYear(tokens, i, { unit: 'month', count: 1, index, fiscal: false, length: start - i + 1 }, at);
}

/** oct2025, october-2025; "oct25" may be a day or a year */
function glued(tokens: readonly Token[], i: number, at: Standpoint): Found | null {
  const match = /^([a-z]{3,9})(\d{2}|\d{4})$/.exec(tokens[i]?.text ?? '');
  const index = monthNumbers.get(match?.[1] ?? '');
  if (!match || index === undefined) return null;
  if (match[2]!.length === 2) throw dayOrYear(match[1]!, match[2]!);
  const part: Part = { unit: 'month', count: 1, index, fiscal: false, length: 1 };
  return { atom: placed(part, { year: Number(match[2]), fiscal: false, length: 0 }, at), length: 1 };
}

/** Q3, third quarter of 2025, H1 FY26, fiscal Q2, first half of last year */
function part(tokens: readonly Token[], i: number, at: Standpoint): Found | null {
  const found = readPart(tokens, i);
  const placed = found && withYear(tokens, i, found, at);
  // "P1" alone is a priority; with a fiscal year it is a month of the books.
  return found?.unit === 'month' && placed?.length === found.length && !fiscalWords.has(tokens[i]!.text)
    ? null
    : placed;
}

/** 2025 Q3, FY2025 Q2, last year's Q3, this year's October */
function yearFirst(tokens: readonly Token[], i: number, at: Standpoint): Found | null {
  const year = readYear(tokens, i, at);
  if (!year) return null;
  const j = skip(tokens, i + year.length, '-', ',', '/');
  const index = monthNumbers.get(tokens[j]?.text ?? '');
  const found: Part | null =
    index === undefined ? readPart(tokens, j) : { unit: 'month', count: 1, index, fiscal: false, length: 1 };
  if (!found || (year.fiscal !== found.fiscal && found.unit === 'month')) return null;
  return { atom: placed(found, year, at), length: j - i + found.length };
}

function wholeYear(tokens: readonly Token[], i: number, at: Standpoint): Found | null {
  const start = skip(tokens, skip(tokens, i, 'calendar'), 'year');
  const year = fiscalFigure(tokens, i, at) ?? figure(tokens, start);
  const decade = /^(?:(19|20)?(\d)0)s$/.exec(tokens[i]?.text ?? '');
  if (decade) {
    const century = decade[1] ?? (Number(decade[2]) <= 3 ? '20' : '19');
    return { atom: pinned(`${century}${decade[2]}0-01-01`, 'year', 10), length: 1 };
  }
  // "'25" alone could be anything.
  if (!year || tokens[i]!.text.startsWith("'")) return null;
  const length = year.fiscal ? year.length : start - i + year.length;
  const from = year.fiscal ? fiscalYearStart(year.year, at.settings) : `${year.year}-01-01`;
  return { atom: pinned(from, 'year', 1, year.fiscal ? 'fiscal' : 'calendar'), length };
}

/** week 45, week 45 of 2025, cw45, w45 2026 */
function week(tokens: readonly Token[], i: number, at: Standpoint): Found | null {
  const lead = skip(tokens, i, 'calendar', 'iso');
  if (lead > i) {
    const found = week(tokens, lead, at);
    return found && { atom: found.atom, length: found.length + lead - i };
  }
  const text = tokens[i]?.text ?? '';
  const glued = /^(?:w|cw|kw|wk)(\d{1,2})$/.exec(text);
  const number = glued?.[1] ?? (['week', 'wk', 'cw', 'kw'].includes(text) ? tokens[i + 1]?.text : undefined);
  if (number === undefined || !/^\d{1,2}$/.test(number)) return null;
  const n = Number(number);
  const j = skip(tokens, i + (glued ? 1 : 2), 'of', ',', 'in');
  const year = readYear(tokens, j, at);
  if (year && !year.fiscal) {
    return { atom: pinned(existingWeek(year.year, n, at), 'week'), length: j + year.length - i };
  }
  if (n < 1 || n > 53) throw noSuchWeek(number);
  return { atom: yearly((y) => weekIn(y, n, at), 'week'), length: glued ? 1 : 2 };
}

/** last October (the latest complete one), this October, last Q3 */
function lastNamed(tokens: readonly Token[], i: number, at: Standpoint): Found | null {
  const first = tokens[i]?.text ?? '';
  const before = lastWords.has(first);
  if (!before && !thisWords.has(first)) return null;
  const index = monthNumbers.get(tokens[i + 1]?.text ?? '');
  const found: Part | null =
    index === undefined
      ? readPart(tokens, i + 1)
      : { unit: 'month', count: 1, index, fiscal: false, length: 1 };
  if (!found) return null;
  const length = 1 + found.length;
  if (!before) {
    const year = found.fiscal ? fiscalYear(at.today, at.settings) : Number(at.today.slice(0, 4));
    return { atom: placed(found, { year, fiscal: found.fiscal, length: 0 }, at), length };
  }
  const atom = placed(found, null, at);
  const latest = atom.start(at.today, 'last');
  const ended = endOf(atom, latest, at) <= at.today;
  const start = ended ? latest : atom.start(addDays(latest, -1), 'last');
  return { atom: pinned(start, found.unit, found.count, atom.kind), length };
}

function readPart(tokens: readonly Token[], i: number): Part | null {
  const first = tokens[i]?.text ?? '';
  const fiscal = fiscalWords.has(first);
  const j = fiscal ? i + 1 : i;
  const text = tokens[j]?.text ?? '';
  const short =
    /^(f)?([qh])([1-4])$/.exec(text) ?? /^()([qh])([1-4])$/.exec(text.replace(/^([1-4])([qh])$/, '$2$1'));
  if (short && !(short[2] === 'h' && Number(short[3]) > 2)) {
    const half = short[2] === 'h';
    return {
      unit: 'quarter',
      count: half ? 2 : 1,
      index: Number(short[3]),
      fiscal: fiscal || short[1] === 'f',
      length: j - i + 1,
    };
  }
  const period = /^p(1[0-2]|[1-9])$/.exec(text);
  if (period) return { unit: 'month', count: 1, index: Number(period[1]), fiscal: true, length: j - i + 1 };
  const ordinal = ordinalWords.get(text);
  const k = skip(tokens, j + 1, 'fiscal', 'financial');
  const unit = tokens[k]?.text ?? '';
  const quarter = ['quarter', 'qtr'].includes(unit);
  if (ordinal !== undefined && (quarter || (unit === 'half' && ordinal <= 2))) {
    // "first half-year" is the half.
    const dash = skip(tokens, k + 1, '-');
    const end = !quarter && tokens[dash]?.text === 'year' ? dash + 1 : k + 1;
    return {
      unit: 'quarter',
      count: quarter ? 1 : 2,
      index: ordinal,
      fiscal: fiscal || k > j + 1,
      length: end - i,
    };
  }
  const number = numberOf(tokens[j + 1]?.text ?? '');
  if (['quarter', 'qtr', 'q'].includes(text) && number !== null && number >= 1 && number <= 4) {
    return { unit: 'quarter', count: 1, index: number, fiscal, length: j - i + 2 };
  }
  return null;
}

const numberOf = (text: string) => (/^[1-4]$/.test(text) ? Number(text) : (countWords.get(text) ?? null));

function withYear(tokens: readonly Token[], i: number, found: Part, at: Standpoint): Found {
  const j = skip(tokens, skip(tokens, i + found.length, 'of', 'in', ',', '-', '/'), 'the');
  const year =
    readYear(tokens, j, at) ?? shortYear(tokens, i + found.length, found) ?? thisYear(tokens, j, at);
  if (!year || (year.fiscal !== found.fiscal && found.unit === 'month'))
    return { atom: placed(found, null, at), length: found.length };
  return { atom: placed(found, year, at), length: j + year.length - i };
}

/** Q3-25, Q3/25. "Oct-24" may be a day or a year: ask. */
function shortYear(tokens: readonly Token[], i: number, { unit }: Part): YearRef | null {
  const digits = tokens[i + 1]?.text ?? '';
  if (!['-', '/'].includes(tokens[i]?.text ?? '') || !/^\d\d$/.test(digits) || tokens[i + 2]?.text === '-')
    return null;
  if (unit === 'quarter') return { year: twoDigits(digits), fiscal: false, length: 1 };
  if (monthNumbers.has(tokens[i + 2]?.text ?? '')) return null;
  throw dayOrYear(tokens[i - 1]!.text, digits);
}

/** "of the year", "of the fiscal year": the one that runs. */
function thisYear(tokens: readonly Token[], j: number, at: Standpoint): YearRef | null {
  if (tokens[j - 1]?.text !== 'the') return null;
  const fiscal = fiscalWords.has(tokens[j]?.text ?? '');
  const k = fiscal ? j + 1 : j;
  if (tokens[k]?.text !== 'year') return null;
  const year = fiscal ? fiscalYear(at.today, at.settings) : Number(at.today.slice(0, 4));
  return { year, fiscal, length: k - j + 1 };
}

function placed(found: Part, year: YearRef | null, at: Standpoint): Atom {
  const fiscal = found.fiscal || (year?.fiscal ?? false);
  const kind = fiscal ? 'fiscal' : 'calendar';
  const size = found.unit === 'month' ? 1 : 3 * found.count;
  const inYear = (y: number) =>
    offset(
      fiscal ? fiscalYearStart(y, at.settings) : `${y}-01-01`,
      'month',
      size * (found.index - 1),
      at.settings,
      kind,
    );
  if (year) return pinned(inYear(year.year), found.unit, found.count, kind);
  return yearly(inYear, found.unit, found.count, kind);
}

/** Only some years have a week 53. */
function weekIn(year: number, week: number, at: Standpoint): Day | null {
  const start = weekStartOf(year, week, at.settings);
  return weekOf(start, at.settings).week === week ? start : null;
}

function existingWeek(year: number, week: number, at: Standpoint): Day {
  const start = weekIn(year, week, at);
  if (start === null) throw noSuchWeek(`${week} in ${year}`);
  return start;
}

function noSuchWeek(which: string): PeriodProblem {
  return new PeriodProblem(`There is no week ${which}.`, ['last week', 'this week']);
}
