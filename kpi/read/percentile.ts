/**
 * Percentiles of facts; daily medians are never averaged. Exact over the records where the table is small and the
 * present is asked for; from the kept distribution otherwise, which also knows the past.
 */
import type { Queryable } from '../../db/client.ts';
import type { Formula } from '../definition.ts';
import { distributionOf } from '../rollup/distribution.ts';
import { withZone } from '../rollup/sql.ts';
import { filterConditions } from './filter-conditions.ts';
import { near } from './near.ts';
import { gather, type Once } from './once.ts';
import { readSketchPercentile } from './sketch-percentile.ts';
import type { Figure, Figures, Slice, Span } from './slice.ts';

export type PercentileInput = {
  formula: Extract<Formula, { kind: 'percentile' }>;
  periods: readonly Span[];
  slice: Slice;
  timeZone: string;
  /** Percentiles of the same records share one reading. */
  kept?: Once;
};

/** Reading and sorting fifty thousand tickets takes about 30 ms; a million would be felt. */
export const EXACT_UP_TO = 50_000;

/** Percentiles by period and part, in the fact's own unit; sketched ones say so. */
export async function readPercentile(sql: Queryable, input: PercentileInput): Promise<Figures> {
  const { formula, slice, kept = new Map(), periods } = input;
  if (slice.asOf !== null || (await isLarge(sql, formula.table, kept)))
    return readSketchPercentile(sql, { ...input, measure: distributionOf(formula).name, p: formula.p });
  const { table, day, value, when } = formula;
  return gather(kept, ['percentiles', table, day, value, when, slice], { p: formula.p, periods }, (asks) =>
    readExact(sql, input, asks),
  );
}

/** By the planner's estimate, which is there at once; −1 for a table that nobody counted yet. */
async function isLarge(sql: Queryable, table: string, kept: Once): Promise<boolean> {
  const facts = await gather(kept, ['sizes'], table, async (tables) => {
    const rows = await sql<{ tbl: string; facts: number }[]>`
      select t.tbl, c.reltuples::double precision as facts from unnest(${[...new Set(tables)]}::text[]) as t(tbl)
      join pg_class c on c.oid = to_regclass(t.tbl)`;
    const sizes = new Map(rows.map((row) => [row.tbl, row.facts]));
    return tables.map((one) => sizes.get(one) ?? 0);
  });
  return facts > EXACT_UP_TO;
}

type Ask = { p: number; periods: readonly Span[] };

/** Every percentile asked for of every period asked for: the records are sorted once. */
async function readExact(
  sql: Queryable,
  { formula, slice, timeZone }: PercentileInput,
  asks: readonly Ask[],
): Promise<Figures[]> {
  const shares = [...new Set(asks.map(({ p }) => p))];
  const periods = [
    ...new Map(asks.flatMap((ask) => ask.periods).map((period) => [keyOf(period), period])).values(),
  ];
  const values: unknown[] = [
    timeZone,
    periods.map((_p, i) => i),
    periods.map((p) => p.from),
    periods.map((p) => p.to),
    shares,
  ];
  const conditions = filterConditions(slice.filters, 'f', values);
  const window = near(formula.day, periods, values);
  const rows = await sql.unsafe<{ i: number; part: string; quantiles: number[]; n: number }[]>(
    `with facts as materialized (
       select ${withZone(formula.day, '$1')} as day, (${withZone(formula.value, '$1')})::double precision as value, ${slice.by ? `coalesce(f.${slice.by}, '')` : `''`} as part
       from "${formula.table}" f where f.tenant = 1 and ${formula.when ? withZone(formula.when, '$1') : 'true'} ${conditions} ${window})
     select p.i, f.part, percentile_cont($5::double precision[]) within group (order by f.value) as quantiles, count(*)::int as n
     from unnest($2::int[], $3::date[], $4::date[]) as p(i, lo, hi) join facts f on f.day >= p.lo and f.day < p.hi and f.value is not null
     where $1::text is not null group by 1, 2`,
    values as never[],
  );
  const found = Map.groupBy(rows, ({ i }) => keyOf(periods[i]!));
  return asks.map(({ p, periods: wanted }) => {
    const at = shares.indexOf(p);
    const figureOf = ({ quantiles, n }: (typeof rows)[number]): Figure => ({
      value: quantiles[at]!,
      n,
      inputs: new Map([['n', n]]),
    });
    return wanted.map(
      (period) => new Map((found.get(keyOf(period)) ?? []).map((row) => [row.part, figureOf(row)])),
    );
  });
}

const keyOf = ({ from, to }: Span) => `${from} ${to}`;
