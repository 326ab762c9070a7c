/** Wrong ways to read in-house systems: the oracle has to see every one. */
import { setTimeout as pause } from 'node:timers/promises';
import postgres from 'postgres';
import { afterEach, expect, test } from 'vitest';
import { loadBatch } from '../../sync/load.ts';
import type { Batch } from '../../sync/source.ts';
import { presentOf } from './followed.ts';
import { type MutantHome, openMutantHome, type Read } from './mutant-home.ts';
import { flawless, judge } from './oracle.ts';

let home: MutantHome;
afterEach(() => home.close());

async function verdict() {
  const { examples: _examples, versions: _versions, ...rest } = await judge(home.db, home.company);
  return rest;
}

const followed = (name: string) =>
  home.company.followed.find(({ source, stream }) => `${source} ${stream}` === name)!;

/** Of two payments that are corrected, the one that was stamped first is committed last, after a reading. */
async function playSlowClerk(settings: Record<string, unknown>): Promise<void> {
  home = await openMutantHome({ inHouse: { billing: settings } });
  const { store } = followed('billing payments');
  const sql = postgres(String(home.company.sources.billing!.url), { max: 2, onnotice: () => undefined });
  const correct = async (tx: postgres.ISql, nth: number) => {
    const { id, record } = presentOf(store, 'payments')[nth]!;
    store.put('payments', id, { ...record, amount_cents: Number(record.amount_cents) + 1 }, Date.now());
    await tx`update payments set amount_cents = amount_cents + 1 where id = ${id}`;
  };
  // What was there from the beginning is older than any margin.
  await pause(1_100);
  await home.round();
  await sql.begin(async (slow) => {
    await correct(slow, 0);
    await sql.begin((quick) => correct(quick, 1));
    await pause(1_100);
    await home.round();
  });
  await pause(1_100);
  await home.round();
  await sql.end();
}

test('a row that was stamped early and committed late is read', async () => {
  await playSlowClerk({});
  expect(await verdict()).toEqual(flawless);
});

test('a reading up to this moment is caught: what is committed late is behind it', async () => {
  await playSlowClerk({ settleSeconds: 0 });
  expect(await verdict()).toMatchObject({ stale: 1, figures: { collected: -1 } });
});

/** The worker dies between two batches of the telephone's log. */
async function playHalfFile(read?: Read): Promise<void> {
  home = await openMutantHome({ inHouse: {} });
  let batches = 0;
  const how = read ? { read } : {};
  const dead = home.round({
    ...how,
    async load(db, target, batch) {
      if (target.source.name === 'telephone' && ++batches === 2) throw new Error('the worker died');
      return loadBatch(db, target, batch);
    },
  });
  await expect(dead).rejects.toThrow('the worker died');
  await pause(1_100);
  await home.round(how);
}

test('a file of which half was read is read again', async () => {
  await playHalfFile();
  expect(await verdict()).toEqual(flawless);
});

test('a file that counts as read with its first batch is caught', async () => {
  await playHalfFile(async function* (source, stream, lane, cursor, context) {
    const batches: Batch[] = [];
    for await (const batch of source.read(stream, lane, cursor, context)) batches.push(batch);
    const { cursor: end, coveredUntil } = batches.at(-1)!;
    for (const batch of batches)
      yield source.name === 'telephone' ? { ...batch, cursor: end, coveredUntil } : batch;
  });
  expect(await verdict()).toMatchObject({ lost: 100, rows: 1, figures: { activities: -100 } });
});

/** Two costs change in one millisecond, a reading between them. */
async function playSameStamp(read?: Read): Promise<void> {
  home = await openMutantHome({ inHouse: {} });
  await pause(1_100);
  await home.round();
  const { store } = followed('ad_network costs');
  const how = read ? { read } : {};
  const at = Date.now() + 1_000;
  for (const nth of [0, 1]) {
    const { id, record } = presentOf(store, 'costs')[nth]!;
    const amount = Math.round(Number(record.amount) * 100 + 1) / 100;
    store.put('costs', id, { ...record, amount, changed_at: new Date(at).toISOString() }, at);
    await home.round(how);
  }
}

test('a record that shares the stamp of the last one seen is read', async () => {
  await playSameStamp();
  expect(await verdict()).toEqual(flawless);
});

test('a reading of an endpoint by > is caught', async () => {
  await playSameStamp(async function* (source, stream, lane, cursor, context) {
    const since = typeof cursor?.since === 'string' ? Date.parse(cursor.since) : Number.NEGATIVE_INFINITY;
    for await (const batch of source.read(stream, lane, cursor, context))
      yield { ...batch, records: batch.records.filter(({ version }) => version > since) };
  });
  expect(await verdict()).toMatchObject({ stale: 1, figures: { marketing_spend: -1 } });
});
