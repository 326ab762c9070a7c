import type { Queryable } from '../../db/client.ts';
import { filterConditions } from '../read/filter-conditions.ts';
import type { Slice, Span } from '../read/slice.ts';
import { ledgerAt } from '../span/ledger-at.ts';
import type { Mover } from './why.ts';

/** Customers named with a move. */
const most = 5;

export type MoversInput = {
  window: Span;
  slice: Slice;
  /** From minor units of MRR to the KPI's unit. */
  times: number;
  /** Only customers that paid when the window began: those that NRR follows. */
  onlyOfStart: boolean;
};

/** The customers whose MRR moved most between two days, largest move first. */
export async function readMovers(
  sql: Queryable,
  { window, slice, times, onlyOfStart }: MoversInput,
): Promise<Mover[]> {
  const values: unknown[] = [window.from, window.to, most];
  const conditions = filterConditions(slice.filters, 'l', values);
  const ledger = ledgerAt(slice.asOf, values);
  const rows = await sql.unsafe<{ name: string | null; before: number; after: number }[]>(
    `select c.name, d.before::float8 as before, d.after::float8 as after from (
       select l.customer, coalesce(sum(l.value) filter (where l.day < $1::date), 0) as before, sum(l.value) as after
       from ${ledger} l where l.tenant = 1 and l.day < $2::date ${conditions} group by l.customer) d
     left join company c on d.customer = 'c' || c.id
     where d.before <> d.after and (${onlyOfStart ? 'd.before > 0' : 'd.before > 0 or d.after > 0'})
     order by abs(d.after - d.before) desc, d.customer limit $3`,
    values as never[],
  );
  return rows.map(({ name, before, after }) => ({
    name: name ?? 'unknown',
    before: times * before,
    after: times * after,
  }));
}
