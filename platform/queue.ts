/**
 * Work that must be done once, by whichever process is alive: pg-boss on our own Postgres.
 *
 * A job is enqueued inside the caller's transaction, under an id that follows from what it is for: a second enqueue
 * of the same thing is refused by the primary key, also after the job was done (`singletonKey` does not do that).
 * A worker that dies stops its heartbeat, and the job goes to another one.
 */
import { createHash } from 'node:crypto';
import { type Job, PgBoss } from 'pg-boss';
import type { Transaction } from '../db/client.ts';
import type { Log } from './log.ts';

export type Queue = {
  /** Do jobs of this name here, one at a time. A handler that throws has its job tried again, with back-off. */
  work<T extends object>(name: string, handler: (data: T) => Promise<void>): Promise<void>;
  /** Enqueue in the caller's transaction; false when this id was enqueued before. */
  enqueue(tx: Transaction, name: string, data: object, options: EnqueueOptions): Promise<boolean>;
  /** Take no more jobs and wait for those in hand, at most 25 s. */
  close(): Promise<void>;
};

export type EnqueueOptions = {
  /** From `jobId`. */
  id: string;
  startAfterSeconds?: number;
};

export type QueueOptions = {
  log: Log;
  /** How often a worker looks for jobs. Default 1. */
  pollSeconds?: number;
};

/** Enough for composing the largest digest with its pictures; then the job counts as lost. */
const expireInSeconds = 300;
/** The least that pg-boss allows: a dead worker's job is another's after about 12 s. */
const heartbeatSeconds = 10;
const poolSize = 2;

/** A UUID (version 8) that follows from the key alone. */
export function jobId(key: string): string {
  const hex = createHash('sha256').update(key).digest('hex');
  const variant = ((Number.parseInt(hex[16]!, 16) & 3) | 8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Start the queue; its tables are made in a schema of their own, `pgboss`, when they are not there yet. */
export async function openQueue(url: string, { log, pollSeconds = 1 }: QueueOptions): Promise<Queue> {
  const boss = new PgBoss({
    connectionString: url,
    application_name: 'herald-queue',
    max: poolSize,
    // Slots are ours: pg-boss's cron reads another clock, and forgets all but the latest.
    schedule: false,
    superviseIntervalSeconds: heartbeatSeconds,
    monitorIntervalSeconds: heartbeatSeconds,
  });
  boss.on('error', (error) => log.warn({ err: error.message }, 'queue: an error in the background'));
  await boss.start();

  const made = new Map<string, Promise<void>>();
  const make = (name: string): Promise<void> => {
    const known = made.get(name);
    if (known) return known;
    const making = boss
      .createQueue(name, {
        policy: 'standard',
        expireInSeconds,
        heartbeatSeconds,
        retryLimit: 8,
        retryDelay: 2,
        retryBackoff: true,
        retryDelayMax: 300,
      })
      .catch((thrown: unknown) => {
        made.delete(name);
        throw thrown;
      });
    made.set(name, making);
    return making;
  };

  return {
    async work<T extends object>(name: string, handler: (data: T) => Promise<void>) {
      await make(name);
      await boss.work<T>(
        name,
        { pollingIntervalSeconds: pollSeconds, batchSize: 1 },
        async (jobs: Job<T>[]) => {
          for (const job of jobs) {
            try {
              await handler(job.data);
            } catch (thrown) {
              log.error({ job: job.id, queue: name, err: (thrown as Error).message }, 'queue: a job failed');
              throw thrown;
            }
          }
        },
      );
    },

    async enqueue(tx, name, data, { id, startAfterSeconds }) {
      await make(name);
      // pg-boss hands over finished statements; they run on the caller's connection.
      const db = {
        executeSql: async (text: string, values: unknown[] = []) => ({
          rows: [...(await tx.unsafe(text, values as never[]))],
        }),
      };
      const options = {
        id,
        db,
        ...(startAfterSeconds === undefined ? {} : { startAfter: startAfterSeconds }),
      };
      return (await boss.send(name, data, options)) !== null;
    },

    close: () => boss.stop({ graceful: true, timeout: 25_000 }),
  };
}
