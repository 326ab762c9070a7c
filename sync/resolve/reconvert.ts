/** When a rate came, changed or went, amounts in its currency are converted anew, in chunks that stay short. */
import type { Database } from '../../db/client.ts';
import { moneyColumns } from '../sources/in-company-currency.ts';

/** Facts per transaction. */
const CHUNK = 5_000;

/** Convert what rates changed in batches after `since` concern. Returns how many facts have another amount now. */
export async function reconvert(db: Database, since: number, upTo: number): Promise<number> {
  const rows = await db.sql<{ currency: string }[]>`
    select distinct r.currency from change_batch b cross join lateral changes_in(b.id) l
      cross join lateral (values (l.old->>'currency'), (l.new->>'currency')) as r(currency)
    where b.seq > ${since} and b.seq <= ${upTo} and l.tbl = 'exchange_rate' and r.currency is not null`;
  if (rows.length === 0) return 0;
  const currencies = rows.map(({ currency }) => currency);
  let total = 0;
  for (const [table, columns] of Object.entries(moneyColumns)) {
    let after = { system: '', id: '' };
    for (;;) {
      const done = await db.inTransaction(async (tx) => {
        await tx`set local statement_timeout = '10min'`;
        // The trigger converts; to set what is there already is enough to wake it.
        const touch = columns.map((column) => `original_${column} = f.original_${column}`).join(', ');
        const stated = columns.map((column) => `f.original_${column} is not null`).join(' or ');
        const [row] = await tx.unsafe<
          { seen: number; changed: number; system: string | null; id: string | null }[]
        >(
          `with todo as (
             select f.tenant, f.system, f.id from "${table}" f
             where f.tenant = 1 and f.currency = any($1::text[]) and (${stated}) and (f.system, f.id) > ($2, $3)
             order by f.system, f.id limit ${CHUNK}),
           put as (
             update "${table}" f set ${touch} from todo where f.tenant = todo.tenant and f.system = todo.system and f.id = todo.id
             returning to_jsonb(old) as o, to_jsonb(new) as n),
           batch as (insert into change_batch (source, stream) select 'resolve', $4 where exists (select from put where o <> n) returning id),
           logged as (insert into change_log (batch_id, tbl, old, new) select batch.id, $4, put.o, put.n from put cross join batch where put.o <> put.n returning 1),
           last as (select system, id from todo order by system desc, id desc limit 1)
           select (select count(*)::int from todo) as seen, (select count(*)::int from logged) as changed,
             (select system from last) as system, (select id from last) as id`,
          [currencies, after.system, after.id, table],
        );
        return row!;
      });
      total += done.changed;
      if (done.seen < CHUNK) break;
      after = { system: done.system!, id: done.id! };
    }
  }
  return total;
}
