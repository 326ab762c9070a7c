/** How many different values the facts of a period hold: read from the facts, since such counts never add up. */
import type { Queryable } from '../../db/client.ts';
import { HeraldError } from '../../platform/errors.ts';
import type { Formula } from '../definition.ts';
import { withZone } from '../rollup/sql.ts';
import { filterConditions } from './filter-conditions.ts';
import { near } from './near.ts';
import type { Figure, Figures, Slice, Span } from './slice.ts';

export type DistinctInput = {
  formula: Extract<Formula, { kind: 'distinct' }>;
  periods: readonly Span[];
  slice: Slice;
  timeZone: string;
};

/** A period without any fact has no figure. Throws `ask` for a past data version: the facts are those of now. */
export async function readDistinct(
  sql: Queryable,
  { formula, periods, slice, timeZone }: DistinctInput,
): Promise<Figures> {
  if (slice.asOf !== null)
    throw new HeraldError(
      'ask',
      'Different values are counted in the records as they are now; Herald cannot count them as of a past date. Ask without "as of".',
    );
  const values: unknown[] = [
    timeZone,
    periods.map((_p, i) => i),
    periods.map((p) => p.from),
    periods.map((p) => p.to),
  ];
  const conditions = filterConditions(slice.filters, 'f', values);
  const window = near(formula.day, periods, values);
  const rows = await sql.unsafe<{ i: number; part: string; value: number; n: number }[]>(
    `with facts as materialized (
       select ${withZone(formula.day, '$1')} as day, ${withZone(formula.value, '$1')} as value, ${slice.by ? `coalesce(f.${slice.by}, '')` : `''`} as part
       from "${formula.table}" f where f.tenant = 1 and ${formula.when ? withZone(formula.when, '$1') : 'true'} ${conditions} ${window})
     select i, part, count(*)::int as value, sum(n)::int as n from (
       -- Grouped by hash; count(distinct) would sort all of them as texts.
       select p.i, f.part, f.value, count(*) as n
       from unnest($2::int[], $3::date[], $4::date[]) as p(i, lo, hi) join facts f on f.day >= p.lo and f.day < p.hi and f.value is not null
       where $1::text is not null group by 1, 2, 3) v
     group by 1, 2`,
    values as never[],
  );
  const figures: Map<string, Figure>[] = periods.map(() => new Map());
  for (const row of rows)
    figures[row.i]!.set(row.part, { value: row.value, n: row.n, inputs: new Map([['n', row.n]]) });
  return figures;
}
