/** What the sync has done: its runs, newest first, and the steps of one. */
import type { Queryable } from '../db/client.ts';
import type { RunState } from './states.ts';

export type RunRow = {
  id: number;
  source: string;
  state: RunState;
  cause: string | null;
  startedAt: Date;
  finishedAt: Date | null;
  read: number;
  changed: number;
  quarantined: number;
  error: string | null;
};

export type RunStep = { from: RunState; to: RunState; at: Date; detail: Record<string, unknown> | null };

const columns = `id, source, state, cause, started_at as "startedAt", finished_at as "finishedAt", read, changed, quarantined, error`;

/** The last runs, of one source or of all. */
export async function readRuns(
  sql: Queryable,
  { source = null, most }: { source?: string | null; most: number },
): Promise<RunRow[]> {
  return sql<RunRow[]>`
    select ${sql.unsafe(columns)} from sync_run where ${source}::text is null or source = ${source} order by id desc limit ${most}`;
}

/** One run with every step it took, oldest first; null when there is no such run. */
export async function readRun(
  sql: Queryable,
  id: number,
): Promise<(RunRow & { transitions: RunStep[] }) | null> {
  const [run] = await sql<RunRow[]>`select ${sql.unsafe(columns)} from sync_run where id = ${id}`;
  if (!run) return null;
  const transitions = await sql<RunStep[]>`
    select from_state as "from", to_state as "to", at, detail from sync_transition where run_id = ${id} order by id`;
  return { ...run, transitions };
}
