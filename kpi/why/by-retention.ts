/**
 * A move of revenue retention told by what became of the MRR that was there when its window began. With S that MRR,
 * NRR = 100 + 100 × (expansion − contraction − churn) ÷ S; GRR leaves expansion out, revenue churn is what GRR lacks. So a
 * movement adds its share of S now less its share of S before, a customer likewise, and either way they add up to the change.
 */
import type { Queryable } from '../../db/client.ts';
import type { Answer } from '../answer.ts';
import { offset } from '../calendar.ts';
import type { KpiDefinition, MrrMovement, SpanFigure } from '../definition.ts';
import type { Period } from '../question.ts';
import type { Slice, Span } from '../read/slice.ts';
import type { EngineSettings } from '../settings.ts';
import { readSpans } from '../span/figures.ts';
import { byEffect, movementNames } from './by-movements.ts';
import { type Ends, type Followed, type Moved, readMovers } from './movers.ts';
import { byMagnitude, nameOf, sayWhy } from './say-why.ts';
import type { Contributor, Mover, Why } from './why.ts';

type Retention = Extract<SpanFigure, 'nrr' | 'grr' | 'revenue_churn'>;
type Kept = Extract<MrrMovement, 'expansion_mrr' | 'contraction_mrr' | 'churned_mrr'>;

/** What is followed, over the twelve months up to the period's end or over the period, and what a kept dollar adds. */
const followed: Record<Retention, { what: Followed; yearly: boolean; sign: 1 | -1 }> = {
  nrr: { what: 'retained', yearly: true, sign: 1 },
  grr: { what: 'kept', yearly: true, sign: 1 },
  revenue_churn: { what: 'kept', yearly: false, sign: -1 },
};

export const isRetention = (of: SpanFigure): of is Retention => of in followed;

export type RetentionInput = {
  answer: Answer;
  kpi: KpiDefinition;
  of: Retention;
  before: Period;
  change: number;
  asOf: number | null;
};

type Side = { ends: (moved: Moved) => Ends | null; start: number };

export async function byRetention(
  sql: Queryable,
  { answer, kpi, of, before, change, asOf }: RetentionInput,
  { minorPerUnit }: EngineSettings,
): Promise<Why> {
  const { what, yearly, sign } = followed[of];
  const periods: [Period, Period] = [answer.period, before];
  const [now, then] = periods.map(
    ({ from, to }): Span => ({ from: yearly ? offset(to, 'month', -12) : from, to }),
  ) as [Span, Span];
  const slice: Slice = { by: null, filters: answer.question.filters, asOf };
  const figures = await readSpans(sql, { of, periods, slice, minorPerUnit, kept: new Map() });
  const starts = figures.map((parts) => (parts.get('')?.inputs.get('start_mrr') ?? 0) * minorPerUnit);
  const moved = await readMovers(sql, { followed: what, windows: [now, then], slice });
  const after: Side = { ends: (one) => one.after, start: starts[0]! };
  const earlier: Side = { ends: (one) => one.before, start: starts[1]! };
  const rate = (minor: number, { start }: Side) => (100 * minor) / start;
  const sum = (side: Side, kept: Kept) =>
    moved.reduce((all, one) => {
      const ends = side.ends(one);
      return ends && movementOf(ends) === kept ? all + Math.abs(ends.end - ends.start) : all;
    }, 0);
  const movements: readonly Kept[] = ['expansion_mrr', 'contraction_mrr', 'churned_mrr'];
  const contributors = movements.map((movement): Contributor => {
    const { name, sign: direction } = movementNames[movement];
    const [is, was] = [rate(sum(after, movement), after), rate(sum(earlier, movement), earlier)];
    const contribution = sign * direction * (is - was);
    return {
      name,
      contribution,
      share: change === 0 ? null : contribution / change,
      before: was,
      after: is,
      unit: kpi.unit,
    };
  });
  const effect = (side: Side, ends: Ends | null) => (ends === null ? 0 : rate(ends.end - ends.start, side));
  const customers = moved.map(
    (one): Mover => ({
      customer: one.customer,
      name: nameOf(one.name ?? ''),
      contribution: sign * (effect(after, one.after) - effect(earlier, one.before)),
      before: one.after && one.after.start / minorPerUnit,
      after: one.after && one.after.end / minorPerUnit,
      earlier: one.before && (one.before.end - one.before.start) / minorPerUnit,
    }),
  );
  const found: Omit<Why, 'sentence'> = {
    kpi: kpi.name,
    dimension: null,
    dimensions: [],
    contributors: contributors.filter(({ before, after }) => before !== 0 || after !== 0).sort(byMagnitude),
    leading: [],
    broadBased: false,
    within: null,
    method: 'retention',
    change,
    customers: customers.filter(({ contribution }) => contribution !== 0).sort(byEffect),
  };
  return { ...found, sentence: sayWhy(found, answer) };
}

/** Of a customer that paid at the start: null where it pays the same. */
export function movementOf({ start, end }: Ends): Kept | null {
  if (end === start) return null;
  if (end > start) return 'expansion_mrr';
  return end <= 0 ? 'churned_mrr' : 'contraction_mrr';
}
