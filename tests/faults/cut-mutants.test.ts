/**
 * A backend is really ended between two statements of a worker, where it would hurt most. What keeps records and
 * position, numbers and position in one transaction loses nothing; what does not, has to be seen.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Database, Transaction } from '../../db/client.ts';
import { builtIn } from '../../kpi/catalogue.ts';
import { rollUp } from '../../kpi/rollup/rollup.ts';
import { keepCheckpoint } from '../../sync/load/keep-checkpoint.ts';
import { loadBatch } from '../../sync/load.ts';
import { type Load, type MutantHome, openMutantHome } from './mutant-home.ts';
import { flawless, judge } from './oracle.ts';

let home: MutantHome;
beforeEach(async () => {
  home = await openMutantHome();
  await home.round();
  home.company.advance(10 * 60_000);
  // Minutes apart: a reading overlaps with the one before it.
  home.changeDeal(0, home.second() - 5 * 60_000);
  home.changeDeal(1, home.second() - 60_000);
});
afterEach(() => home.close());

async function verdict() {
  home.company.advance(20 * 60_000);
  await home.round();
  const { examples: _examples, versions: _versions, ...rest } = await judge(home.db, home.company);
  return rest;
}

/** A database whose backend ends before the statement that begins so; once. */
function cutBefore(db: Database, beginning: string): Database {
  let isDone = false;
  return {
    ...db,
    inTransaction: (work, options) =>
      db.inTransaction(
        (tx) =>
          work(
            new Proxy(tx, {
              apply(target, self, [strings, ...values]: [TemplateStringsArray, ...unknown[]]) {
                const run = () => Reflect.apply(target as never, self, [strings, ...values]);
                if (isDone || !strings[0]?.trim().startsWith(beginning)) return run();
                isDone = true;
                return endBackend(tx).then(run);
              },
            }),
          ),
        options,
      ),
  };
}

async function endBackend(tx: Transaction): Promise<void> {
  const [own] = await tx<{ pid: number }[]>`select pg_backend_pid() as pid`;
  await home.db.sql`select pg_terminate_backend(${own!.pid})`;
  // Until this end has heard of it: a statement that meets a dying connection fails in any case.
  await pause(100);
}

/** Load the changed deals; the backend ends just before the position is kept. Then nothing is in the way any more. */
async function playCutLoad(load: Load = loadBatch): Promise<void> {
  const isDeal: Load = (db, target, batch) => {
    const cut = target.stream.name === 'Opportunity' ? cutBefore(db, 'insert into checkpoint') : db;
    return load(cut, target, batch);
  };
  await expect(home.round({ load: isDeal })).rejects.toThrow();
  await home.round();
}

test('a backend that ends between records and position takes both along', async () => {
  await playCutLoad();
  expect(await verdict()).toEqual(flawless);
});

test('a position in a transaction of its own is caught when the backend ends before the records', async () => {
  await playCutLoad(async (db, target, batch) => {
    await home.db.inTransaction((tx) => keepCheckpoint(tx, target, batch, null));
    return loadBatch(db, target, batch);
  });
  expect(await verdict()).toMatchObject({ stale: 1, rows: 1, figures: { won_value: -100 } });
});

/** The deals are loaded and not yet counted. */
async function playCutCount(): Promise<void> {
  await home.round({ counted: false });
  const cut = cutBefore(home.db, 'update consumer_position');
  await expect(rollUp(cut, { measures: builtIn.measures, timeZone: 'UTC' })).rejects.toThrow();
}

const moveTo = (seq: string) =>
  home.db.sql.unsafe(`update consumer_position set seq = ${seq} where consumer = 'rollup'`);

test('a roll-up whose backend ends before its position is kept counts again, and once', async () => {
  await playCutCount();
  expect(await verdict()).toEqual(flawless);
});

test('a roll-up that moves on before it has counted is caught', async () => {
  await home.round({ counted: false });
  await moveTo('(select max(seq) from change_batch)');
  expect(await verdict()).toMatchObject({ stale: 0, figures: { won_value: -200 } });
});

test('a roll-up that moves on in another transaction than it counts in is caught', async () => {
  const [before] = await home.db.sql<
    { seq: number }[]
  >`select seq from consumer_position where consumer = 'rollup'`;
  await home.round();
  // Counted and committed; then the backend ended.
  await moveTo(String(before!.seq));
  expect(await verdict()).toMatchObject({ stale: 0, figures: { won_value: 200 } });
});
