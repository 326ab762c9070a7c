/** What a cycle announces is what it then reads, so that a source can ask for several streams at once. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../db/client.ts';
import { createStore } from '../../demo/company/store.ts';
import { createSalesforceStandIn } from '../../demo/stand-ins/salesforce.ts';
import { takeLease } from '../../platform/lease.ts';
import { defaultCycle, runCycle } from '../../sync/cycle.ts';
import type { Position, ReadContext } from '../../sync/source.ts';
import { createSalesforceSource } from '../../sync/sources/salesforce/create-salesforce-source.ts';
import { openTestDatabase, type TestDatabase } from '../database.ts';
import { MemorySource } from '../memory-source.ts';
import { cycle, quiet } from '../run-cycle.ts';
import { anchor, makeReadingWorld } from './sources/reading-world.ts';

let home: TestDatabase;
let db: Database;
beforeAll(async () => {
  home = await openTestDatabase();
  db = openDatabase(home.url, { name: 'herald-test', max: 2 });
});
afterAll(async () => {
  await db.close();
  await home.close();
});

test('a cycle announces what it reads, in the same order', async () => {
  const crm = new MemorySource('crm', ['account', 'deal']);
  const told: Position[] = [];
  const read: Position[] = [];
  const source = {
    name: crm.name,
    title: crm.title,
    pace: crm.pace,
    streams: crm.streams,
    check: () => crm.check(),
    prepare: (positions: readonly Position[]) => void told.push(...positions),
    read: (stream: string, lane: Position['lane'], cursor: Position['cursor'], context: ReadContext) => {
      read.push({ stream, lane, cursor });
      return crm.read(stream, lane, cursor, context);
    },
  };
  crm.put('deal', '1', 1, { amount: 1 });
  for (let n = 0; n < 3; n++) await cycle(db, source, new Date(anchor + n * 3_600_000));
  expect(read.length).toBeGreaterThan(4);
  expect(told).toEqual(read);
});

test('a poll of Salesforce costs three calls, and one that settles too costs five', async () => {
  const store = createStore();
  const clock = { now: anchor };
  const standIn = createSalesforceStandIn({
    store,
    now: () => clock.now,
    limits: { dailyCalls: 100_000 },
    visibilityLagMs: 3000,
    clientId: 'id',
    clientSecret: 'secret',
  });
  const world = await makeReadingWorld(clock, standIn, (baseUrl) =>
    createSalesforceSource({ baseUrl, clientId: 'id', clientSecret: 'secret', companyCurrency: 'EUR' }),
  );
  const poll = async (settleEveryMs = Number.POSITIVE_INFINITY) => {
    world.calls.length = 0;
    const lease = await takeLease(db, 'sync:salesforce', 'test');
    const { source, context } = world;
    const settings = { ...defaultCycle, settleEveryMs, sweepEveryMs: Number.POSITIVE_INFINITY };
    const base = { db, source, lease: lease!, settings, cause: 'test', log: quiet, wait: async () => {} };
    const report = await runCycle({ ...base, context });
    await lease!.release();
    return [report.state, report.changed, world.calls.length];
  };
  try {
    store.put('Account', '0011', { Id: '0011', Name: 'Acme' }, anchor - 3_600_000);
    await poll();
    store.put('Account', '0011', { Id: '0011', Name: 'Acme Ltd' }, anchor + 1_000);
    clock.now += 30_000;
    expect(await poll()).toEqual(['SUCCESS', 1, 3]);
    clock.now += 30_000;
    expect(await poll(Number.NEGATIVE_INFINITY)).toEqual(['SUCCESS', 0, 5]);
  } finally {
    await world.close();
  }
});
