/**
 * Entity resolution: a consumer of the change log. Accounts that changed are matched anew with all whom they concern,
 * companies keep their ids and only what differs is written; then the facts that this concerns are stamped.
 */
import type { Database } from '../../db/client.ts';
import { judgeTickets } from './judge-tickets.ts';
import { matchChanged } from './match-changed.ts';
import { reconvert } from './reconvert.ts';
import { stampFacts } from './stamp.ts';

const CONSUMER = 'resolve';
/** Changes after which a table's statistics are taken anew. */
const GROWN = 2_000;

/** Catch up with the log. Returns the number of re-attributed facts. Run under the consumers' lease. */
export async function resolve(db: Database): Promise<number> {
  await db.sql`insert into consumer_position (consumer) values (${CONSUMER}) on conflict do nothing`;
  const [at] = await db.sql<{ seq: number; latest: number }[]>`
    select p.seq, (select seq from data_version) as latest from consumer_position p where consumer = ${CONSUMER}`;
  // Tickets have a position of their own: targets run out while no record comes in.
  if (!at || at.latest <= at.seq) return judgeTickets(db);
  await refreshStatistics(db, at.seq, at.latest);
  const companies = await matchChanged(db, CONSUMER, at.seq, at.latest);
  const changed =
    (await reconvert(db, at.seq, at.latest)) +
    (await stampFacts(db, at.seq, companies)) +
    (await judgeTickets(db));
  // Position last: a crash before it repeats the work, which then finds nothing to do. What resolution itself wrote it
  // has followed already, up to the first batch of somebody else.
  await db.sql`
    update consumer_position set detail = detail - 'stamp', updated_at = clock_timestamp(),
      seq = coalesce((select min(seq) - 1 from change_batch where seq > ${at.latest} and source <> 'resolve'), (select seq from data_version))
    where consumer = ${CONSUMER}`;
  return changed;
}

/** Tables that just grew a lot have no statistics yet, and the planner would join them row by row. */
async function refreshStatistics(db: Database, from: number, to: number): Promise<void> {
  const grown = await db.sql<{ tbl: string }[]>`
    select l.tbl from change_batch b
      cross join lateral (select tbl, sum(n) as n from change_log where batch_id = b.id group by tbl) l
    where b.seq > ${from} and b.seq <= ${to} group by l.tbl having sum(l.n) > ${GROWN}`;
  for (const { tbl } of grown) await db.sql`analyze ${db.sql(tbl)}`;
}
