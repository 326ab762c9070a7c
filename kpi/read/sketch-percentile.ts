/** Percentiles from kept distributions: counts of log-buckets add up over days, parts and data versions. */
import type { Queryable } from '../../db/client.ts';
import { quantileOf, type Sketch } from '../rollup/distribution.ts';
import { relation } from './measure-sums.ts';
import type { Once } from './once.ts';
import { type Range, rangeTable, rangeValues, readRanges } from './ranges.ts';
import type { Figure, Figures, Slice, Span } from './slice.ts';

export type SketchInput = {
  /** Name of the distribution. */
  measure: string;
  /** 0–1. */
  p: number;
  periods: readonly Span[];
  slice: Slice;
  /** Percentiles of the same distribution share one reading. */
  kept?: Once;
};

/** Percentiles by period and part, each within 1 % of the exact one; parts without records are left out. */
export async function readSketchPercentile(sql: Queryable, { p, ...input }: SketchInput): Promise<Figures> {
  const sketches = await readSketches(sql, input);
  return sketches.map((parts) => new Map([...parts].map(([name, sketch]) => [name, figureOf(sketch, p)])));
}

/** The distributions themselves, by period and part. */
export async function readSketches(
  sql: Queryable,
  { measure, periods, slice, kept = new Map() }: Omit<SketchInput, 'p'>,
): Promise<readonly ReadonlyMap<string, Sketch>[]> {
  const ranges = periods.map(({ from, to }) => ({ measure, lo: from, hi: to }));
  return readRanges(kept, 'sketches', ranges, slice, (all) => sketchRanges(sql, all, slice));
}

async function sketchRanges(
  sql: Queryable,
  ranges: readonly Range[],
  slice: Slice,
): Promise<Map<string, Map<number, number>>[]> {
  const { from, part, where, values } = relation(slice);
  // Identifiers in `from`, `part` and `where` come from the fixed list of dimensions; values are parameters.
  const rows = await sql.unsafe<{ i: number; part: string; bin: number; n: number }[]>(
    `select p.i, ${part} as part, b.bin, sum(b.n)::bigint as n
     from ${rangeTable} join ${from} b on b.measure = p.measure and b.day < p.hi and b.day >= p.lo
     where ${where} group by 1, 2, 3 having sum(b.n) > 0`,
    [...rangeValues(ranges), ...values] as never[],
  );
  const sketches: Map<string, Map<number, number>>[] = ranges.map(() => new Map());
  for (const row of rows) {
    const parts = sketches[row.i]!;
    const sketch = parts.get(row.part) ?? new Map<number, number>();
    parts.set(row.part, sketch.set(row.bin, row.n));
  }
  return sketches;
}

function figureOf(sketch: Sketch, p: number): Figure {
  let n = 0;
  for (const count of sketch.values()) n += count;
  return { value: quantileOf(sketch, p), n, approximate: true, inputs: new Map([['n', n]]) };
}
