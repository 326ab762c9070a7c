import type { Database } from '../../db/client.ts';
import type { Log } from '../../platform/log.ts';
import type { Claimed } from './claim.ts';
import type { Delivery, Receipt, Sender } from './sender.ts';

const everySeconds = 20;

/**
 * Deliveries that were once in doubt are looked at for a while: a platform may accept a post long after it hung up.
 * Of two copies the later one is taken away. Gives how many were.
 */
export async function sweepCopies(
  db: Database,
  senderOf: (row: Claimed) => Sender | undefined,
  deliveryOf: (row: Claimed) => Delivery,
  log: Log,
): Promise<number> {
  const rows = await db.sql<Claimed[]>`
    update outbox o set next_try_at = clock_timestamp() + make_interval(secs => ${everySeconds})
    where o.id in (
      select id from outbox where state = 'sent' and sweep_until > clock_timestamp() and next_try_at <= clock_timestamp()
      order by id limit 20 for update skip locked)
    returning o.*, (select f.receipt from outbox f where f.slot_key = o.after_key) as after_receipt`;
  let removed = 0;
  for (const row of rows) {
    const sender = senderOf(row);
    if (!sender?.find || !sender.remove) continue;
    try {
      const copies = await sender.find(deliveryOf(row), new Date(row.first_try_at.getTime() - 5_000));
      for (const copy of copies.slice(1)) {
        await sender.remove(copy);
        removed += 1;
        log.warn({ slot: row.slot_key, topic: row.topic }, 'outbox: a late second copy was removed');
      }
      await keepFirst(db, row, copies);
    } catch (thrown) {
      log.warn({ slot: row.slot_key, err: (thrown as Error).message }, 'outbox: could not look for copies');
    }
  }
  return removed;
}

async function keepFirst(db: Database, row: Claimed, copies: readonly Receipt[]): Promise<void> {
  const [first] = copies;
  if (copies.length < 2 || !first) return;
  await db.sql`update outbox set receipt = ${db.sql.json(first)} where id = ${row.id}`;
}
