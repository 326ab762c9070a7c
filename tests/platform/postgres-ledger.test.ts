/** The shared ledger on the real Postgres: several connections, one clock. */
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../db/client.ts';
import { createPacer } from '../../platform/pace.ts';
import { createPostgresLedger } from '../../platform/postgres-ledger.ts';
import { openTestDatabase, type TestDatabase } from '../database.ts';

let home: TestDatabase;
let one: Database;
let two: Database;

beforeAll(async () => {
  home = await openTestDatabase();
  one = openDatabase(home.url, { name: 'herald-one', max: 2 });
  two = openDatabase(home.url, { name: 'herald-two', max: 2 });
});
afterAll(async () => {
  await one.close();
  await two.close();
  await home.close();
});

const slow = { perSecond: 0.001, burst: 10 };
const ask = { limit: slow, want: 1, floor: 0 };

describe('the ledger', () => {
  it('grants the burst once, to whoever asks', async () => {
    const ledgers = [one, two].map((db) => createPostgresLedger(db, 'burst'));
    const grants = await Promise.all(Array.from({ length: 60 }, (_, i) => ledgers[i % 2]!.take('api', ask)));
    expect(grants.reduce((sum, { granted }) => sum + granted, 0)).toBe(10);
  });

  it('grants as many as there are when more are wanted', async () => {
    const ledger = createPostgresLedger(one, 'many');
    expect((await ledger.take('api', { ...ask, want: 25 })).granted).toBe(10);
  });

  it('leaves to urgent work what is its share', async () => {
    const ledger = createPostgresLedger(one, 'share');
    expect((await ledger.take('api', { ...ask, want: 25, floor: 4 })).granted).toBe(6);
    expect((await ledger.take('api', { ...ask, floor: 4 })).granted).toBe(0);
    expect((await ledger.take('api', ask)).granted).toBe(1);
  });

  it('says when the next token is there', async () => {
    const ledger = createPostgresLedger(one, 'next');
    const limit = { perSecond: 0.5, burst: 1 };
    await ledger.take('api', { ...ask, limit });
    const { granted, waitMs } = await ledger.take('api', { ...ask, limit });
    expect(granted).toBe(0);
    expect(waitMs).toBeGreaterThan(1000);
    expect(waitMs).toBeLessThanOrEqual(2000);
  });

  it('holds everybody, and no shorter when told a shorter time', async () => {
    await createPostgresLedger(one, 'held').hold('api', 60_000, slow);
    await createPostgresLedger(one, 'held').hold('api', 10, slow);
    const { granted, waitMs } = await createPostgresLedger(two, 'held').take('api', ask);
    expect(granted).toBe(0);
    expect(waitMs).toBeGreaterThan(30_000);
  });

  it('believes the platform when it counts fewer, never when it counts more', async () => {
    const ledger = createPostgresLedger(one, 'lower');
    await ledger.take('api', ask);
    await ledger.lower('api', 2, slow);
    await ledger.lower('api', 8, slow);
    expect((await ledger.take('api', { ...ask, want: 25 })).granted).toBe(2);
  });

  it('keeps accounts and buckets apart', async () => {
    const { sql } = one;
    await createPostgresLedger(one, 'a').take('x', ask);
    await createPostgresLedger(one, 'a').take('y', ask);
    await createPostgresLedger(one, 'b').take('x', ask);
    const rows = await sql`select tokens from pace_bucket where account in ('a', 'b')`;
    expect(rows.map(({ tokens }) => tokens)).toEqual([9, 9, 9]);
  });
});

it('two processes together stay under burst + rate·t', async () => {
  const limit = { perSecond: 200, burst: 150 };
  const now = () => new Date();
  const wait = (ms: number, signal: AbortSignal) => pause(ms, undefined, { signal });
  const pacers = [one, two].map((db) =>
    createPacer({ pace: { api: limit }, now, wait, ledger: createPostgresLedger(db, 'both'), keepMs: 500 }),
  );
  const { signal } = new AbortController();
  const begun = performance.now();
  const sent: number[] = [];
  await Promise.all(
    pacers.map(async (pacer) => {
      // One caller after the other, as a source reads: each call is a decision.
      for (let call = 0; call < 200; call++) {
        await pacer.take('api', signal, 'hinted');
        sent.push(performance.now() - begun);
      }
    }),
  );
  const seconds = (performance.now() - begun) / 1000;
  expect(sent).toHaveLength(400);
  // 400 calls need at least (400 − burst) / rate seconds; the two clocks tick alike within a few milliseconds.
  expect(seconds).toBeGreaterThan((400 - limit.burst) / limit.perSecond - 0.02);
});
