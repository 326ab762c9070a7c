/**
 * A run that somebody or a schedule asks for: a row in state IDLE, and the job that makes a worker begin it, in one
 * transaction. It waits for its worker however long that is away.
 */
import type { Transaction } from '../db/client.ts';
import { jobId, type Queue } from '../platform/queue.ts';

export type AskedRun = { runId: number; cause: string };

/** A queue per source: a worker takes only what it can do. */
export const runQueueOf = (source: string) => `sync-${source}`;

/** Returns the run's number. */
export async function askRun(tx: Transaction, queue: Queue, source: string, cause: string): Promise<number> {
  const [row] = await tx<{ id: number }[]>`
    insert into sync_run (source, state, cause) values (${source}, 'IDLE', ${cause}) returning id`;
  const runId = row!.id;
  const data: AskedRun = { runId, cause };
  await queue.enqueue(tx, runQueueOf(source), data, { id: jobId(`run:${runId}`) });
  return runId;
}
