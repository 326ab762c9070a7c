/**
 * Distributions kept by delta: each fact is counted in the log-bucket of its size, so that percentiles of any period,
 * part and past data version are read from counts. Bucket k holds sizes in (γ^(k−1), γ^k] with γ = (1+α)/(1−α), and
 * answers 2γ^k/(γ+1), which is within α of every size in it (Masson, Rim, Lee: DDSketch, VLDB 2019, §2). Counts of
 * two sketches add up to the sketch of both, and a fact that leaves is subtracted: nothing is ever collapsed.
 */
import { createHash } from 'node:crypto';
import type { Formula, KpiDefinition, Measure } from '../definition.ts';

/** α: the largest relative error of a size read back. */
const RELATIVE_ERROR = 0.01;
const GAMMA = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR);
/** Puts the bucket of size 1 in the middle of the positive numbers; sizes below zero have the mirrored numbers. */
const MIDDLE = 8_000;
/** Smaller sizes count as zero: γ^-1800 is about 2e-16. */
const LEAST = 1e-15;

type Percentile = Extract<Formula, { kind: 'percentile' }>;

/** SQL of the bucket's number for a size in SQL: 0 for zero, positive for positive sizes, null for null. */
export function binOf(size: string): string {
  const number = `(${size})::double precision`;
  return `case when abs(${number}) < ${LEAST} then 0 else (sign(${number}) * (${MIDDLE} + ceil(ln(abs(${number})) / ${Math.log(GAMMA)})))::smallint end`;
}

/** The size a bucket stands for. */
export function sizeOf(bin: number): number {
  if (bin === 0) return 0;
  return (Math.sign(bin) * 2 * GAMMA ** (Math.abs(bin) - MIDDLE)) / (GAMMA + 1);
}

/** The measure that holds a percentile's distribution; percentiles of the same sizes share it. */
export function distributionOf({ table, day, value, when, dimensions }: Percentile): Measure {
  const content = JSON.stringify([table, day, value, when ?? '', dimensions]);
  return {
    name: `sizes_${table}_${createHash('md5').update(content).digest('hex').slice(0, 8)}`,
    label: `${table}s by size`,
    table,
    day,
    size: value,
    // A fact whose size is not known is in no bucket.
    when: when ? `(${when}) and (${value}) is not null` : `(${value}) is not null`,
    unit: 'count',
    kind: 'flow',
    dimensions,
  };
}

/** Distributions behind these KPIs, each once. */
export function distributionsOf(kpis: readonly KpiDefinition[]): Measure[] {
  const all = kpis.flatMap(({ formula }) => (formula.kind === 'percentile' ? [distributionOf(formula)] : []));
  return [...new Map(all.map((measure) => [measure.name, measure])).values()];
}

/** Bucket → how many sizes lie in it. */
export type Sketch = ReadonlyMap<number, number>;

/**
 * The p-quantile of a sketch by linear interpolation between the two nearest ranks, as `percentile_cont` defines it;
 * null when it is empty. For sizes of one sign the relative error is at most 1 %.
 */
export function quantileOf(sketch: Sketch, p: number): number | null {
  const bins = [...sketch].filter(([, n]) => n > 0).sort(([a], [b]) => a - b);
  const total = bins.reduce((sum, [, n]) => sum + n, 0);
  if (total === 0) return null;
  const rank = p * (total - 1);
  const low = sizeAt(bins, Math.floor(rank));
  return low + (rank - Math.floor(rank)) * (sizeAt(bins, Math.ceil(rank)) - low);
}

function sizeAt(bins: readonly (readonly [number, number])[], rank: number): number {
  let seen = 0;
  for (const [bin, n] of bins) {
    seen += n;
    if (rank < seen) return sizeOf(bin);
  }
  return sizeOf(bins.at(-1)![0]);
}
