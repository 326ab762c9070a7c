import type { Database } from '../db/client.ts';

/** Sources of these names that have not finished their first read. */
export async function missingSources(db: Database, names: readonly string[]): Promise<string[]> {
  const rows = await db.sql<{ source: string; done: boolean }[]>`
    select source, bool_and(covered_until is not null) as done from checkpoint where source = any(${names as string[]}) and lane = 'backfill' group by source`;
  const runs = await db.sql<
    { source: string }[]
  >`select distinct source from sync_run where state in ('SUCCESS', 'FAILED') and source = any(${names as string[]})`;
  return names.filter(
    (name) =>
      !rows.some((row) => row.source === name && row.done) || !runs.some((run) => run.source === name),
  );
}
