/** Salesforce through whole cycles: a formula that changes moves no stamp, and still reaches the rows. */
import { expect, test } from 'vitest';
import { openDatabase } from '../../db/client.ts';
import { createStore } from '../../demo/company/store.ts';
import { createSalesforceStandIn } from '../../demo/stand-ins/salesforce.ts';
import { takeLease } from '../../platform/lease.ts';
import { defaultCycle, runCycle } from '../../sync/cycle.ts';
import { createSalesforceSource } from '../../sync/sources/salesforce/create-salesforce-source.ts';
import { openTestDatabase } from '../database.ts';
import { quiet } from '../run-cycle.ts';
import { anchor, makeReadingWorld } from './sources/reading-world.ts';

const app = { clientId: 'id', clientSecret: 'secret-of-app' };

test('a formula that changed without a stamp is found by the daily sweep, and nothing is deleted by it', async () => {
  const home = await openTestDatabase();
  const db = openDatabase(home.url, { name: 'herald-test', max: 3 });
  const store = createStore();
  const clock = { now: anchor };
  const world = await makeReadingWorld(
    clock,
    createSalesforceStandIn({
      store,
      now: () => clock.now,
      limits: { dailyCalls: 100_000 },
      visibilityLagMs: 0,
      ...app,
    }),
    (baseUrl) => createSalesforceSource({ baseUrl, ...app, companyCurrency: 'EUR' }),
  );
  const put = (n: number, region: string) => {
    const Id = `001Qy0000000${String(n).padStart(3, '0')}AAA`;
    store.put('Account', Id, { Id, Name: `A${n}`, Region__c: region }, anchor - 30 * 86_400_000);
  };
  const cycle = async (sweepEveryMs: number) => {
    const lease = (await takeLease(db, 'sync:salesforce', 'test'))!;
    const { source, context } = world;
    const settings = { ...defaultCycle, sweepEveryMs };
    const wait = async () => undefined;
    const report = await runCycle({ db, source, context, lease, settings, cause: 'test', log: quiet, wait });
    await lease.release();
    return report;
  };
  const regions = async () =>
    (await db.sql<{ region: string }[]>`select region from account order by id`).map(({ region }) => region);
  try {
    for (let n = 1; n <= 30; n++) put(n, 'EMEA');
    const never = Number.POSITIVE_INFINITY;
    expect(await cycle(never)).toMatchObject({ state: 'SUCCESS', changed: 30, failures: [] });
    put(7, 'APAC');
    clock.now += 60_000;
    expect(await cycle(never)).toMatchObject({ state: 'SUCCESS', changed: 0 });
    expect(await cycle(-never)).toMatchObject({ state: 'SUCCESS', changed: 1, deleted: 0 });
    expect((await regions()).filter((region) => region === 'APAC')).toHaveLength(1);
  } finally {
    await world.close();
    await db.close();
    await home.close();
  }
});
