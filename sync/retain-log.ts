/** Retention of the change log: entries that every consumer has passed are dropped after some days, in short transactions. */
import type { Database } from '../db/client.ts';

/** Batches per transaction. */
const CHUNK = 100;
const DAY_MS = 86_400_000;

/**
 * Drop entries of batches that were committed more than `days` before `now`. A batch that any consumer has yet to read
 * stays, however old; one of `consumers` that has no position has yet to read all of them. Returns the entries dropped.
 * Safe to be stopped anywhere, and to run twice.
 */
export async function retainLog(
  db: Database,
  { days, now, consumers }: { days: number; now: Date; consumers: readonly string[] },
): Promise<number> {
  const before = new Date(now.getTime() - days * DAY_MS);
  const [position] = await db.sql<{ seq: number; missing: number; first: number | null }[]>`
    select coalesce(min(seq), 0)::bigint as seq,
      (select count(*)::int from unnest(${consumers as string[]}::text[]) as c(name)
        where not exists (select from consumer_position p where p.consumer = c.name)) as missing,
      (select min(batch_id) from change_log) as first
    from consumer_position`;
  const { seq, missing, first } = position!;
  if (missing > 0 || first === null) return 0;
  let dropped = 0;
  // Positions only grow, save that of a consumer which then starts from the facts: what was passed stays passed.
  for (let after = first - 1; ; ) {
    const chunk = await db.inTransaction(async (tx) => {
      await tx`set local statement_timeout = '30min'`;
      const batches = await tx<{ id: number }[]>`
        select id from change_batch where id > ${after} and seq <= ${seq} and committed_at < ${before} order by id limit ${CHUNK}`;
      const ids = batches.map(({ id }) => id);
      if (ids.length === 0) return null;
      const gone = await tx`delete from change_log where batch_id = any(${ids}::bigint[])`;
      return { last: ids.at(-1)!, rows: gone.count };
    });
    if (chunk === null) return dropped;
    dropped += chunk.rows;
    after = chunk.last;
  }
}
