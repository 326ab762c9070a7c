/** Percentiles from kept distributions: counts of log-buckets add up over days, parts and data versions. */
import type { Queryable } from '../../db/client.ts';
import { quantileOf, type Sketch } from '../rollup/distribution.ts';
import { relation } from './measure-sums.ts';
import type { Figure, Figures, Slice, Span } from './slice.ts';

export type SketchInput = {
  /** Name of the distribution. */
  measure: string;
  /** 0–1. */
  p: number;
  periods: readonly Span[];
  slice: Slice;
};

/** Percentiles by period and part, each within 1 % of the exact one; parts without records are left out. */
export async function readSketchPercentile(sql: Queryable, { p, ...input }: SketchInput): Promise<Figures> {
  const sketches = await readSketches(sql, input);
  return sketches.map((parts) => new Map([...parts].map(([name, sketch]) => [name, figureOf(sketch, p)])));
}

/** The distributions themselves, by period and part. */
export async function readSketches(
  sql: Queryable,
  { measure, periods, slice }: Omit<SketchInput, 'p'>,
): Promise<ReadonlyMap<string, Sketch>[]> {
  const { from, part, where, values } = relation(slice);
  // Identifiers in `from`, `part` and `where` come from the fixed list of dimensions; values are parameters.
  const rows = await sql.unsafe<{ i: number; part: string; bin: number; n: number }[]>(
    `select p.i, ${part} as part, b.bin, sum(b.n)::bigint as n
     from unnest($1::int[], $2::text[], $3::text[], $4::date[], $5::date[]) as p(i, at, measure, lo, hi)
     join ${from} b on b.measure = p.measure and b.day < p.hi and b.day >= p.lo
     where ${where} group by 1, 2, 3 having sum(b.n) > 0`,
    [
      periods.map((_period, i) => i),
      periods.map(() => 'period'),
      periods.map(() => measure),
      periods.map((period) => period.from),
      periods.map((period) => period.to),
      ...values,
    ] as never[],
  );
  const sketches: Map<string, Map<number, number>>[] = periods.map(() => new Map());
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
