import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../db/client.ts';
import { jobId, openQueue, type Queue } from '../../platform/queue.ts';
import { openTestDatabase, type TestDatabase } from '../database.ts';
import { quiet } from '../run-cycle.ts';

let home: TestDatabase;
let db: Database;
let queue: Queue;

beforeAll(async () => {
  home = await openTestDatabase();
  db = openDatabase(home.url, { name: 'herald-test', max: 3 });
  queue = await openQueue(home.url, { log: quiet, pollSeconds: 0.5 });
});
afterAll(async () => {
  await queue.close();
  await db.close();
  await home.close();
});

const put = (name: string, key: string) =>
  db.inTransaction((tx) => queue.enqueue(tx, name, { key }, { id: jobId(key) }));
/** Settles with the jobs of a queue, once it has this many. */
async function takes(name: string, n: number): Promise<string[]> {
  const seen: string[] = [];
  const done = Promise.withResolvers<void>();
  await queue.work<{ key: string }>(name, async ({ key }) => {
    seen.push(key);
    if (seen.length >= n) done.resolve();
  });
  await done.promise;
  return seen;
}

test('the id of a job follows from its key and is a UUID', () => {
  expect(jobId('a')).toBe(jobId('a'));
  expect(jobId('a')).not.toBe(jobId('b'));
  expect(jobId('a')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('a job enqueued twice is there once, also after it was done', async () => {
  expect([await put('twice', 'k1'), await put('twice', 'k1')]).toEqual([true, false]);
  expect(await takes('twice', 1)).toEqual(['k1']);
  expect(await put('twice', 'k1')).toBe(false);
});

test('a job of a transaction that was rolled back is never done', async () => {
  const failed = db.inTransaction(async (tx) => {
    await queue.enqueue(tx, 'rolled', { key: 'gone' }, { id: jobId('gone') });
    throw new Error('no');
  });
  await expect(failed).rejects.toThrow('no');
  await put('rolled', 'kept');
  expect(await takes('rolled', 1)).toEqual(['kept']);
});

test('a job that failed is tried again', async () => {
  let tries = 0;
  const done = Promise.withResolvers<void>();
  await put('again', 'k2');
  await queue.work('again', async () => {
    tries += 1;
    if (tries === 1) throw new Error('not yet');
    done.resolve();
  });
  await done.promise;
  expect(tries).toBe(2);
});
