/**
 * A breached target is fulfilled later too, so "fulfil" alone does not say that a target was met. Fulfilments of
 * targets with a breach are marked late, and unmarked when the breach is taken back. Events of a ticket that was
 * deleted are marked orphans: they count no more, and count again when the ticket comes back.
 */
import type { Database } from '../../db/client.ts';

const CHUNK = 5_000;

/** Mark what is not marked right, among tickets that changed after `since`. Returns how many rows changed. */
export async function judgeTicketEvents(db: Database, since: number, upTo: number): Promise<number> {
  let total = 0;
  for (;;) {
    const done = await db.inTransaction(async (tx) => {
      await tx`set local statement_timeout = '10min'`;
      const [row] = await tx<{ n: number }[]>`
        with touched as (
          select distinct r.ticket_id from change_log l join change_batch b on b.id = l.batch_id
            cross join lateral (select case l.tbl when 'ticket' then coalesce(l.new, l.old)->>'id' else coalesce(l.new, l.old)->>'ticket_id' end as ticket_id) r
          where b.seq > ${since} and b.seq <= ${upTo} and l.tbl in ('ticket', 'ticket_event')),
        breached as (
          select distinct e.tenant, e.system, e.ticket_id, e.metric, e.target from ticket_event e join touched t on t.ticket_id = e.ticket_id
          where e.tenant = 1 and e.kind = 'breach' and e.deleted is not true and e.target is not null),
        judged as (
          select f.tenant, f.system, f.id, k.id is null as orphan, f.kind = 'fulfill' and b.ticket_id is not null as late
          from ticket_event f join touched t on t.ticket_id = f.ticket_id
          left join ticket k on k.tenant = f.tenant and k.system = f.system and k.id = f.ticket_id
          left join breached b on b.tenant = f.tenant and b.system = f.system and b.ticket_id = f.ticket_id and b.metric = f.metric and b.target = f.target
          where f.tenant = 1),
        todo as (
          select j.* from judged j join ticket_event f on f.tenant = j.tenant and f.system = j.system and f.id = j.id
          where (coalesce(f.late, false), coalesce(f.orphan, false)) is distinct from (j.late, j.orphan) limit ${CHUNK}),
        batch as (insert into change_batch (source, stream) select 'resolve', 'ticket_event' where exists (select from todo) returning id),
        put as (
          update ticket_event f set late = todo.late, orphan = todo.orphan from todo where f.tenant = todo.tenant and f.system = todo.system and f.id = todo.id
          returning to_jsonb(old) as o, to_jsonb(new) as n),
        logged as (insert into change_log (batch_id, tbl, old, new) select batch.id, 'ticket_event', put.o, put.n from put cross join batch returning 1)
        select count(*)::int as n from logged`;
      return row?.n ?? 0;
    });
    total += done;
    if (done < CHUNK) return total;
  }
}
