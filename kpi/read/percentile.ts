/**
 * Percentiles of facts; daily medians are never averaged. Exact over the records where the table is small and the
 * present is asked for; from the kept distribution otherwise, which also knows the past.
 */
import type { Queryable } from '../../db/client.ts';
import type { Formula } from '../definition.ts';
import { distributionOf } from '../rollup/distribution.ts';
import { withZone } from '../rollup/sql.ts';
import { near } from './near.ts';
import { readSketchPercentile } from './sketch-percentile.ts';
import type { Figure, Figures, Slice, Span } from './slice.ts';

export type PercentileInput = {
  formula: Extract<Formula, { kind: 'percentile' }>;
  periods: readonly Span[];
  slice: Slice;
  timeZone: string;
};

/** Reading and sorting fifty thousand tickets takes about 30 ms; a million would be felt. */
export const EXACT_UP_TO = 50_000;

/** Percentiles by period and part, in the fact's own unit; sketched ones say so. */
export async function readPercentile(sql: Queryable, input: PercentileInput): Promise<Figures> {
  const { formula, slice } = input;
  if (slice.asOf !== null || (await isLarge(sql, formula.table)))
    return readSketchPercentile(sql, { ...input, measure: distributionOf(formula).name, p: formula.p });
  return readExact(sql, input);
}

/** By the planner's estimate, which is there at once; −1 for a table that nobody counted yet. */
async function isLarge(sql: Queryable, table: string): Promise<boolean> {
  const [row] = await sql<{ facts: number }[]>`
    select reltuples::double precision as facts from pg_class where oid = to_regclass(${table})`;
  return (row?.facts ?? 0) > EXACT_UP_TO;
}

async function readExact(
  sql: Queryable,
  { formula, periods, slice, timeZone }: PercentileInput,
): Promise<Figures> {
  const values: unknown[] = [
    timeZone,
    periods.map((_p, i) => i),
    periods.map((p) => p.from),
    periods.map((p) => p.to),
    formula.p,
  ];
  const conditions = slice.filters.map((filter) => {
    values.push(filter.values);
    return `and f.${filter.dimension} = any($${values.length}::text[])`;
  });
  const window = near(formula.day, periods, values);
  const rows = await sql.unsafe<{ i: number; part: string; value: number; n: number }[]>(
    `with facts as materialized (
       select ${withZone(formula.day, '$1')} as day, (${withZone(formula.value, '$1')})::double precision as value, ${slice.by ? `coalesce(f.${slice.by}, '')` : `''`} as part
       from "${formula.table}" f where f.tenant = 1 and ${formula.when ? withZone(formula.when, '$1') : 'true'} ${conditions.join(' ')} ${window})
     select p.i, f.part, percentile_cont($5::double precision) within group (order by f.value) as value, count(*)::int as n
     from unnest($2::int[], $3::date[], $4::date[]) as p(i, lo, hi) join facts f on f.day >= p.lo and f.day < p.hi and f.value is not null
     where $1::text is not null group by 1, 2`,
    values as never[],
  );
  const figures: Map<string, Figure>[] = periods.map(() => new Map());
  for (const row of rows)
    figures[row.i]!.set(row.part, { value: row.value, n: row.n, inputs: new Map([['n', row.n]]) });
  return figures;
}
