/** HubSpot as the CRM, through whole cycles: what moves no stamp of a deal still reaches the rows. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../db/client.ts';
import { createStore } from '../../demo/company/store.ts';
import { createHubspotStandIn } from '../../demo/stand-ins/hubspot/stand-in.ts';
import { takeLease } from '../../platform/lease.ts';
import { defaultCycle, runCycle } from '../../sync/cycle.ts';
import { createHubspotSource } from '../../sync/sources/hubspot/source.ts';
import { openTestDatabase, type TestDatabase } from '../database.ts';
import { quiet } from '../run-cycle.ts';
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

const oauth = { clientId: 'id', clientSecret: 'secret-of-app', refreshToken: 'refresh-1' };
const day = 86_400_000;

test('a changed association, an erased deal and its stages are found by the daily sweep', async () => {
  const store = createStore();
  const clock = { now: anchor };
  const limits = { per10s: 1_000, searchPerSecond: 5, daily: 250_000 };
  const standIn = createHubspotStandIn({ store, now: () => clock.now, limits, indexLagMs: 0, ...oauth });
  const world = await makeReadingWorld(clock, standIn, (baseUrl) =>
    createHubspotSource({ baseUrl, ...oauth, deals: true }),
  );
  const stages = ['new', 'won'].map((id) => ({ id, label: id.toUpperCase() }));
  store.put('pipelines', 'default', { stages }, 0);
  const put = (id: number, company: string) => {
    const dealstage = stages.map((stage, n) => ({
      value: stage.id,
      timestamp: new Date(anchor - (9 - n) * day).toISOString(),
    }));
    const properties = { dealname: `D${id}`, dealstage: 'won', amount: '5' };
    const record = { id: String(id), properties, histories: { dealstage } };
    const associations = { companies: [{ id: company }] };
    store.put('deals', String(id), { ...record, associations }, anchor - day);
  };
  const cycle = async () => {
    const lease = (await takeLease(db, 'sync:hubspot', 'test'))!;
    const settings = { ...defaultCycle, sweepEveryMs: Number.NEGATIVE_INFINITY };
    const { source, context } = world;
    const wait = async () => undefined;
    const report = await runCycle({ db, source, context, lease, settings, cause: 'test', log: quiet, wait });
    await lease.release();
    return report;
  };
  const rows = async () => {
    const [row] = await db.sql<{ deals: string; stages: string }[]>`
      select (select string_agg(id || '@' || account_id, ' ' order by id::int) from deal) as deals,
        (select string_agg(deal_id || ' ' || stage, ', ' order by deal_id::int, entered_at) from deal_stage) as stages`;
    return row!;
  };
  try {
    for (let id = 1; id <= 6; id++) put(id, '90');
    expect(await cycle()).toMatchObject({ state: 'SUCCESS', failures: [] });
    put(1, '91');
    store.remove('deals', '2', clock.now, 'hard_deleted');
    clock.now += day + 60_000;
    expect(await cycle()).toMatchObject({ state: 'SUCCESS', changed: 1, deleted: 3 });
    expect(await rows()).toEqual({
      deals: '1@91 3@90 4@90 5@90 6@90',
      stages: [1, 3, 4, 5, 6].map((id) => `${id} NEW, ${id} WON`).join(', '),
    });
    clock.now += day;
    expect(await cycle()).toMatchObject({ state: 'SUCCESS', changed: 0, deleted: 0 });
  } finally {
    await world.close();
  }
});
