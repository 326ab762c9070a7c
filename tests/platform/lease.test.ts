import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../db/client.ts';
import { takeLease } from '../../platform/lease.ts';
import { openTestDatabase, type TestDatabase } from '../database.ts';

let home: TestDatabase;
let db: Database;

beforeAll(async () => {
  home = await openTestDatabase();
  db = openDatabase(home.url, { name: 'herald-test', max: 12 });
});
beforeEach(async () => {
  await db.sql`delete from lease`;
});
afterAll(async () => {
  await db.close();
  await home.close();
});

/** The time to live runs out on the database clock: move the row, not the clock. */
const expire = () => db.sql`update lease set expires_at = clock_timestamp() - interval '1 second'`;

test('of ten who come at once one gets it', async () => {
  const taken = await Promise.all(Array.from({ length: 10 }, (_, i) => takeLease(db, 'job', `holder-${i}`)));
  expect(taken.filter((lease) => lease !== null)).toHaveLength(1);
});

test('it is refused while somebody else holds it', async () => {
  await takeLease(db, 'job', 'a');
  expect(await takeLease(db, 'job', 'b')).toBeNull();
});

test('its holder may take it again', async () => {
  const first = await takeLease(db, 'job', 'a');
  const second = await takeLease(db, 'job', 'a');
  expect(second!.fence).toBe(first!.fence + 1);
});

test('leases of other names do not matter', async () => {
  await takeLease(db, 'job', 'a');
  expect(await takeLease(db, 'other', 'b')).not.toBeNull();
});

test('after its time anybody may take it, with a higher fence', async () => {
  const first = await takeLease(db, 'job', 'a');
  await expire();
  const second = await takeLease(db, 'job', 'b');
  expect(second!.fence).toBeGreaterThan(first!.fence);
});

test('renewing keeps it', async () => {
  const lease = await takeLease(db, 'job', 'a');
  await expire();
  expect(await lease!.renew()).toBe(true);
  expect(await takeLease(db, 'job', 'b')).toBeNull();
});

test('a holder that was overtaken cannot renew', async () => {
  const first = await takeLease(db, 'job', 'a');
  await expire();
  await takeLease(db, 'job', 'b');
  expect(await first!.renew()).toBe(false);
});

test('a holder that was overtaken cannot release what is no longer its own', async () => {
  const first = await takeLease(db, 'job', 'a');
  await expire();
  const second = await takeLease(db, 'job', 'b');
  await first!.release();
  expect(await second!.renew()).toBe(true);
  expect(await takeLease(db, 'job', 'c')).toBeNull();
});

test('released, it is free at once and the fence still rises', async () => {
  const first = await takeLease(db, 'job', 'a');
  await first!.release();
  const second = await takeLease(db, 'job', 'b');
  expect(second!.fence).toBe(first!.fence + 1);
});
