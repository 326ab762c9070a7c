/**
 * When things are due, decided once for any number of replicas: node-cron only wakes us; what is due follows from the
 * *database* clock and `last_slot`, under the row's lock. Hosts with wrong clocks fire neither early nor twice, and
 * an outage is caught up with the latest slot that it swallowed.
 */
import { schedule as wakeBy } from 'node-cron';
import type { Database, Transaction } from '../db/client.ts';
import { dueSlot, parseCron } from './due-slot.ts';
import type { Log } from './log.ts';

export type ScheduleDefinition = {
  name: string;
  kind: string;
  cron: string;
  timeZone: string;
  /** What the kind needs; kept as given. */
  definition: object;
};

export type Slot = {
  at: Date;
  /** More than two hours ago: what is done for it says so. */
  late: boolean;
  lateSeconds: number;
};

export type SchedulerOptions = {
  db: Database;
  /** Runs inside the transaction that moves `last_slot`: enqueue here, do the work elsewhere. */
  onSlot: (tx: Transaction, schedule: ScheduleDefinition, slot: Slot) => Promise<void>;
  log: Log;
  /** Only schedules of these kinds: others belong to other processes. Default all. */
  kinds?: readonly string[];
  /** How often to look; any replica's look is enough. Default every ten seconds. */
  wake?: string;
};

export type Scheduler = {
  start(): void;
  /** Look once; gives how many slots were taken here. */
  tick(): Promise<number>;
  stop(): Promise<void>;
};

const lateAfterSeconds = 2 * 3600;

export function createScheduler({
  db,
  onSlot,
  log,
  kinds,
  wake = '*/10 * * * * *',
}: SchedulerOptions): Scheduler {
  let task: ReturnType<typeof wakeBy> | null = null;
  let looking: Promise<unknown> = Promise.resolve();

  async function tick(): Promise<number> {
    const names = await db.sql<{ name: string }[]>`
      select name from schedule where ${kinds ? [...kinds] : null}::text[] is null or kind = any(${kinds ? [...kinds] : null}::text[]) order by name`;
    let taken = 0;
    // A transaction each: one schedule that cannot be read holds up no other.
    for (const { name } of names) {
      try {
        if (await takeSlot(db, name, onSlot)) taken += 1;
      } catch (thrown) {
        log.error({ schedule: name, err: (thrown as Error).message }, 'schedule: a slot could not be taken');
      }
    }
    return taken;
  }

  return {
    start() {
      task ??= wakeBy(
        wake,
        () => {
          looking = tick().catch((thrown: unknown) =>
            log.warn({ err: (thrown as Error).message }, 'schedule: could not look for due slots'),
          );
          return looking;
        },
        { noOverlap: true, name: 'herald-schedule' },
      );
    },
    tick,
    async stop() {
      await task?.destroy();
      task = null;
      await looking;
    },
  };
}

type Row = {
  name: string;
  kind: string;
  cron: string;
  time_zone: string;
  definition: object;
  last_slot: Date | null;
  paused: boolean;
  now: Date;
};

async function takeSlot(db: Database, name: string, onSlot: SchedulerOptions['onSlot']): Promise<boolean> {
  return db.inTransaction(async (tx) => {
    // Who holds the lock is taking the slot: the others need not wait for it.
    const [row] = await tx<Row[]>`
      select name, kind, cron, time_zone, definition, last_slot, paused, clock_timestamp() as now
      from schedule where name = ${name} for update skip locked`;
    if (!row) return false;
    // Seen for the first time: nothing before now was ever promised.
    const due = row.last_slot ? dueSlot(row.cron, row.time_zone, row.last_slot, row.now) : row.now;
    if (!due) return false;
    await tx`update schedule set last_slot = ${due} where name = ${name}`;
    // Slots that pass during a pause are gone: resuming does not send them.
    if (row.paused || !row.last_slot) return false;
    const lateSeconds = Math.round((row.now.getTime() - due.getTime()) / 1000);
    const { kind, cron, definition } = row;
    await onSlot(
      tx,
      { name, kind, cron, timeZone: row.time_zone, definition },
      { at: due, late: lateSeconds > lateAfterSeconds, lateSeconds },
    );
    return true;
  });
}

/**
 * Make the stored schedules of these kinds what the configuration says. What people made in chat and what they paused
 * stays; a schedule with a new cron or zone starts from now. Throws `setup` for a cron that cannot be read.
 */
export async function syncSchedules(
  db: Database,
  definitions: readonly ScheduleDefinition[],
  { kinds = ['digest'] }: { kinds?: readonly string[] } = {},
): Promise<void> {
  for (const { cron, timeZone } of definitions) parseCron(cron, timeZone);
  await db.inTransaction(async (tx) => {
    for (const { name, kind, cron, timeZone, definition } of definitions) {
      await tx`
        insert into schedule as s (name, kind, cron, time_zone, definition, last_slot, origin)
        values (${name}, ${kind}, ${cron}, ${timeZone}, ${tx.json(definition as never)}, clock_timestamp(), 'config')
        on conflict (name) do update set kind = excluded.kind, definition = excluded.definition, origin = 'config',
          last_slot = case when s.cron = excluded.cron and s.time_zone = excluded.time_zone then s.last_slot else excluded.last_slot end,
          cron = excluded.cron, time_zone = excluded.time_zone`;
    }
    await tx`
      delete from schedule where origin = 'config' and kind = any(${[...kinds]}) and name <> all(${definitions.map(({ name }) => name)}::text[])`;
  });
}

/** Hold a schedule, or let it go on from now. False when there is none of this name. */
export async function pauseSchedule(db: Database, name: string, paused: boolean): Promise<boolean> {
  const rows = await db.sql`
    update schedule set paused = ${paused}, last_slot = case when paused and not ${paused} then clock_timestamp() else last_slot end
    where name = ${name} returning 1`;
  return rows.length === 1;
}
