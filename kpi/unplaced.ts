import type { Queryable } from '../db/client.ts';

/** Resolution follows the log within seconds; what waits longer is a first load, or a worker that stopped. */
const WAITS_SECONDS = 20;

/**
 * What an answer by parts, or of a part, must say while facts wait to be placed with their companies: they are counted,
 * but under no region or segment yet. Nothing where no resolution runs.
 */
export async function unplacedWarnings(sql: Queryable, now: Date): Promise<string[]> {
  const rows = await sql`
    select from consumer_position p where p.consumer = 'resolve' and exists (
      select from change_batch b where b.seq > p.seq and b.source <> 'resolve'
        and b.committed_at < ${now}::timestamptz - make_interval(secs => ${WAITS_SECONDS}))`;
  return rows.length === 0
    ? []
    : ['Records are still being placed with their companies: parts may be too small, or "unknown".'];
}
