/** Runs that are asked for, on the real queue: what a restart, a second worker and a schedule make of them. */
import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createGates } from '../../cli/source-gates.ts';
import { openRunQueue, type RunQueue } from '../../cli/start/run-queue.ts';
import { type SyncLoops, startLoops } from '../../cli/start/sync-loops.ts';
import type { Workshop } from '../../cli/sync-sources.ts';
import { type Database, openDatabase } from '../../db/client.ts';
import { createEvents } from '../../sync/events.ts';
import { readRun } from '../../sync/read-runs.ts';
import { openTestDatabase, type TestDatabase } from '../database.ts';
import { MemorySource } from '../memory-source.ts';
import { quiet } from '../run-cycle.ts';

let home: TestDatabase;
let db: Database;
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  home = await openTestDatabase();
  db = openDatabase(home.url, { name: 'herald-test', max: 6 });
}, 60_000);
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
}, 60_000);
afterAll(async () => {
  await db.close();
  await home.close();
}, 60_000);

/** A worker of one source, as a process of its own would be. */
function worker(source: MemorySource, schedule?: string) {
  const events = createEvents(quiet);
  const stop = new AbortController();
  const now = () => new Date();
  const workshop: Workshop = {
    db,
    now,
    random: () => 0,
    holder: randomBytes(4).toString('hex'),
    key: randomBytes(32),
    timeZone: 'UTC',
    kpis: [],
    measures: [],
    log: quiet,
    signal: stop.signal,
    events,
    gates: createGates({ db, now, log: quiet, events }),
  };
  const ended: { runId: number; changed: number }[] = [];
  const waiting: (() => void)[] = [];
  events.on('run.finished', (run) => {
    ended.push(run);
    for (const wake of waiting.splice(0)) wake();
  });
  const sources = [{ source, schedule }];
  const loops: SyncLoops = startLoops(workshop, {
    sources,
    atOnce: 1,
    everyMs: 3_600_000,
    onProgress: () => undefined,
    onCounted: async () => undefined,
  });
  closing.push(async () => {
    stop.abort(new Error('stop'));
    await loops.stop();
  });
  return {
    workshop,
    loops,
    ended,
    async queue(): Promise<RunQueue> {
      const queue = await openRunQueue(workshop, sources, loops);
      closing.push(() => queue.close());
      return queue;
    },
    async until(done: () => boolean): Promise<void> {
      while (!done()) await new Promise<void>((wake) => waiting.push(wake));
    },
  };
}

describe('a run that was asked for', () => {
  test('is done by the worker under the number it was given', async () => {
    const { loops, queue, ended, until } = worker(new MemorySource('billing', ['account']));
    await loops.firstRound;
    const run = await (await queue()).ask('billing', 'asked for by ops');
    await until(() => ended.some(({ runId }) => runId === run));
    expect(await readRun(db.sql, run)).toMatchObject({ state: 'SUCCESS', cause: 'asked for by ops' });
  }, 60_000);

  test('survives the restart of its worker', async () => {
    const source = new MemorySource('files', ['account']);
    const first = worker(source);
    await first.loops.firstRound;
    // A worker that is told to stop before it begins: the job is nobody's.
    const asking = await openRunQueue(first.workshop, [], first.loops);
    const { askRun } = await import('../../sync/ask-run.ts');
    const { openQueue } = await import('../../platform/queue.ts');
    const queue = await openQueue(db.url, { log: quiet });
    const run = await db.inTransaction((tx) => askRun(tx, queue, 'files', 'asked for by ops'));
    await queue.close();
    await asking.close();
    for (const close of closing.splice(0)) await close();
    expect(await readRun(db.sql, run)).toMatchObject({ state: 'IDLE' });

    const second = worker(source);
    await second.queue();
    await second.until(() => second.ended.some(({ runId }) => runId === run));
    expect(await readRun(db.sql, run)).toMatchObject({ state: 'SUCCESS' });
  }, 60_000);

  test('is asked for by a schedule once, however many workers there are', async () => {
    const source = new MemorySource('ledger', ['account']);
    const one = worker(source, '0 0 1 1 *');
    await one.loops.firstRound;
    await one.queue();
    const two = worker(source, '0 0 1 1 *');
    await two.queue();
    // The last slot was a minute before this year began; the database's clock says that one is due.
    await db.sql`update schedule set last_slot = date_trunc('year', clock_timestamp()) - interval '1 minute' where name = 'sync:ledger'`;
    const isScheduled = () =>
      db.sql`select id from sync_run where source = 'ledger' and cause like 'schedule%'`;
    await Promise.race([one, two].map((each) => each.until(() => each.ended.length > 1)));
    expect(await isScheduled()).toHaveLength(1);
    const [row] = await db.sql<{ cause: string }[]>`select cause from sync_run where cause like 'schedule%'`;
    expect(row!.cause).toBe('schedule 0 0 1 1 *, late');
  }, 60_000);
});
