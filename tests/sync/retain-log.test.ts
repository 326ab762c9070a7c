import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../db/client.ts';
import { retainLog } from '../../sync/retain-log.ts';
import { openTestDatabase, type TestDatabase } from '../database.ts';

const now = new Date('2026-11-22T10:00:00Z');
let home: TestDatabase;
let db: Database;

beforeEach(async () => {
  home = await openTestDatabase();
  db = openDatabase(home.url, { name: 'herald-test', max: 2 });
  await db.sql`delete from consumer_position`;
});
afterEach(async () => {
  await db.close();
  await home.close();
});

/** A batch with one entry, committed so many days ago; its data version is the number of batches so far. */
async function batch(daysAgo: number): Promise<void> {
  await db.inTransaction(async (tx) => {
    const [row] = await tx<
      { id: number }[]
    >`insert into change_batch (source, stream) values ('crm', 'deal') returning id`;
    await tx`insert into change_log (batch_id, tbl) values (${row!.id}, 'deal')`;
  });
  await db.sql`update change_batch set committed_at = ${new Date(now.getTime() - daysAgo * 86_400_000)} where seq = (select seq from data_version)`;
}

const consumer = (name: string, seq: number) =>
  db.sql`insert into consumer_position (consumer, seq) values (${name}, ${seq})`;
const keep = (consumers: string[]) => retainLog(db, { days: 35, now, consumers });
const left = async () =>
  (
    await db.sql<
      { seq: number }[]
    >`select b.seq from change_log l join change_batch b on b.id = l.batch_id order by 1`
  ).map(({ seq }) => seq);

test('entries that all consumers have passed are dropped once they are old', async () => {
  for (const daysAgo of [90, 36, 34, 0]) await batch(daysAgo);
  await consumer('rollup', 4);
  await consumer('resolve', 4);
  expect(await keep(['rollup', 'resolve'])).toBe(2);
  expect(await left()).toEqual([3, 4]);
});

test('an old entry that one consumer has yet to read stays', async () => {
  for (const daysAgo of [90, 80, 70]) await batch(daysAgo);
  await consumer('rollup', 3);
  await consumer('resolve', 1);
  expect(await keep(['rollup', 'resolve'])).toBe(1);
  expect(await left()).toEqual([2, 3]);
});

test('nothing is dropped before a consumer that will read everything has begun', async () => {
  await batch(90);
  await consumer('rollup', 1);
  expect(await keep(['rollup', 'resolve'])).toBe(0);
  expect(await left()).toEqual([1]);
});

test('a consumer that nobody named holds entries too', async () => {
  await batch(90);
  await consumer('rollup', 1);
  await consumer('an experiment', 0);
  expect(await keep(['rollup'])).toBe(0);
});

test('hundreds of batches are dropped in several transactions, and again finds nothing', async () => {
  await db.sql`insert into change_batch (source) select 'crm' from generate_series(1, 250)`;
  await db.sql`update change_batch set committed_at = '2026-01-01'`;
  await db.sql`insert into change_log (batch_id, tbl) select id, 'deal' from change_batch`;
  await consumer('rollup', 250);
  expect(await keep(['rollup'])).toBe(250);
  expect(await keep(['rollup'])).toBe(0);
});
