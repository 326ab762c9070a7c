/**
 * What follows from a ticket's events taken together, which no single record says: a consumer of the change log of its
 * own. Tickets that changed are judged with all their events, so the order in which records came in decides nothing.
 * When a schedule changes, `keepSchedules` takes this consumer's position away and every ticket is judged again.
 */
import type { Database, Transaction } from '../../db/client.ts';
import type { Judgement } from './judge/judgement.ts';
import { targets } from './judge/targets.ts';
import { ticketEvents } from './judge/ticket-events.ts';
import { tickets } from './judge/tickets.ts';

const CONSUMER = 'judge_tickets';
/** Tickets per transaction, each with some ten events. */
const CHUNK = 1_000;
/** More changed tickets than this, and all are walked by key instead of being listed. */
const LISTED = 5_000;

/** Later ones lean on earlier ones: tickets on their events' order, targets on the times of their tickets. */
const judgements: readonly Judgement[] = [ticketEvents, tickets, targets];

type Ticket = { system: string; ticket_id: string };

/** Catch up with the log, and with the clock for targets that are running. Returns how many rows changed. */
export async function judgeTickets(db: Database): Promise<number> {
  const [at] = await db.sql<{ seq: number | null; latest: number }[]>`
    select (select seq from consumer_position where consumer = ${CONSUMER}) as seq, seq as latest from data_version`;
  if (!at) return 0;
  const changed = at.seq === null ? null : await changedTickets(db, at.seq, at.latest);
  let total = 0;
  for await (const chunk of changed ? inChunks(changed) : everyTicket(db))
    total += await db.inTransaction((tx) => judge(tx, chunk));
  // Position last: a crash before it repeats the work, which then finds nothing to do.
  if (at.seq !== at.latest)
    await db.sql`
      insert into consumer_position (consumer, seq) values (${CONSUMER}, ${at.latest})
      on conflict (consumer) do update set seq = excluded.seq, updated_at = clock_timestamp()`;
  return total;
}

async function judge(tx: Transaction, chunk: readonly Ticket[]): Promise<number> {
  await tx`set local statement_timeout = '10min'`;
  const keys = [chunk.map((ticket) => ticket.system), chunk.map((ticket) => ticket.ticket_id)];
  let total = 0;
  for (const { table, columns, select } of judgements) {
    const list = (row: string) => columns.map((column) => `${row}.${column}`).join(', ');
    const [row] = await tx.unsafe<{ n: number }[]>(
      `with chosen as materialized (select * from unnest($1::text[], $2::text[]) as c(system, ticket_id)),
       judged as (${select}),
       todo as (
         select j.* from judged j join ${table} f on f.tenant = 1 and f.system = j.system and f.id = j.id
         where (${list('f')}) is distinct from (${list('j')})),
       batch as (insert into change_batch (source, stream) select 'resolve', '${table}' where exists (select from todo) returning id),
       put as (
         update ${table} f set ${columns.map((column) => `${column} = todo.${column}`).join(', ')}
         from todo where f.tenant = 1 and f.system = todo.system and f.id = todo.id
         returning to_jsonb(old) as o, to_jsonb(new) as n),
       logged as (insert into change_log (batch_id, tbl, old, new) select batch.id, '${table}', put.o, put.n from put cross join batch returning 1)
       select count(*)::int as n from logged`,
      keys,
    );
    total += row?.n ?? 0;
  }
  return total;
}

/** Tickets that changed since, and those whose time has run out; null when there are many. */
async function changedTickets(db: Database, since: number, upTo: number): Promise<Ticket[] | null> {
  const rows = await db.sql<Ticket[]>`
    select r.system, r.ticket_id from change_batch b cross join lateral changes_in(b.id) l
      cross join lateral (select coalesce(l.new, l.old)->>'system' as system, coalesce(l.new, l.old)->>(case l.tbl when 'ticket' then 'id' else 'ticket_id' end) as ticket_id) r
    where b.seq > ${since} and b.seq <= ${upTo} and b.source <> 'resolve' and l.tbl in ('ticket', 'ticket_event') and r.ticket_id is not null
    union
    select e.system, e.ticket_id from ticket_event e where e.kind = 'apply_sla' and e.judged_at is null and e.due_at < now()
    limit ${LISTED + 1}`;
  return rows.length > LISTED ? null : rows;
}

function* inChunks(tickets: readonly Ticket[]): Iterable<readonly Ticket[]> {
  for (let at = 0; at < tickets.length; at += CHUNK) yield tickets.slice(at, at + CHUNK);
}

/** All tickets, and those of which only events are left, by key: as many in memory as are judged at once. */
async function* everyTicket(db: Database): AsyncIterable<readonly Ticket[]> {
  let last: Ticket = { system: '', ticket_id: '' };
  for (;;) {
    const after = db.sql`(${last.system}, ${last.ticket_id})`;
    const rows: Ticket[] = await db.sql<Ticket[]>`
      (select system, id as ticket_id from ticket where tenant = 1 and (system, id) > ${after} order by system, id limit ${CHUNK})
      union
      (select distinct system, ticket_id from ticket_event where tenant = 1 and (system, ticket_id) > ${after} order by system, ticket_id limit ${CHUNK})
      order by system, ticket_id limit ${CHUNK}`;
    if (rows.length > 0) yield rows;
    if (rows.length < CHUNK) return;
    last = rows.at(-1)!;
  }
}
