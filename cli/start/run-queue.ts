/**
 * Runs that are asked for, by a schedule or over HTTP. They are jobs: whichever worker of the source is alive begins
 * them, one that dies gives them back, and a restart forgets none. Slots fall due on the database's clock, once for
 * any number of workers.
 */
import { openQueue, type Queue } from '../../platform/queue.ts';
import { createScheduler, syncSchedules } from '../../platform/schedule.ts';
import { type AskedRun, askRun, runQueueOf } from '../../sync/ask-run.ts';
import type { Workshop } from '../sync-sources.ts';
import type { LoopOptions, SyncLoops } from './sync-loops.ts';

/** A run is minutes of work: nobody misses the second second. */
const POLL_SECONDS = 2;

export type RunQueue = {
  sources: readonly string[];
  /** Returns the run's number. */
  ask(source: string, cause: string): Promise<number>;
  close(): Promise<void>;
};

const kindOf = (source: string) => `sync:${source}`;

export async function openRunQueue(
  { db, log, timeZone }: Pick<Workshop, 'db' | 'log' | 'timeZone'>,
  sources: LoopOptions['sources'],
  loops: Pick<SyncLoops, 'run'>,
): Promise<RunQueue> {
  const names = sources.map(({ source }) => source.name);
  // Another worker's sources keep their schedules.
  await syncSchedules(
    db,
    sources.flatMap(({ source: { name }, schedule }) =>
      schedule
        ? [{ name: kindOf(name), kind: kindOf(name), cron: schedule, timeZone, definition: { source: name } }]
        : [],
    ),
    { kinds: names.map(kindOf) },
  );
  const queue: Queue = await openQueue(db.url, { log, pollSeconds: POLL_SECONDS });
  for (const name of names) await queue.work<AskedRun>(runQueueOf(name), (asked) => loops.run(name, asked));
  const scheduler = createScheduler({
    db,
    log,
    kinds: names.map(kindOf),
    async onSlot(tx, { definition, cron }, { late }) {
      const { source } = definition as { source: string };
      await askRun(tx, queue, source, `schedule ${cron}${late ? ', late' : ''}`);
    },
  });
  scheduler.start();
  return {
    sources: names,
    ask: (source, cause) => db.inTransaction((tx) => askRun(tx, queue, source, cause)),
    async close() {
      await scheduler.stop();
      await queue.close();
    },
  };
}
