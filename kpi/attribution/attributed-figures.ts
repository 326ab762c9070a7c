/**
 * Attributed revenue as a KPI's figures. The figure is what is credited to marketing; what is not is a component, and
 * under a split by source a part of its own, so that the parts of a period add up to the value of all deals won in it.
 */
import type { Queryable } from '../../db/client.ts';
import { HeraldError } from '../../platform/errors.ts';
import type { Dimension } from '../question.ts';
import { firstDays, knownValues } from '../read/measure-sums.ts';
import { type Once, once } from '../read/once.ts';
import type { Figure, Figures, Slice, Span } from '../read/slice.ts';
import { type AttributionModel, attribute } from './attribute.ts';
import {
  type DealFilter,
  dealDimensions,
  type JourneyInput,
  readJourneys,
  type WonJourney,
} from './read-journeys.ts';

export type AttributedInput = {
  model: AttributionModel;
  periods: readonly Span[];
  slice: Slice;
  timeZone: string;
  minorPerUnit: number;
  today: string;
  /** Models differ in how they credit the same ways, which are read once. */
  shared: Once;
};

/** The part that holds what nobody is credited with. */
export const UNATTRIBUTED = 'unattributed';

/** A touch's source is the marketing channel: people say either. */
export const isTouched = (dimension: Dimension) => dimension === 'source' || dimension === 'channel';

const isOfDeal = (filter: Slice['filters'][number]): filter is DealFilter =>
  dealDimensions.some((dimension) => dimension === filter.dimension);

/** Figures by period and part. Throws `ask` for a past data version: responses are known as they are now. */
export async function readAttributed(sql: Queryable, input: AttributedInput): Promise<Figures> {
  const { periods, slice, timeZone, today } = input;
  if (slice.asOf !== null)
    throw new HeraldError(
      'ask',
      'Revenue is attributed along the responses as they are recorded now; Herald cannot attribute it as of a past date. Ask without "as of".',
    );
  const dealBy = dealDimensions.find((dimension) => dimension === slice.by) ?? null;
  const [first, sources] = await Promise.all([
    firstDays(sql, ['won_value'], null, input.shared),
    // A source that cost money or had responses, and has no credit, earned nothing: that is 0, not unknown.
    slice.by !== null && dealBy === null ? knownValues(sql, ['touches', 'marketing_spend'], 'source') : [],
  ]);
  const begun = first.get('won_value');
  const known = periods.map(({ from, to }) => begun !== undefined && begun < to && from <= today);
  const asked = periods.filter((_period, i) => known[i]);
  if (asked.length === 0) return periods.map(() => new Map());
  const ways: JourneyInput = {
    period: {
      from: asked.map(({ from }) => from).sort()[0]!,
      to: asked
        .map(({ to }) => to)
        .sort()
        .at(-1)!,
    },
    timeZone,
    filters: slice.filters.filter(isOfDeal),
    by: dealBy,
  };
  const { journeys } = await once(input.shared, ['journeys', ways], () => readJourneys(sql, ways));
  const kept = slice.filters.filter((filter) => isTouched(filter.dimension));
  const isKept = (channel: string) => kept.every(({ values }) => values.includes(channel));
  return periods.map(({ from, to }, i) => {
    if (!known[i]) return new Map();
    const inside = journeys.filter(({ day }) => day >= from && day < to);
    return dealBy || slice.by === null
      ? byDeal(inside, input, isKept)
      : bySource(inside, input, isKept, sources);
  });
}

type Kept = (channel: string) => boolean;

function byDeal(journeys: readonly WonJourney[], input: AttributedInput, isKept: Kept): Map<string, Figure> {
  const parts = Map.groupBy(journeys, ({ part }) => part);
  if (input.slice.by === null && parts.size === 0) parts.set('', []);
  return new Map(
    [...parts].map(([name, some]) => {
      const { credits, figure } = credited(some, input);
      return [name, figure(sum([...credits].filter(([channel]) => isKept(channel))))];
    }),
  );
}

function bySource(
  journeys: readonly WonJourney[],
  input: AttributedInput,
  isKept: Kept,
  sources: readonly string[],
): Map<string, Figure> {
  const { credits, unattributed, figure } = credited(journeys, input);
  const names = [...new Set([...sources, ...credits.keys()])].filter(isKept);
  const parts = new Map(names.map((name) => [name, figure(credits.get(name) ?? 0)]));
  // A question for one source is not about what has none.
  const isWhole = input.slice.filters.every((filter) => !isTouched(filter.dimension));
  if (isWhole && journeys.length > 0) parts.set(UNATTRIBUTED, figure(unattributed));
  return parts;
}

const sum = (entries: readonly (readonly [string, number])[]) =>
  entries.reduce((total, [, amount]) => total + amount, 0);

const countDeals = (journeys: readonly WonJourney[]) =>
  journeys.reduce((total, { deals }) => total + deals, 0);

function credited(journeys: readonly WonJourney[], { model, minorPerUnit }: AttributedInput) {
  const { byChannel, unattributed, total } = attribute(journeys, model);
  const deals = countDeals(journeys);
  const touched = countDeals(journeys.filter(({ touches }) => touches.length > 0));
  const inputs = new Map([
    ['won_value', total / minorPerUnit],
    ['unattributed', unattributed / minorPerUnit],
    ['won_deals', deals],
    ['touched_deals', touched],
  ]);
  return {
    credits: byChannel,
    unattributed,
    figure: (minor: number): Figure => ({ value: minor / minorPerUnit, n: deals, inputs }),
  };
}

/** Inputs shown as an answer's components. */
export const attributedComponents = [
  { name: 'won_value', label: 'value of deals won', unit: 'money' },
  { name: 'unattributed', label: 'unattributed', unit: 'money' },
  { name: 'won_deals', label: 'deals won with an amount', unit: 'count' },
  { name: 'touched_deals', label: 'of them with a response', unit: 'count' },
] as const;
