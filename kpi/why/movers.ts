/**
 * The customers behind a move of recurring revenue, each with what it adds to it. Whose MRR counts, and how much of it, is as in
 * kpi/span/figures.ts: so what all customers add is the whole move.
 */
import type { Queryable } from '../../db/client.ts';
import { filterConditions } from '../read/filter-conditions.ts';
import type { Slice, Span } from '../read/slice.ts';
import { ledgerAt } from '../span/ledger-at.ts';

/** Which measure of a customer's payments moved: all of MRR; or, of those who paid at the start, all they pay or what they kept. */
export type Followed = 'mrr' | 'retained' | 'kept';

/** What one customer paid a month just before a window began and at its end, in minor units. */
export type Ends = { start: number; end: number };

export type Moved = {
  /** "c12" for a company of the directory, else the name of a record that belongs to none. */
  customer: string;
  name: string | null;
  /** Null where it did not count in that window: it paid nothing when the window began. */
  after: Ends | null;
  before: Ends | null;
};

export type MoversInput = {
  followed: Followed;
  /** [after, before]; MRR is followed over one window, retention compared over two. */
  windows: readonly [Span, ...Span[]];
  slice: Slice;
};

/** Every customer that moved in one of the windows, in no order. */
export async function readMovers(
  sql: Queryable,
  { followed, windows, slice }: MoversInput,
): Promise<Moved[]> {
  const values: unknown[] = [];
  const sides = windows.map((window) => ends(followed, window, slice, values));
  const rows = await sql.unsafe<
    {
      customer: string;
      name: string | null;
      s0: number | null;
      e0: number | null;
      s1: number | null;
      e1: number | null;
    }[]
  >(
    `with a as (${sides[0]}), b as (${sides[1] ?? 'select null::text as customer, 0.0 as s, 0.0 as e where false'})
     select coalesce(a.customer, b.customer) as customer, c.name, a.s::float8 as s1, a.e::float8 as e1, b.s::float8 as s0, b.e::float8 as e0
     from a full join b using (customer) left join company c on coalesce(a.customer, b.customer) = 'c' || c.id
     where a.s <> a.e or b.s <> b.e`,
    values as never[],
  );
  return rows.map(({ customer, name, s0, e0, s1, e1 }) => ({
    customer,
    name,
    after: s1 === null ? null : { start: s1, end: e1! },
    before: s0 === null ? null : { start: s0, end: e0! },
  }));
}

/** One window's customers with `s`, what they paid, and `e`, what they pay. */
function ends(followed: Followed, window: Span, { filters, asOf }: Slice, values: unknown[]): string {
  values.push(window.from, window.to);
  const [from, to] = [`$${values.length - 1}::date`, `$${values.length}::date`];
  const conditions = filterConditions(filters, 'l', values);
  const ledger = ledgerAt(asOf, values);
  const sums = (where: string) => `
    select l.customer, coalesce(sum(l.value) filter (where l.day < ${from}), 0) as s, sum(l.value) as e
    from ${ledger} l where l.tenant = 1 and l.day < ${to} ${where} group by l.customer`;
  if (followed === 'mrr') return `select * from (${sums(conditions)}) d where d.s > 0 or d.e > 0`;
  // A customer is wholly kept or lost, whatever plan it moved to: a part keeps its share of the whole.
  const whole = filters.length === 0;
  const now = `greatest(0, ${whole ? 'd.e' : 'w.e * d.s / nullif(w.s, 0)'})`;
  const end = followed === 'kept' ? `least(d.s, ${now})` : now;
  return `select d.customer, d.s, ${end} as e from (${sums(conditions)}) d
    ${whole ? '' : `join (${sums('')}) w using (customer)`} where d.s > 0`;
}
