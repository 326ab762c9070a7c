/**
 * Connections that are cut at any moment, also while they are being made: whatever was asked settles, well or not,
 * and what comes after works. Without the guard, one query in three runs of this waited for ever.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../db/client.ts';
import { openTestDatabase, type TestDatabase } from '../database.ts';

let home: TestDatabase;
let admin: Database;
const name = 'herald-cut';
const ROUNDS = 6;
const CUTS_FOR_MS = 300;
/** The driver's own limit for a connection that is never made is 10 s. */
const PATIENCE_MS = 25_000;

beforeAll(async () => {
  home = await openTestDatabase();
  admin = openDatabase(home.url, { name: 'herald-test', max: 2 });
});
afterAll(async () => {
  await admin.close();
  await home.close();
});

/** The same sequence on every run. */
function seeded(seed: number) {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
const random = seeded(7);

async function cutFor(ms: number): Promise<void> {
  const until = performance.now() + ms;
  while (performance.now() < until) {
    await admin.sql`
      select pg_terminate_backend(pid) from pg_stat_activity where application_name = ${name} and datname = current_database()`;
    await pause(random() * 30);
  }
}

const settled = (work: Promise<unknown>) =>
  Promise.race([
    work.then(
      () => 'done',
      () => 'refused',
    ),
    pause(PATIENCE_MS, 'waits for ever', { ref: false }),
  ]);

test('no query and no transaction waits for ever on a connection that was cut', async () => {
  const outcomes: string[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const db = openDatabase(home.url, { name, max: 4 });
    const ask = async (asker: number) => {
      for (let n = 0; n < 12; n++) {
        const work =
          asker % 3 === 2
            ? db.inTransaction(async (tx) => {
                await tx`select pg_sleep(0.002)`;
                await tx`select ${n}::int`;
              })
            : db.sql`select ${n}::int, pg_sleep(${random() * 0.01})`;
        outcomes.push(await settled(work));
      }
    };
    await Promise.all([cutFor(CUTS_FOR_MS), ...[0, 1, 2, 3, 4, 5].map(ask)]);
    outcomes.push(await settled(db.sql`select 1`));
    await db.close();
  }
  expect(new Set(outcomes)).toEqual(new Set(['done', 'refused']));
}, 300_000);

test('after a cut the next query is answered', async () => {
  const db = openDatabase(home.url, { name, max: 2 });
  try {
    const [row] = await db.sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
    await admin.sql`select pg_terminate_backend(${row!.pid})`;
    await db.sql`select 1`.catch(() => undefined);
    expect(await db.sql`select 1 as one`).toEqual([{ one: 1 }]);
  } finally {
    await db.close();
  }
});

test('the late end of a transaction that lost its connection does not end another one', async () => {
  const db = openDatabase(home.url, { name, max: 1 });
  try {
    let thaw: () => void = () => undefined;
    const frozen = new Promise<void>((resolve) => {
      thaw = resolve;
    });
    const lost = db.inTransaction(async (tx) => {
      const [row] = await tx<{ pid: number }[]>`select pg_backend_pid() as pid`;
      await admin.sql`select pg_terminate_backend(${row!.pid})`;
      await frozen;
      throw new Error('late');
    });
    await expect(lost).rejects.toThrow();
    const second = db.inTransaction(async (tx) => {
      await tx`insert into staff (system, id, name) values ('cut', 'first', 'x')`;
      thaw();
      await pause(50);
      // Alone and for good, were the late rollback of the first to end this transaction.
      await tx`insert into staff (system, id, name) values ('cut', 'second', 'x')`;
      throw new Error('taken back');
    });
    await expect(second).rejects.toThrow('taken back');
    expect(await admin.sql`select id from staff where system = 'cut'`).toEqual([]);
  } finally {
    await db.close();
  }
});
