/** Slots become jobs, jobs become digests. */
import type { Database } from '../../db/client.ts';
import type { Log } from '../../platform/log.ts';
import { jobId, type Queue } from '../../platform/queue.ts';
import type { SchedulerOptions } from '../../platform/schedule.ts';
import type { DigestRunner } from './run-digest.ts';

const queueName = 'digest';
/** How long a digest waits for its sources, counted from its first try: after an outage they need it most. */
const patienceSeconds = 30 * 60;
const againAfterSeconds = 120;

type DigestJob = { name: string; slot: string; round: number };

const idOf = ({ name, slot, round }: DigestJob) => jobId(`digest\n${name}\n${slot}\n${round}`);

/** For `createScheduler`: enqueues a digest's slot in the transaction that takes it. */
export function digestOnSlot(queue: Queue): SchedulerOptions['onSlot'] {
  return async (tx, { name, kind }, { at }) => {
    if (kind !== 'digest') return;
    const job: DigestJob = { name, slot: at.toISOString(), round: 0 };
    await queue.enqueue(tx, queueName, job, { id: idOf(job) });
  };
}

/** Run digests here. One whose sources are behind comes back as a new job a little later. */
export async function workDigests({
  db,
  queue,
  runner,
  log,
}: {
  db: Database;
  queue: Queue;
  runner: DigestRunner;
  log: Log;
}): Promise<void> {
  await queue.work<DigestJob>(queueName, async ({ name, slot, round }) => {
    const left = patienceSeconds - round * againAfterSeconds;
    const run = await runner.run(name, new Date(slot), { scheduled: { patienceSeconds: left } });
    if (run.kind !== 'waiting') return;
    log.info({ digest: name, slot, stale: run.stale }, 'digest: waits for its sources');
    const next: DigestJob = { name, slot, round: round + 1 };
    await db.inTransaction((tx) =>
      queue.enqueue(tx, queueName, next, { id: idOf(next), startAfterSeconds: againAfterSeconds }),
    );
  });
}
