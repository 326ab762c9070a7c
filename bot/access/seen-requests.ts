/** Requests already served: a replay, or a platform's retry, runs nothing twice, whichever replica it reaches. */
import type { Database } from '../../db/client.ts';

/** Twice the age up to which a signature is accepted. */
const KEEP_MINUTES = 10;

export function createSeenRequests(db: Database): (key: string) => Promise<boolean> {
  return async (key) => {
    const rows =
      await db.sql`insert into seen_request (key) values (${key}) on conflict do nothing returning 1`;
    if (rows.length === 1 && key.charCodeAt(key.length - 1) % 16 === 0) {
      await db.sql`delete from seen_request where at < clock_timestamp() - make_interval(mins => ${KEEP_MINUTES})`;
    }
    return rows.length === 0;
  };
}
