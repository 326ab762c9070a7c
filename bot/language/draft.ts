import type { Standpoint } from '../../kpi/calendar.ts';
import type { KpiDefinition } from '../../kpi/definition.ts';
import type { Dimension, Period } from '../../kpi/question.ts';
import { readAim, readPush } from './aim.ts';
import { readBreakdown, readTop, type TopFound } from './breakdown.ts';
import { type Compared, readComparison } from './comparison.ts';
import { readFilter } from './filter.ts';
import { readIdle } from './idle.ts';
import { type Lexicon, type NamedValue, type ValueIndex, writtenNames } from './lexicon.ts';
import { longestName } from './longest-name.ts';
import { Misread } from './misread.ts';
import { PeriodProblem } from './period/atom.ts';
import { readPeriod } from './period/range.ts';
import { unitWords } from './period/words.ts';
import type { Token } from './tokens.ts';
import { dimensionOf } from './vocabulary.ts';

/** What the words say, piece by piece, before the pieces have to agree. */
export type Draft = {
  kpis: { candidates: readonly KpiDefinition[]; at: number; length: number }[];
  periods: { period: Period; at: number; length: number }[];
  compared: Compared[];
  by: Dimension[];
  tops: TopFound[];
  filters: NamedValue[];
  /** Token numbers right behind a filter. */
  filterEnds: number[];
  /** Token numbers that no rule could read. */
  unread: number[];
  /** Token numbers of words that carry no condition. */
  idle: number[];
  /** "by month": the word asked for, which is a unit of time. */
  byTime: string | null;
  /** "vs target", "on track". */
  aim: boolean;
};

export type Words = { lexicon: Lexicon; values: ValueIndex; valuesComplete: boolean };

const rhythmWords: ReadonlySet<string> = new Set([
  'daily',
  'weekly',
  'monthly',
  'quarterly',
  'yearly',
  'annually',
]);

/**
 * One pass from left to right; at each word the longest rule wins, so the pieces may stand in any order. A word that
 * no rule reads is kept as unread: nothing is dropped in silence.
 */
export function draft(tokens: readonly Token[], at: Standpoint, words: Words): Draft {
  const result: Draft = {
    kpis: [],
    periods: [],
    compared: [],
    by: [],
    tops: [],
    filters: [],
    filterEnds: [],
    idle: [],
    unread: [],
    byTime: null,
    aim: false,
  };
  const state = { comparing: false };
  for (let i = 0; i < tokens.length; ) i += readOne(tokens, i, at, words, result, state);
  return result;
}

/** Read the piece at token `i` into the draft; returns how many tokens it took. */
function readOne(
  tokens: readonly Token[],
  i: number,
  at: Standpoint,
  { lexicon, values, valuesComplete }: Words,
  result: Draft,
  state: { comparing: boolean },
): number {
  const { text } = tokens[i]!;
  if (text === 'compare' || text === 'comparing' || text === 'comparison') {
    // "compare to last year" is a comparator, "compare bookings …" announces one.
    const direct = readComparison(tokens, i, at, false);
    if (direct) return take(result.compared, direct.compared, direct.length);
    state.comparing = true;
    return 1;
  }
  const kpi = kpiAt(tokens, i, lexicon);
  const aim = readAim(tokens, i);
  const own = kpi?.length ?? 0;
  // "Attainment" is a KPI of its own, unless the question is about another.
  if (aim > own || (aim > 0 && aim === own && namesOther(tokens, i, own, lexicon))) {
    result.aim = true;
    return aim;
  }
  const push = readPush(tokens, i);
  if (push > (kpi?.length ?? 0)) return push;
  const compared = readComparison(
    tokens,
    i,
    at,
    state.comparing && result.periods.length + result.kpis.length > 0,
  );
  if (compared) return take(result.compared, compared.compared, compared.length);

  const filter = readFilter(tokens, i, values, valuesComplete);
  const period = periodAt(tokens, i, { ...at, comparing: state.comparing }, kpi !== null || filter !== null);
  const [k, f, p] = [kpi?.length ?? 0, filter?.length ?? 0, period?.length ?? 0];
  if (kpi && k >= f && k >= p && !(k === f && isValue(tokens, i, kpi, lexicon)))
    return take(result.kpis, { candidates: kpi.found, at: i, length: k }, k);
  if (period && p >= f) return take(result.periods, { period: period.period, at: i, length: p }, p);
  if (filter) {
    refuseEither(tokens, i, filter, result);
    result.filterEnds.push(i + f);
    return take(result.filters, { dimension: filter.dimension, value: filter.value }, f);
  }

  const top = readTop(tokens, i);
  if (top) return take(result.tops, top, top.length);
  const breakdown = readBreakdown(tokens, i);
  if (breakdown?.by) return take(result.by, breakdown.by, breakdown.length);
  if (breakdown) return readByOther(tokens, i, breakdown.length, lexicon, result);
  const dimension = longestName(tokens, i, dimensionOf, 3);
  if (dimension) return take(result.by, dimension.found, dimension.length);
  if (rhythmWords.has(text)) result.byTime = text;
  const idle = rhythmWords.has(text) ? 1 : readIdle(tokens, i);
  for (let j = i; j < i + idle; j += 1) result.idle.push(j);
  if (idle === 0) result.unread.push(i);
  return Math.max(1, idle);
}

/** "First response for chat": a value, when another KPI is the subject and this one is only nearly called so ("chats"). */
function isValue(tokens: readonly Token[], i: number, kpi: Named, lexicon: Lexicon): boolean {
  const key = tokens
    .slice(i, i + kpi.length)
    .map(({ text }) => text)
    .join(' ');
  const written = kpi.found.some((one) => writtenNames(one).includes(key));
  return !written && namesOther(tokens, i, kpi.length, lexicon);
}

/** "Enterprise or EMEA" would need both sets together; filters of two dimensions narrow each other. */
function refuseEither(
  tokens: readonly Token[],
  i: number,
  next: NamedValue,
  { filters, filterEnds }: Draft,
): void {
  const [last, end] = [filters.at(-1), filterEnds.at(-1)];
  if (!last || end === undefined || last.dimension === next.dimension) return;
  if (!tokens.slice(end, i).some(({ text }) => text === 'or')) return;
  const words = tokens.map(({ text }) => text);
  const joined = words.filter((word, j) => j < end || j >= i || word !== 'or');
  throw new Misread(
    `Herald narrows to ${last.value} and ${next.value} at once; it cannot take one or the other.`,
    [joined.join(' '), [...words.slice(0, end), ...words.slice(i + 1)].join(' ')],
  );
}

/** A comma parts two KPIs ("revenue, churn") where the first is one by itself, though both together name a third. */
function kpiAt(tokens: readonly Token[], i: number, { kpis, kpiWords }: Lexicon): Named | null {
  const found = longestName(tokens, i, kpis, kpiWords);
  const comma = tokens.findIndex(({ text }, j) => j > i && text === ',');
  if (!found || comma < 0 || comma >= i + found.length) return found;
  return longestName(tokens.slice(0, comma), i, kpis, kpiWords) ?? found;
}

type Named = { found: readonly KpiDefinition[]; length: number };

/** Does the question name a KPI outside of the `length` tokens at `i`? */
function namesOther(
  tokens: readonly Token[],
  i: number,
  length: number,
  { kpis, kpiWords }: Lexicon,
): boolean {
  return tokens.some((_, j) => (j < i || j >= i + length) && longestName(tokens, j, kpis, kpiWords) !== null);
}

/** A vague word that begins a KPI's or a value's name is no period: "lifetime value", "late payments". */
function periodAt(
  tokens: readonly Token[],
  i: number,
  at: Parameters<typeof readPeriod>[2],
  named: boolean,
): ReturnType<typeof readPeriod> {
  try {
    return readPeriod(tokens, i, at);
  } catch (thrown) {
    if (named && thrown instanceof PeriodProblem) return null;
    throw thrown;
  }
}

/** "top 5 reps by bookings" goes on with the KPI; "by month" is answered by the chart; anything else is unread. */
function readByOther(
  tokens: readonly Token[],
  i: number,
  length: number,
  lexicon: Lexicon,
  result: Draft,
): number {
  const next = tokens[i + length]?.text ?? '';
  if (longestName(tokens, i + length, lexicon.kpis, lexicon.kpiWords) || readTop(tokens, i + length))
    return length;
  if (unitWords.has(next)) {
    result.byTime = next;
    return length + 1;
  }
  result.unread.push(i + (tokens[i + length] ? length : 0));
  return length + (tokens[i + length] ? 1 : 0);
}

function take<T>(list: T[], item: T, length: number): number {
  list.push(item);
  return length;
}
