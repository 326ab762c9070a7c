/**
 * Entity resolution: a consumer of the change log. Accounts that changed are matched anew with all whom they concern,
 * companies keep their ids and only what differs is written; then the facts that this concerns are stamped.
 */
import type { Database } from '../../db/client.ts';
import { refreshStatistics } from '../../db/refresh-statistics.ts';
import { judgeTickets } from './judge-tickets.ts';
import { matchChanged } from './match-changed.ts';
import { reconvert } from './reconvert.ts';
import { stampFacts } from './stamp.ts';
import { stamps } from './stamps.ts';

const CONSUMER = 'resolve';
/** What resolution joins. What it writes itself it looks after as it goes. */
const read = [
  ...new Set(stamps.flat().map(({ table }) => table)),
  'account',
  'change_batch',
  'change_log',
  'exchange_rate',
];

/** Catch up with the log. Returns the number of re-attributed facts. Run under the consumers' lease. */
export async function resolve(db: Database): Promise<number> {
  await db.sql`insert into consumer_position (consumer) values (${CONSUMER}) on conflict do nothing`;
  const [at] = await db.sql<{ seq: number; latest: number }[]>`
    select p.seq, (select seq from data_version) as latest from consumer_position p where consumer = ${CONSUMER}`;
  // Tickets have a position of their own: targets run out while no record comes in.
  if (!at || at.latest <= at.seq) return judgeTickets(db);
  await refreshStatistics(db.sql, read);
  const left = await matchChanged(db, CONSUMER, at.seq, at.latest);
  const changed =
    (await reconvert(db, at.seq, at.latest)) +
    (await stampFacts(db, at.seq, left)) +
    (await judgeTickets(db));
  // Position last: a crash before it repeats the work, which then finds nothing to do. What resolution itself wrote it
  // has followed already, up to the first batch of somebody else.
  await db.sql`
    update consumer_position set detail = detail - 'stamp', updated_at = clock_timestamp(),
      seq = coalesce((select min(seq) - 1 from change_batch where seq > ${at.latest} and source <> 'resolve'), (select seq from data_version))
    where consumer = ${CONSUMER}`;
  return changed;
}
