import { periodLabel, type Standpoint } from '../../kpi/calendar.ts';
import type { KpiDefinition } from '../../kpi/definition.ts';
import type { Comparison, Dimension, Filter, Period, Question } from '../../kpi/question.ts';
import { wholeOf } from '../../kpi/target/whole.ts';
import { impliedPeriod, resolveComparison } from './comparison.ts';
import { defaultPeriod } from './default-period.ts';
import type { Draft } from './draft.ts';
import { dimensionList, fitting, mergeFilters } from './filter.ts';
import { Misread } from './misread.ts';
import type { Token } from './tokens.ts';
import { dimensionWords } from './vocabulary.ts';

/** More parts than this is a table, not an answer. */
const mostParts = 50;

/** "The best reps" without a number. */
const usualParts = 5;

/** Most of a draft: exactly one KPI. Throws `Misread` when two are named or a name means two. */
export function agreeKpi(draft: Draft, tokens: readonly Token[]): KpiDefinition {
  const [first, ...others] = subjects(draft, tokens);
  if (!first) throw new Misread('Which KPI?', []);
  const words = tokens.map((token) => token.text);
  const without = (at: number, length: number) =>
    [...words.slice(0, at), ...words.slice(at + length)].join(' ');
  if (first.candidates.length > 1) {
    const titles = first.candidates.map((kpi) => kpi.title);
    const tries = first.candidates.map((kpi) =>
      [...words.slice(0, first.at), said(kpi), ...words.slice(first.at + first.length)].join(' '),
    );
    throw new Misread(`That name means more than one KPI: ${titles.join(', ')}. Which one?`, tries);
  }
  const kpi = first.candidates[0]!;
  const other = others.find(({ candidates }) => !candidates.includes(kpi));
  if (kpi.unit === 'money' && counted(tokens, first.at))
    throw new Misread(`${kpi.title} is an amount of money, not a number of records.`, [
      [said(kpi), ...words.slice(first.at + first.length)].join(' '),
    ]);
  if (other) {
    throw new Misread('That names two KPIs. Ask for one at a time.', [
      without(other.at, other.length),
      without(first.at, first.length),
    ]);
  }
  return kpi;
}

/**
 * "First response for urgent tickets" names one KPI: there, "tickets" says of what, which is what the KPI is of
 * anyway. That is sure of tickets alone, and of KPIs that can be split by priority, which nothing but a ticket has: "CSAT for
 * tickets" and "MRR of expansion" are conditions, and a dropped condition is a wrong number.
 */
function subjects(draft: Draft, tokens: readonly Token[]): Draft['kpis'] {
  if (draft.kpis.length < 2) return draft.kpis;
  const ofTickets = (named: Draft['kpis'][number]) =>
    named.candidates.some(({ name, dimensions }) => name !== allTickets && dimensions.includes('priority'));
  const linked = (at: number) =>
    ['for', 'on', 'of', 'in', 'all', 'our'].includes(tokens[at - 1]?.text ?? '') ||
    draft.filterEnds.includes(at);
  const kept = draft.kpis.filter(
    ({ candidates: [kpi], at, length }) =>
      !(kpi?.name === allTickets && length === 1 && linked(at) && draft.kpis.some(ofTickets)),
  );
  return kept.length > 0 ? kept : draft.kpis;
}

const allTickets = 'tickets_created';

/** "How many", "number of", "count of" right before the name. */
function counted(tokens: readonly Token[], at: number): boolean {
  const before = tokens
    .slice(Math.max(0, at - 3), at)
    .map(({ text }) => text)
    .join(' ');
  return /(?:how many|(?:number|count) of)(?: the| our)?$/.test(before);
}

export function agreePeriods(
  draft: Draft,
  kpi: KpiDefinition,
  tokens: readonly Token[],
  at: Standpoint,
): { period: Period; comparison: Comparison | null } {
  if (draft.compared.length > 1)
    throw new Misread('That names two comparisons. Ask for one at a time.', [said(kpi)]);
  const [first, second, third] = draft.periods;
  const compared = draft.compared[0] ?? null;
  const same =
    second && first && second.period.from === first.period.from && second.period.to === first.period.to;
  if (first && second && !same) {
    const words = (i: typeof first) =>
      tokens
        .slice(i.at, i.at + i.length)
        .map((token) => token.text)
        .join(' ');
    const tries = third
      ? []
      : [`${said(kpi)} ${words(first)} vs ${words(second)}`, `${said(kpi)} ${words(first)}`];
    throw new Misread('That names two periods. To compare them, put “vs” between them.', tries);
  }
  const period = first?.period ?? (compared && impliedPeriod(compared, at)) ?? defaultPeriod(kpi, at);
  if (!kpi.outlook) return { period, comparison: resolveComparison(compared, period, at) };
  const whole = { ...wholeOf(period, at.settings), complete: true };
  const ahead = { ...whole, label: periodLabel(whole, at.settings) };
  return {
    period: { ...ahead, complete: period.complete },
    comparison: compared && resolveComparison(compared, ahead, at),
  };
}

export function agreeBreakdown(
  draft: Draft,
  kpi: KpiDefinition,
): { by: Dimension | null; top: Question['top'] } {
  const named = new Set([...draft.by, ...draft.tops.flatMap((top) => top.by ?? [])]);
  const [word = null, second] = named;
  const by = word && otherName(word, kpi);
  const ways = kpi.dimensions.map((dimension) => `${said(kpi)} by ${dimensionWords[dimension][0]}`);
  if (second)
    throw new Misread(
      'Herald breaks down by one thing at a time.',
      [...named].map((d) => `${said(kpi)} by ${dimensionWords[d][0]}`),
    );
  if (by && !kpi.dimensions.includes(by)) throw new Misread(noDimension(kpi, by, 'broken down by'), ways);
  const [top] = draft.tops;
  if (!top) return { by, top: null };
  const tops = kpi.dimensions.map(
    (d) => `top ${top.n ?? usualParts} ${dimensionWords[d][1]} by ${said(kpi)}`,
  );
  if (!by) throw new Misread(`Top of what? ${kpi.title} can be broken down by ${dimensionList(kpi)}.`, tops);
  const n = top.n ?? usualParts;
  if (n < 1 || n > mostParts) throw new Misread(`Herald shows 1 to ${mostParts} parts, not ${n}.`, tops);
  return { by, top: { n, order: orderOf(top.order, kpi) } };
}

/** The channel that a deal or a customer came by is its source; only tickets have a channel of their own. */
function otherName(dimension: Dimension, { dimensions }: KpiDefinition): Dimension {
  const source = dimension === 'channel' && !dimensions.includes('channel') && dimensions.includes('source');
  return source ? 'source' : dimension;
}

function orderOf(order: Draft['tops'][number]['order'], kpi: KpiDefinition): 'top' | 'bottom' {
  if (order === 'top' || order === 'bottom') return order;
  return (order === 'best') === (kpi.good !== 'down') ? 'top' : 'bottom';
}

export function agreeFilters(draft: Draft, kpi: KpiDefinition): Filter[] {
  const filters = mergeFilters(draft.filters.map((named) => fitting(named, kpi)));
  const wrong = filters.find(({ dimension }) => !kpi.dimensions.includes(dimension));
  if (!wrong) return filters;
  const ways = kpi.dimensions.map((dimension) => `${said(kpi)} by ${dimensionWords[dimension][0]}`);
  throw new Misread(
    noDimension(kpi, wrong.dimension, `narrowed to the ${wrong.dimension} ${wrong.values.join(', ')}`),
    [said(kpi), ...ways],
  );
}

function noDimension(kpi: KpiDefinition, dimension: Dimension, wish: string): string {
  const what = wish.endsWith('by') ? `${wish} ${dimensionWords[dimension][0]}` : wish;
  const can = kpi.dimensions.length === 0 ? 'It has no dimensions.' : `Possible: ${dimensionList(kpi)}.`;
  return `${kpi.title} cannot be ${what}. ${can}`;
}

/** How a KPI is written in a suggestion: always understood. */
export function said(kpi: KpiDefinition): string {
  return kpi.name.replaceAll('_', ' ');
}
