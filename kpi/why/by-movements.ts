/** MRR's move told by the five movements of kpi/span/movements.ts, which are the whole of it, and the customers behind them. */
import type { Queryable } from '../../db/client.ts';
import type { Answer } from '../answer.ts';
import { type KpiDefinition, type MrrMovement, mrrMovements } from '../definition.ts';
import { evaluate, isSum, parseFormula, reads } from '../formula.ts';
import type { Period } from '../question.ts';
import type { Slice, Span } from '../read/slice.ts';
import type { EngineSettings } from '../settings.ts';
import { readSpans } from '../span/figures.ts';
import { readMovers } from './movers.ts';
import { byMagnitude, nameOf, sayWhy } from './say-why.ts';
import type { Contributor, Mover, Why } from './why.ts';

export const movementNames: Record<MrrMovement, { name: string; sign: 1 | -1 }> = {
  new_mrr: { name: 'New customers', sign: 1 },
  expansion_mrr: { name: 'Expansion', sign: 1 },
  reactivation_mrr: { name: 'Reactivation', sign: 1 },
  contraction_mrr: { name: 'Contraction', sign: -1 },
  churned_mrr: { name: 'Churn', sign: -1 },
};
/** Sums of cents as floating point. */
const rounding = 1e-6;

/** How many times MRR a KPI is: 1 for MRR, 12 for ARR; null when it is something else. */
export function timesMrr({ formula }: KpiDefinition): number | null {
  if (formula.kind !== 'arithmetic') return null;
  const expression = parseFormula(formula.text);
  const [read, ...others] = reads(expression);
  if (others.length > 0 || read?.measure !== 'mrr' || read.at !== 'end' || read.what !== 'value') return null;
  return isSum(expression) ? evaluate(expression, () => 1, 1) : null;
}

export type MovementsInput = {
  answer: Answer;
  kpi: KpiDefinition;
  before: Period;
  change: number;
  times: number;
  asOf: number | null;
};

/** Null where the two periods do not follow each other, or customers owe more than they pay: then its parts tell it. */
export async function byMovements(
  sql: Queryable,
  { answer, kpi, before, change, times, asOf }: MovementsInput,
  { minorPerUnit }: EngineSettings,
): Promise<Why | null> {
  // MRR is a stock: between the two ends lies all that moved it.
  const window: Span = { from: before.to, to: answer.period.to };
  if (window.from >= window.to) return null;
  const slice: Slice = { by: null, filters: answer.question.filters, asOf };
  const [figures] = await readSpans(sql, {
    of: 'new_mrr',
    periods: [window],
    slice,
    minorPerUnit,
    kept: new Map(),
  });
  const inputs = figures!.get('')?.inputs;
  if (!inputs) return null;
  const contributors = mrrMovements.map((movement): Contributor => {
    const { name, sign } = movementNames[movement];
    const contribution = sign * times * (inputs.get(movement) ?? 0);
    return {
      name,
      contribution,
      share: change === 0 ? null : contribution / change,
      before: null,
      after: null,
      unit: kpi.unit,
    };
  });
  const sum = contributors.reduce((all, part) => all + part.contribution, 0);
  if (Math.abs(sum - change) > rounding * Math.max(1, Math.abs(change))) return null;
  const moved = await readMovers(sql, { followed: 'mrr', windows: [window], slice });
  const customers = moved.map(({ customer, name, after }): Mover => {
    const [start, end] = [after!.start, after!.end].map((minor) => (times * minor) / minorPerUnit);
    return { customer, name: nameOf(name ?? ''), contribution: end! - start!, before: start!, after: end! };
  });
  const found: Omit<Why, 'sentence'> = {
    kpi: kpi.name,
    dimension: null,
    dimensions: [],
    contributors: contributors.filter((part) => part.contribution !== 0).sort(byMagnitude),
    leading: [],
    broadBased: false,
    within: null,
    method: 'movements',
    change,
    customers: customers.sort(byEffect),
  };
  return { ...found, sentence: sayWhy(found, answer) };
}

/** The largest first; equal ones by their key, so that the order is always the same. */
export function byEffect(a: Mover, b: Mover): number {
  return Math.abs(b.contribution) - Math.abs(a.contribution) || (a.customer < b.customer ? -1 : 1);
}
