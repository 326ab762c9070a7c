/** From a change in each platform to its row, by push alone: no poll runs in these tests but where they say so. */
import { afterEach, describe, expect, test } from 'vitest';
import type { Store } from '../../../demo/company/records.ts';
import { createHubspotStandIn } from '../../../demo/stand-ins/hubspot/stand-in.ts';
import { createIntercomStandIn } from '../../../demo/stand-ins/intercom.ts';
import { hubspotPushes } from '../../../demo/stand-ins/push/hubspot.ts';
import { intercomPushes } from '../../../demo/stand-ins/push/intercom.ts';
import type { PushOptions } from '../../../demo/stand-ins/push/send-pushes.ts';
import { zendeskPushes } from '../../../demo/stand-ins/push/zendesk.ts';
import { createZendeskStandIn } from '../../../demo/stand-ins/zendesk/stand-in.ts';
import { keepDelivery } from '../../../sync/hints/store.ts';
import { createHubspotSource } from '../../../sync/sources/hubspot/source.ts';
import { createIntercomSource } from '../../../sync/sources/intercom/create-intercom-source.ts';
import { createZendeskSource } from '../../../sync/sources/zendesk/source.ts';
import { readAll } from '../sources/read-context.ts';
import { openPushHouse, type PushHouse } from './push-house.ts';

const anchor = Date.parse('2026-11-22T10:00:00Z');
const oauth = { clientId: 'id', clientSecret: 'secret-of-app', refreshToken: 'refresh-1' };

const platforms = {
  hubspot: {
    stream: 'contacts',
    table: 'person',
    record: (id: string, name: string) => ({
      id,
      properties: { email: `p${id}@example.com`, firstname: name },
    }),
    shown: 'name',
    how: 'archived' as const,
    options: {
      kind: hubspotPushes,
      standIn: (store: Store, now: () => number) =>
        createHubspotStandIn({
          store,
          now,
          limits: { per10s: 250, searchPerSecond: 5, daily: 250_000 },
          indexLagMs: 3_600_000,
          ...oauth,
        }),
      source: (baseUrl: string) => createHubspotSource({ baseUrl, ...oauth }),
    },
  },
  zendesk: {
    stream: 'tickets',
    table: 'ticket',
    record: (id: string, name: string) => ({
      id: Number(id),
      subject: name,
      status: 'open',
      created_at: '2026-11-01T00:00:00Z',
      updated_at: '2026-11-01T00:00:00Z',
      metric_set: { replies: 1 },
    }),
    shown: 'subject',
    how: 'deleted' as const,
    options: {
      kind: zendeskPushes,
      standIn: (store: Store, now: () => number) =>
        createZendeskStandIn({
          store,
          now,
          limits: { perMinute: 700, exportsPerMinute: 10 },
          auth: { clientId: 'id', clientSecret: 'cs' },
        }),
      source: (baseUrl: string) => createZendeskSource({ baseUrl, clientId: 'id', clientSecret: 'cs' }),
    },
  },
  intercom: {
    stream: 'contacts',
    table: 'person',
    record: (id: string, name: string) => ({
      type: 'contact',
      id,
      name,
      email: `c${id}@example.com`,
      role: 'user',
      created_at: 1_760_000_000,
      updated_at: 1_760_000_000 + name.length,
    }),
    shown: 'name',
    how: 'hard_deleted' as const,
    options: {
      kind: intercomPushes,
      standIn: (store: Store, now: () => number) =>
        createIntercomStandIn({
          store,
          now,
          limits: { perMinute: 10_000 },
          token: 'token',
          searchLagMs: 3_600_000,
        }),
      source: (baseUrl: string) => createIntercomSource({ baseUrl, token: 'token' }),
    },
  },
};

describe.each(Object.entries(platforms))('a change in %s', (name, platform) => {
  const clock = { now: anchor };
  let house: PushHouse;
  const open = async (mischief?: PushOptions['mischief']) => {
    clock.now = anchor;
    house = await openPushHouse({ name, clock, ...platform.options, ...(mischief ? { mischief } : {}) });
    return house;
  };
  afterEach(() => house.close());

  const put = (id: string, words: string) => {
    clock.now += 1_000;
    house.store.put(platform.stream, id, platform.record(id, words), clock.now);
  };
  const row = async (id: string) =>
    (await house.db.sql`select * from ${house.db.sql(platform.table)} where id = ${id}`)[0]?.[
      platform.shown
    ] as string | undefined;

  test('shows by its push alone', async () => {
    await open();
    put('5', 'First');
    await house.follow();
    expect(await row('5')).toBe('First');
    put('5', 'Changed');
    await house.follow();
    expect(await row('5')).toBe('Changed');
  });

  test('is stored when it is told, without a word to the platform', async () => {
    await open();
    put('5', 'First');
    await house.pushed();
    expect([(await house.hints()).length, house.calls()]).toEqual([1, 0]);
  });

  test('is harmless when it is told twice and out of order', async () => {
    await open({ twice: 1, late: 1 });
    for (const words of ['A', 'Bb', 'Ccc']) put('5', words);
    await house.follow();
    expect(await row('5')).toBe('Ccc');
    const versions = await house.db.sql`select 1 from record_version where id = '5'`;
    expect(versions).toHaveLength(1);
    await house.follow();
    expect(await house.db.sql`select 1 from record_version where id = '5'`).toHaveLength(1);
  });

  test('leaves no hint and no cursor of another lane behind', async () => {
    await open();
    put('5', 'First');
    await house.follow();
    expect(await house.hints()).toEqual([]);
    expect(await house.db.sql`select lane from checkpoint`).toEqual([{ lane: 'hinted' }]);
  });

  test('is deleted by its push', async () => {
    await open();
    put('5', 'First');
    put('6', 'Other');
    await house.follow();
    clock.now += 1_000;
    house.store.remove(platform.stream, '5', clock.now, platform.how);
    await house.follow();
    expect([await row('5'), await row('6')]).toEqual([undefined, 'Other']);
  });

  test('gives the very text that polling gives', async () => {
    await open();
    put('5', 'First');
    await house.follow();
    // Past every index lag and excluded minute.
    clock.now += 2 * 3_600_000;
    const { records } = await readAll(house.source, platform.stream, 'backfill', null, house.context);
    const polled = records.find((record) => record.id === '5');
    const [pushed] = await house.db.sql<
      { version: number; payload: string }[]
    >`select version, payload from record_version where id = '5'`;
    expect(polled).toMatchObject(pushed!);
  });

  test('that an unknown id stands for is looked for some times and forgotten', async () => {
    await open();
    await keepDelivery(house.db.sql, {
      source: name,
      deliveryId: 'd',
      hints: [{ stream: platform.stream, id: '404' }],
    });
    for (let n = 0; n < 4; n++) {
      expect((await house.follow())?.failures).toEqual([]);
      await house.db.sql`update hint set due_at = clock_timestamp()`;
    }
    expect(await house.hints()).toEqual([]);
    expect(await house.head('404')).toBeUndefined();
  });

  test('that a worker was following when it was killed is not lost', async () => {
    await open();
    put('5', 'First');
    // Everything is stored, but the worker does not live to say that it is done.
    await house.followAndDie();
    expect(await row('5')).toBe('First');
    expect(await house.hints()).toHaveLength(1);
    put('5', 'Changed');
    await house.follow();
    expect([await row('5'), await house.hints()]).toEqual(['Changed', []]);
  });

  test('that comes while its record is being read is read again', async () => {
    await open();
    put('5', 'First');
    await house.followAnd(async () => {
      put('5', 'Changed');
      await house.pushed();
    });
    expect(await row('5')).toBe('Changed');
  });
});
