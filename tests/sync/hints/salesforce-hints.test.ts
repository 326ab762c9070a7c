/** Records that a change event of Salesforce named, read again by id. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createSalesforceStandIn } from '../../../demo/stand-ins/salesforce.ts';
import { keepFed } from '../../../sync/hints/store.ts';
import { createSalesforceSource } from '../../../sync/sources/salesforce/create-salesforce-source.ts';
import { readAll } from '../sources/read-context.ts';
import { openPushHouse, type PushHouse } from './push-house.ts';

const acme = '001Qy0000000001AAA';
const other = '001Qy0000000002AAA';
const clock = { now: 0 };
let house: PushHouse;

beforeEach(async () => {
  clock.now = Date.parse('2026-11-22T10:00:00Z');
  const oauth = { clientId: 'id', clientSecret: 'secret-of-app' };
  house = await openPushHouse({
    name: 'salesforce',
    clock,
    standIn: (store, now) =>
      createSalesforceStandIn({
        store,
        now,
        limits: { dailyCalls: 10_000 },
        visibilityLagMs: 2_000,
        ...oauth,
      }),
    source: (baseUrl) => createSalesforceSource({ baseUrl, ...oauth, companyCurrency: 'USD' }),
  });
});
afterEach(() => house.close());

const put = (id: string, name: string) => house.store.put('Account', id, { Id: id, Name: name }, clock.now);
const follow = async (hints: { id: string; gone?: boolean }[], stream = 'Account') => {
  await keepFed(house.db, {
    source: 'salesforce',
    hints: hints.map((hint) => ({ stream, ...hint })),
    position: null,
  });
  return house.follow();
};
const names = async () =>
  (await house.db.sql<{ name: string }[]>`select name from account order by id`).map((row) => row.name);

test('show as they are now, with the text that polling gives', async () => {
  put(acme, 'Acme');
  put(other, 'Other');
  clock.now += 10_000;
  await follow([{ id: acme }, { id: other }]);
  expect(await names()).toEqual(['Acme', 'Other']);
  const polled = await readAll(house.source, 'Account', 'backfill', null, house.context);
  const kept = await house.db.sql<{ id: string; version: number; payload: string }[]>`
    select id, version, payload from record_version order by id`;
  expect(polled.records).toMatchObject([...kept]);
});

test('that cannot be read yet are looked for again', async () => {
  put(acme, 'Acme');
  await follow([{ id: acme }]);
  expect([await names(), await house.hints()]).toEqual([
    [],
    [{ stream: 'Account', record_id: acme, gone: false }],
  ]);
  clock.now += 5_000;
  await house.db.sql`update hint set due_at = clock_timestamp()`;
  await house.follow();
  expect([await names(), await house.hints()]).toEqual([['Acme'], []]);
});

test('go when the event says so and the org shows them as deleted, or no longer at all', async () => {
  put(acme, 'Acme');
  put(other, 'Other');
  clock.now += 10_000;
  await follow([{ id: acme }, { id: other }]);
  house.store.remove('Account', acme, clock.now, 'deleted');
  house.store.remove('Account', other, clock.now, 'hard_deleted');
  clock.now += 10_000;
  await follow([
    { id: acme, gone: true },
    { id: other, gone: true },
  ]);
  expect([await names(), await house.hints()]).toEqual([[], []]);
});

test('stay when an event says that they are gone and the org still shows them', async () => {
  put(acme, 'Acme');
  clock.now += 10_000;
  await follow([{ id: acme, gone: true }]);
  expect(await names()).toEqual(['Acme']);
});

test('stay when they are merely not shown', async () => {
  put(acme, 'Acme');
  clock.now += 10_000;
  await follow([{ id: acme }]);
  house.store.remove('Account', acme, clock.now, 'hard_deleted');
  await follow([{ id: acme }]);
  expect(await names()).toEqual(['Acme']);
});

test('of an object that Herald does not read, and ids that are none, are dropped', async () => {
  await follow([{ id: acme }], 'Case');
  const report = await follow([{ id: "' OR Id != '" }]);
  expect(report?.failures).toEqual([]);
  expect((await house.hints()).map((hint) => hint.stream)).toEqual(['Account']);
});
