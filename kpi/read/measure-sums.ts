/** Sums of stored buckets: any period, breakdown and filter is an exact sum; as-of is the present minus later deltas. */
import type { Queryable } from '../../db/client.ts';
import type { Read } from '../formula.ts';
import type { Slice, Span } from './slice.ts';

export type Sum = { value: number; n: number };

/** sums[period][part][measure@at]; a missing entry means no bucket. */
export type Sums = Map<string, Map<string, Sum>>[];

export type SumKey = `${string}@${Read['at']}`;

/** Each (measure, edge) once: `x` and `count(x)` read the same bucket. */
function distinct(reads: readonly Pick<Read, 'measure' | 'at'>[]): Pick<Read, 'measure' | 'at'>[] {
  return [...new Map(reads.map(({ measure, at }) => [`${measure}@${at}`, { measure, at }])).values()];
}

export async function readSums(
  sql: Queryable,
  reads: readonly Pick<Read, 'measure' | 'at'>[],
  periods: readonly Span[],
  slice: Slice,
): Promise<Sums> {
  const wanted = periods.flatMap((period, i) =>
    distinct(reads).map(({ measure, at }) => ({
      i,
      at,
      measure,
      // A level is the sum of all that came before.
      lo: at === 'period' ? period.from : '-infinity',
      hi: at === 'start' ? period.from : period.to,
    })),
  );
  const { from, part, where, values } = relation(slice);
  // Identifiers in `from`, `part` and `where` come from the fixed list of dimensions; values are parameters.
  const rows = await sql.unsafe<
    { i: number; at: Read['at']; measure: string; part: string; value: number; n: number }[]
  >(
    `select p.i, p.at, p.measure, ${part} as part, sum(b.value)::bigint as value, sum(b.n)::bigint as n
     from unnest($1::int[], $2::text[], $3::text[], $4::date[], $5::date[]) as p(i, at, measure, lo, hi)
     join ${from} b on b.measure = p.measure and b.day < p.hi and b.day >= p.lo
     where ${where} group by 1, 2, 3, 4`,
    [
      wanted.map((w) => w.i),
      wanted.map((w) => w.at),
      wanted.map((w) => w.measure),
      wanted.map((w) => w.lo),
      wanted.map((w) => w.hi),
      ...values,
    ] as never[],
  );
  const sums: Sums = periods.map(() => new Map());
  for (const row of rows) {
    const parts = sums[row.i]!;
    const part = parts.get(row.part) ?? new Map<string, Sum>();
    parts.set(row.part, part);
    part.set(`${row.measure}@${row.at}`, { value: row.value, n: row.n });
  }
  return sums;
}

/**
 * The smallest stored relation that can answer: margins for at most one dimension, full grain otherwise. Its parameters
 * are numbered from $6.
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
      where: `b.dimension = $6${filter ? ' and b.name = any($7::text[])' : dimension === '' ? ` and b.name = ''` : ''}`,
      values,
    };
  }
  const values: unknown[] = [];
  const conditions = slice.filters.map((filter) => {
    values.push(filter.values);
    return `b.${filter.dimension} = any($${5 + values.length}::text[])`;
  });
  let from = '(select * from bucket where tenant = 1)';
  if (slice.asOf !== null) {
    values.push(slice.asOf);
    const dims = 'measure, day, region, segment, owner, source, plan, product, priority, channel, bin';
    from = `(select ${dims}, value, n from bucket where tenant = 1 union all select ${dims}, -value, -n from bucket_delta where tenant = 1 and seq > $${5 + values.length})`;
  }
  return {
    from,
    part: slice.by ? `b.${slice.by}` : `''`,
    where: conditions.length > 0 ? conditions.join(' and ') : 'true',
    values,
  };
}

/** First day each measure has a bucket on: before it there are no records, and a sum is unknown rather than 0. */
export async function firstDays(sql: Queryable, names: readonly string[]): Promise<Map<string, string>> {
  const rows = await sql<{ measure: string; first: string }[]>`
    select m.measure, first.day as first from unnest(${names as string[]}::text[]) as m(measure)
    cross join lateral (
      select day from margin where tenant = 1 and measure = m.measure and dimension = '' and name = '' and (value <> 0 or n <> 0) order by day limit 1) first`;
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
