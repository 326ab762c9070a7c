/** Exact percentiles over the facts themselves: daily medians are never averaged. */
import type { Queryable } from '../../db/client.ts';
import { HeraldError } from '../../platform/errors.ts';
import type { Formula } from '../definition.ts';
import { withZone } from '../rollup/sql.ts';
import type { Figure, Figures, Slice, Span } from './slice.ts';

export type PercentileInput = {
  formula: Extract<Formula, { kind: 'percentile' }>;
  periods: readonly Span[];
  slice: Slice;
  timeZone: string;
};

export async function readPercentile(
  sql: Queryable,
  { formula, periods, slice, timeZone }: PercentileInput,
): Promise<Figures> {
  if (slice.asOf !== null)
    throw new HeraldError(
      'ask',
      'Medians are read from the records as they are now; Herald cannot give them as of a past date yet. Ask without "as of".',
    );
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
  const rows = await sql.unsafe<{ i: number; part: string; value: number; n: number }[]>(
    `with facts as materialized (
       select ${withZone(formula.day, '$1')} as day, (${withZone(formula.value, '$1')})::double precision as value, ${slice.by ? `coalesce(f.${slice.by}, '')` : `''`} as part
       from "${formula.table}" f where f.tenant = 1 and ${formula.when ?? 'true'} ${conditions.join(' ')})
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
