import {
  addDays,
  currentPeriod,
  daysBetween,
  lastPeriod,
  lastYear,
  offset,
  periodLabel,
  previousPeriod,
  type Standpoint,
} from '../../kpi/calendar.ts';
import type { Comparison, Grain, Period } from '../../kpi/question.ts';
import { longestName } from './longest-name.ts';
import { PeriodProblem, skip } from './period/atom.ts';
import { readPeriod } from './period/range.ts';
import { countOf, lastYearWords } from './period/relative.ts';
import { lastWords, unitWords } from './period/words.ts';
import type { Token } from './tokens.ts';
import { comparators } from './vocabulary.ts';

/** What stands behind "vs", before the main period is known. */
export type Compared =
  | { kind: 'none' }
  | { kind: 'last_year' }
  /** "vs same day last week": the same days a week before. */
  | { kind: 'week_before' }
  /** "vs last": a year's last is last year's, any other's is the one before. */
  | { kind: 'previous'; unit: Grain | null; strict: boolean }
  /** `back`: said as "the prior 30 days", which is the one before the main period if that is the last 30 days. */
  | { kind: 'period'; period: Period; back: boolean };

export type ComparedFound = { compared: Compared; length: number };

const comparatorNames: ReadonlyMap<string, true> = new Map(comparators.map((words) => [words, true]));
const overWords: ReadonlyMap<string, Compared> = new Map<string, Compared>([
  ['yoy', { kind: 'last_year' }],
  ['qoq', { kind: 'previous', unit: 'quarter', strict: true }],
  ['mom', { kind: 'previous', unit: 'month', strict: true }],
  ['wow', { kind: 'previous', unit: 'week', strict: true }],
]);

const sameDays = [
  'same day last week',
  'same weekday last week',
  'same day a week ago',
  'same day a week earlier',
];

/** "vs last year", "compared with Q2", "year over year", and in a question with "compare" also "with", "to", "and". */
export function readComparison(
  tokens: readonly Token[],
  i: number,
  at: Standpoint,
  comparing: boolean,
): ComparedFound | null {
  const over = overWord(tokens, i);
  if (over) return over;
  const without = ['no', 'without'].includes(tokens[i]?.text ?? '') && tokens[i + 1]?.text === 'comparison';
  if (without) return { compared: { kind: 'none' }, length: 2 };
  const named = longestName(tokens, i, comparatorNames, 3);
  const loose = comparing && ['with', 'to', 'and', 'over', '-', ','].includes(tokens[i]?.text ?? '') ? 1 : 0;
  const lead = named?.length ?? loose;
  if (lead === 0) return null;
  const phrase = readPhrase(tokens, i + lead, at);
  return phrase && { compared: phrase.compared, length: lead + phrase.length };
}

/** yoy, y/y, month over month, quarter on quarter */
function overWord(tokens: readonly Token[], i: number): ComparedFound | null {
  const text = tokens[i]?.text ?? '';
  const short = overWords.get(text);
  if (short) return { compared: short, length: 1 };
  const unit = unitWords.get(text)?.unit;
  let j = skip(tokens, i + 1, '-');
  if (unit === undefined || !['over', 'on', '/'].includes(tokens[j]?.text ?? '')) return null;
  j = skip(tokens, j + 1, '-');
  if (unitWords.get(tokens[j]?.text ?? '')?.unit !== unit) return null;
  const compared: Compared =
    unit === 'year' ? { kind: 'last_year' } : { kind: 'previous', unit, strict: true };
  return { compared, length: j + 1 - i };
}

function readPhrase(tokens: readonly Token[], i: number, at: Standpoint): ComparedFound | null {
  const j = skip(tokens, i, 'the');
  const word = (n: number) => tokens[j + n]?.text ?? '';
  const found = (compared: Compared, words: number): ComparedFound => ({ compared, length: j - i + words });
  if (['none', 'nothing'].includes(word(0))) return found({ kind: 'none' }, 1);
  if (word(0) === 'same' || (word(0) === 'this' && word(1) === 'time')) {
    const k = skip(tokens, j + (countOf(word(1)) === null ? 2 : 3), 'of', 'in');
    const length = lastYearWords(tokens, k);
    if (length !== null) return found({ kind: 'last_year' }, k + length - j);
  }
  const within = sameSpan(tokens, j);
  if (within) return found(within.compared, within.length);
  const sameDay = sameDays.find((words) => startsWith(tokens, j, words));
  if (sameDay) return found({ kind: 'week_before' }, sameDay.split(' ').length);
  const year = lastYearWords(tokens, i);
  const period = readPeriod(tokens, i, at);
  if (year !== null && (period?.length ?? 0) <= year)
    return { compared: { kind: 'last_year' }, length: year };
  // "The previous quarter" means the one before the main period, not the one before today.
  const relative = lastWords.has(word(0)) && word(0) !== 'last' && word(0) !== 'past';
  const unit = unitWords.get(relative ? word(1) : word(0))?.unit ?? null;
  const before = ['before', 'earlier', 'prior'].includes(word(1)) && word(2) !== 'last';
  const previous = (of: Grain | null): Compared => ({ kind: 'previous', unit: of, strict: false });
  if (relative && unit !== null) return found(previous(unit), 2);
  if (unit !== null && before) return found(previous(unit), 2);
  if (['period', 'one', 'time'].includes(word(0)) && before) return found(previous(null), 2);
  if (lastWords.has(word(0)) && ['period', 'one', 'time'].includes(word(1))) return found(previous(null), 2);
  if (period) {
    const back = lastWords.has(word(0)) && word(0) !== 'last';
    return { compared: { kind: 'period', period: period.period, back }, length: period.length };
  }
  if (lastWords.has(word(0)) || word(0) === 'before') return found(previous(null), 1);
  return null;
}

/** When only the comparison names a period: "bookings vs last quarter" asks about the quarter that is running. */
export function impliedPeriod(compared: Compared, at: Standpoint): Period | null {
  if (compared.kind === 'previous' && compared.unit !== null) return currentPeriod(compared.unit, at);
  if (compared.kind !== 'period' || compared.period.unit === 'day') return null;
  const { period } = compared;
  const current = currentPeriod(period.unit, at, period.kind);
  return period.count === 1 && period.to === current.from ? current : null;
}

/**
 * The comparison that fits the main period. A running period is compared with the equal elapsed part of the one
 * named: "this month vs last month" is 1–22 November against 1–22 October.
 */
export function resolveComparison(
  compared: Compared | null,
  main: Period,
  at: Standpoint,
): Comparison | null {
  const previous: Comparison = { kind: 'previous', period: previousPeriod(main, at.settings) };
  const yearBefore: Comparison = { kind: 'last_year', period: lastYear(main, at.settings) };
  if (compared === null) return previous;
  switch (compared.kind) {
    case 'none':
      return null;
    case 'last_year':
      return yearBefore;
    case 'week_before':
      return { kind: 'custom', period: weekBefore(main, at) };
    case 'previous':
      if (main.unit === 'year' && main.count === 1) return yearBefore;
      if (compared.unit === null || (compared.unit === main.unit && main.count === 1)) return previous;
      if (compared.strict) {
        throw new PeriodProblem(`That compares ${compared.unit}s, but the period is ${main.label}.`, [
          `last ${compared.unit}`,
        ]);
      }
      return named(lastPeriod(compared.unit, 1, at, main.kind), main, previous, yearBefore, at);
    case 'period':
      if (compared.back && compared.period.from === main.from && compared.period.to === main.to)
        return previous;
      return named(compared.period, main, previous, yearBefore, at);
    default:
      return compared satisfies never;
  }
}

function named(
  period: Period,
  main: Period,
  previous: Comparison,
  yearBefore: Comparison,
  { settings }: Standpoint,
): Comparison {
  if (period.from === main.from && period.to === main.to) {
    throw new PeriodProblem(`${main.label} cannot be compared with itself.`, [
      'last quarter vs last year',
      'this month vs last month',
    ]);
  }
  const end = offset(main.from, main.unit, main.count, settings, main.kind);
  const yearBack = (day: string) => offset(day, 'year', -1, settings, main.kind);
  const is = (from: string, to: string) => period.from === from && period.to === to;
  if (is(yearBack(main.from), yearBack(end))) return yearBefore;
  if (is(yearBefore.period.from, yearBefore.period.to)) return yearBefore;
  if (is(offset(main.from, main.unit, -main.count, settings, main.kind), main.from)) return previous;
  return { kind: 'custom', period };
}

function weekBefore(main: Period, { settings }: Standpoint): Period {
  const [from, to] = [addDays(main.from, -7), addDays(main.to, -7)];
  const span = { from, to, unit: 'day', count: daysBetween(from, to), complete: true } as const;
  return { ...span, label: periodLabel(span, settings) };
}

/** "Same period last month": the equal elapsed part of the unit before. */
function sameSpan(tokens: readonly Token[], j: number): ComparedFound | null {
  if (tokens[j]?.text !== 'same' || !['period', 'time', 'point', 'days'].includes(tokens[j + 1]?.text ?? ''))
    return null;
  const k = skip(tokens, skip(tokens, j + 2, 'in', 'of'), 'the');
  const unit = unitWords.get(tokens[k + 1]?.text ?? '')?.unit;
  if (!lastWords.has(tokens[k]?.text ?? '') || unit === undefined || unit === 'year') return null;
  return { compared: { kind: 'previous', unit, strict: true }, length: k + 2 - j };
}

function startsWith(tokens: readonly Token[], i: number, words: string): boolean {
  return words.split(' ').every((word, n) => tokens[i + n]?.text === word);
}
