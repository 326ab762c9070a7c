/**
 * The right to do one thing, held by one process at a time: a row that expires on the *database* clock. Each new
 * holder raises the fencing number; writers check it inside their transaction, so a frozen former holder is refused.
 */
import type { Database } from '../db/client.ts';

export type Lease = { name: string; fence: number; renew(): Promise<boolean>; release(): Promise<void> };

const TTL_SECONDS = 30;

/** Take the lease, or null while somebody else holds it. `holder` must be unique per process. */
export async function takeLease(db: Database, name: string, holder: string): Promise<Lease | null> {
  const [row] = await db.sql<{ fence: number }[]>`
    insert into lease as l (name, holder, fence, expires_at)
    values (${name}, ${holder}, 1, clock_timestamp() + make_interval(secs => ${TTL_SECONDS}))
    on conflict (name) do update set holder = excluded.holder, fence = l.fence + 1, expires_at = excluded.expires_at
      where l.holder is null or l.expires_at < clock_timestamp() or l.holder = excluded.holder
    returning fence`;
  if (!row) return null;
  const { fence } = row;
  return {
    name,
    fence,
    async renew() {
      const rows = await db.sql`
        update lease set expires_at = clock_timestamp() + make_interval(secs => ${TTL_SECONDS})
        where name = ${name} and fence = ${fence} returning 1`;
      return rows.length === 1;
    },
    async release() {
      await db.sql`update lease set holder = null, expires_at = clock_timestamp() where name = ${name} and fence = ${fence}`;
    },
  };
}
