/** Whether a Herald serves right now: its row is renewed while it lives, on the database clock. */
import type { Database } from '../../db/client.ts';
import { type Lease, takeLease } from '../../platform/lease.ts';

/** One row per serving process. */
const prefix = 'serving:';
const RENEW_MS = 10_000;

export async function announce(db: Database, processId: string): Promise<() => Promise<void>> {
  const lease: Lease | null = await takeLease(db, `${prefix}${processId}`, processId);
  const heart = setInterval(() => {
    // A missed beat is made up by the next one; the row lives three of them.
    lease?.renew().catch(() => false);
  }, RENEW_MS);
  heart.unref();
  return async () => {
    clearInterval(heart);
    await db.sql`delete from lease where name = ${`${prefix}${processId}`}`;
  };
}

export async function isServing(db: Database): Promise<boolean> {
  const rows =
    await db.sql`select 1 from lease where name like ${`${prefix}%`} and expires_at > clock_timestamp() limit 1`;
  return rows.length > 0;
}
