/** Sums of stored buckets: any period, breakdown and filter is an exact sum; as-of is the present minus later deltas. */
import type { Queryable } from '../../db/client.ts';
import type { Read } from '../formula.ts';
import { gather, type Once } from './once.ts';
import { type Range, rangeTable, rangeValues, readRanges } from './ranges.ts';
import type { Slice, Span } from './slice.ts';

export type Sum = { value: number; n: number };

/** sums[period][part][measure@at]; a missing entry means no bucket. */
export type Sums = Map<string, Map<string, Sum>>[];

export type SumKey = `${string}@${Read['at']}`;

/** Sums of each period. With `kept`, what several KPIs ask for in the same turn is read together. */
export async function readSums(
  sql: Queryable,
  reads: readonly Pick<Read, 'measure' | 'at'>[],
  periods: readonly Span[],
  slice: Slice,
  kept: Once = new Map(),
): Promise<Sums> {
  const wanted = periods.flatMap((period, i) =>
    reads.map(({ measure, at }) => ({
      i,
      key: `${measure}@${at}`,
      measure,
      // A level is the sum of all that came before.
      lo: at === 'period' ? period.from : '-infinity',
      hi: at === 'start' ? period.from : period.to,
    })),
  );
  const found = await readRanges(kept, 'sums', wanted, slice, (ranges) => sumRanges(sql, ranges, slice));
  const sums: Sums = periods.map(() => new Map());
  wanted.forEach(({ i, key }, at) => {
    for (const [name, sum] of found[at]!) {
      const part = sums[i]!.get(name) ?? new Map<string, Sum>();
      sums[i]!.set(name, part.set(key, sum));
    }
  });
  return sums;
}

/** By range, then by part. */
async function sumRanges(
  sql: Queryable,
  ranges: readonly Range[],
  slice: Slice,
): Promise<Map<string, Sum>[]> {
  const { from, part, where, values } = relation(slice);
  // Identifiers in `from`, `part` and `where` come from the fixed list of dimensions; values are parameters.
  const rows = await sql.unsafe<{ i: number; part: string; value: number; n: number }[]>(
    `select p.i, ${part} as part, sum(b.value)::bigint as value, sum(b.n)::bigint as n
     from ${rangeTable} join ${from} b on b.measure = p.measure and b.day < p.hi and b.day >= p.lo
     where ${where} group by 1, 2`,
    [...rangeValues(ranges), ...values] as never[],
  );
  const found: Map<string, Sum>[] = ranges.map(() => new Map());
  for (const { i, part, value, n } of rows) found[i]!.set(part, { value, n });
  return found;
}

/**
 * The smallest stored relation that can answer: margins for at most one dimension, full grain otherwise. Its parameters
 * are numbered from $5.
 */
export function relation(slice: Slice): { from: string; part: string; where: string; values: unknown[] } {
  const involved = new Set([
    ...slice.filters.map((filter) => filter.dimension),
    ...(slice.by ? [slice.by] : []),
  ]);
  if (slice.asOf === null && involved.size <= 1) {
    const [dimension = ''] = involved;
    const filter = slice.filters.find((f) => f.dimension === dimension);
    const values: unknown[] = [dimension];
    if (filter) values.push(filter.values);
    return {
      from: '(select * from margin where tenant = 1)',
      part: slice.by ? 'b.name' : `''`,
      where: `b.dimension = $5${filter ? ' and b.name = any($6::text[])' : dimension === '' ? ` and b.name = ''` : ''}`,
      values,
    };
  }
  const values: unknown[] = [];
  const conditions = slice.filters.map((filter) => {
    values.push(filter.values);
    return `b.${filter.dimension} = any($${4 + values.length}::text[])`;
  });
  let from = '(select * from bucket where tenant = 1)';
  if (slice.asOf !== null) {
    values.push(slice.asOf);
    const dims = 'measure, day, region, segment, owner, source, plan, product, priority, channel, bin';
    from = `(select ${dims}, value, n from bucket where tenant = 1 union all select ${dims}, -value, -n from bucket_delta where tenant = 1 and seq > $${4 + values.length})`;
  }
  return {
    from,
    part: slice.by ? `b.${slice.by}` : `''`,
    where: conditions.length > 0 ? conditions.join(' and ') : 'true',
    values,
  };
}

/**
 * First day each measure has a bucket on, as known at a data version: before it there are no records, and a sum is
 * unknown rather than 0.
 */
export async function firstDays(
  sql: Queryable,
  names: readonly string[],
  asOf: number | null,
  kept: Once = new Map(),
): Promise<Map<string, string>> {
  return gather(kept, ['first days', asOf], names, async (asks) => {
    const first = await readFirstDays(sql, [...new Set(asks.flat())], asOf);
    return asks.map(() => first);
  });
}

async function readFirstDays(
  sql: Queryable,
  names: readonly string[],
  asOf: number | null,
): Promise<Map<string, string>> {
  const rows =
    asOf === null
      ? await sql<{ measure: string; first: string }[]>`
          select m.measure, first.day as first from unnest(${names as string[]}::text[]) as m(measure)
          cross join lateral (
            select day from margin where tenant = 1 and measure = m.measure and dimension = '' and name = '' and (value <> 0 or n <> 0) order by day limit 1) first`
      : await sql<{ measure: string; first: string }[]>`
          select measure, min(day) as first from (
            select measure, day from (
              select measure, day, bin, value, n from bucket where tenant = 1 and measure = any(${names as string[]})
              union all select measure, day, bin, -value, -n from bucket_delta where tenant = 1 and measure = any(${names as string[]}) and seq > ${asOf}) b
            group by measure, day, bin having sum(value) <> 0 or sum(n) <> 0) d
          group by measure`;
  return new Map(rows.map((row) => [row.measure, row.first]));
}

/** Values of a dimension that occur in a measure, most facts first. */
export async function knownValues(
  sql: Queryable,
  names: readonly string[],
  dimension: string,
): Promise<string[]> {
  const rows = await sql<{ name: string }[]>`
    select name from margin where tenant = 1 and measure = any(${names as string[]}) and dimension = ${dimension} and name <> ''
    group by name having sum(abs(n)) > 0 order by sum(abs(n)) desc, name limit 200`;
  return rows.map((row) => row.name);
}
