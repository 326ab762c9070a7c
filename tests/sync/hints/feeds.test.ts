/** Feeds over the real SDKs: HubSpot's journal by pulling, Salesforce's change events by jsforce's CometD client. */
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../../db/client.ts';
import type { Store } from '../../../demo/company/records.ts';
import { createStore } from '../../../demo/company/store.ts';
import { createHubspotStandIn } from '../../../demo/stand-ins/hubspot/stand-in.ts';
import { createSalesforceStandIn } from '../../../demo/stand-ins/salesforce.ts';
import { serveLoopback } from '../../../demo/stand-ins/serve.ts';
import { followFeed } from '../../../sync/hints/follow-feed.ts';
import { feedPosition, hintChannel } from '../../../sync/hints/store.ts';
import type { Source } from '../../../sync/source.ts';
import { createHubspotSource } from '../../../sync/sources/hubspot/source.ts';
import { createSalesforceSource } from '../../../sync/sources/salesforce/create-salesforce-source.ts';
import { openTestDatabase, type TestDatabase } from '../../database.ts';
import { quiet } from '../../run-cycle.ts';
import { readContext } from '../sources/read-context.ts';
import { hintsOf } from './push-house.ts';

const oauth = { clientId: 'id', clientSecret: 'secret-of-app' };
const account = (n: number) => `001Qy00000000${String(n).padStart(2, '0')}AAA`;

const platforms = {
  hubspot: {
    object: 'contacts',
    stream: 'contacts',
    id: (n: number) => String(n),
    record: (id: string) => ({ id, properties: { email: `p${id}@example.com` } }),
    standIn: (store: Store, now: () => number) =>
      createHubspotStandIn({
        store,
        now,
        limits: { per10s: 250, searchPerSecond: 5, daily: 250_000 },
        indexLagMs: 0,
        refreshToken: 'r',
        ...oauth,
      }),
    source: (baseUrl: string): Source =>
      createHubspotSource({ baseUrl, ...oauth, refreshToken: 'r', journal: true }),
  },
  salesforce: {
    object: 'Account',
    stream: 'Account',
    id: account,
    record: (id: string) => ({ Id: id, Name: 'Acme' }),
    standIn: (store: Store, now: () => number) =>
      createSalesforceStandIn({
        store,
        now,
        limits: { dailyCalls: 10_000, sessionMs: 60_000 },
        visibilityLagMs: 0,
        streaming: { heldMs: 2_000, keptEvents: 5 },
        ...oauth,
      }),
    source: (baseUrl: string): Source =>
      createSalesforceSource({ baseUrl, ...oauth, companyCurrency: 'USD', changeDataCapture: true }),
  },
};

describe.each(Object.entries(platforms))('the feed of %s', (name, platform) => {
  let database: TestDatabase;
  let db: Database;
  let store: Store;
  let served: { url: string; close(): Promise<void> };
  let source: Source;
  /** Moves by itself, as pacing needs, and by leaps. */
  const clock = {
    ahead: 0,
    get now() {
      return Math.floor(Date.parse('2026-11-22T10:00:00Z') + performance.now() + clock.ahead);
    },
  };
  const closes: (() => Promise<unknown>)[] = [];

  beforeEach(async () => {
    clock.ahead = 0;
    database = await openTestDatabase();
    db = openDatabase(database.url, { name: 'herald-feeds', max: 4 });
    store = createStore();
    served = await serveLoopback(platform.standIn(store, () => clock.now));
    source = platform.source(served.url);
  });
  afterEach(async () => {
    for (const close of closes.splice(0).reverse()) await close();
    await served.close();
    await db.close();
    await database.close();
  });

  const change = (n: number) => {
    store.put(platform.object, platform.id(n), platform.record(platform.id(n)), clock.now);
  };

  /** Follow the feed until told to stop; `warnings` says what went wrong. */
  function follow() {
    const job = new AbortController();
    const warnings: string[] = [];
    const context = {
      ...readContext(source, () => new Date(clock.now)),
      signal: job.signal,
      wait: (ms: number) => pause(Math.min(ms, 20), undefined, { signal: job.signal }),
    };
    const log = { ...quiet, warn: (_fields: object, message: string) => void warnings.push(message) };
    const done = followFeed({ db, source: name, feed: source.feed!, context, log: log as typeof quiet });
    const stop = async () => {
      job.abort();
      await done;
    };
    closes.push(stop);
    return { warnings, stop };
  }

  /** The hints, once one at this record is there. */
  async function hintAt(n: number): Promise<string[]> {
    const arrived = Promise.withResolvers<void>();
    const look = async () => {
      const ids = (await hintsOf(db)).map((hint) => hint.record_id);
      if (ids.includes(platform.id(n))) arrived.resolve();
    };
    const ear = await db.sql.listen(
      hintChannel,
      () => void look(),
      () => void look(),
    );
    await arrived.promise;
    await ear.unlisten();
    return (await hintsOf(db)).map((hint) => hint.record_id);
  }

  /** Changes until one comes through: from then on the feed listens. */
  async function listening(): Promise<void> {
    const first = hintAt(90);
    const beat = setInterval(() => change(90), 50);
    await first;
    clearInterval(beat);
  }

  test('hints at what changed, and keeps its position with it', async () => {
    follow();
    await listening();
    change(1);
    expect(await hintAt(1)).toContain(platform.id(1));
    expect(await feedPosition(db.sql, name)).toMatchObject({ v: 1 });
  });

  test('says that a record is gone', async () => {
    follow();
    await listening();
    change(2);
    await hintAt(2);
    await db.sql`delete from hint`;
    store.remove(platform.object, platform.id(2), clock.now, name === 'hubspot' ? 'archived' : 'deleted');
    await hintAt(2);
    expect((await hintsOf(db)).find((hint) => hint.record_id === platform.id(2))?.gone).toBe(true);
  });

  test('goes on where it was left, with what happened meanwhile', async () => {
    const first = follow();
    await listening();
    await first.stop();
    change(3);
    follow();
    expect(await hintAt(3)).toContain(platform.id(3));
  });

  test('begins anew when the platform no longer knows its position', async () => {
    await db.sql`insert into feed_position (source, position) values (${name}, ${db.sql.json({
      v: 1,
      ...(name === 'hubspot' ? { offset: 'long-forgotten' } : { replayId: 9_000_000_000_000_000 }),
    })})`;
    const { warnings } = follow();
    await listening();
    expect(warnings).toContain('the feed no longer has the kept position; it goes on from now');
  });

  test('outlives its session', async () => {
    const { warnings } = follow();
    await listening();
    // Half an hour for HubSpot's tokens, a minute for this org's.
    clock.ahead += 31 * 60_000;
    change(4);
    expect(await hintAt(4)).toContain(platform.id(4));
    expect(warnings).toEqual([]);
  });
});

test('an association that changes without a stamp is told by the journal, and its deal is read again', async () => {
  const store = createStore();
  const now = () => Date.parse('2026-11-22T10:00:00Z') + Math.floor(performance.now());
  const served = await serveLoopback(platforms.hubspot.standIn(store, now));
  const job = new AbortController();
  try {
    const source = createHubspotSource({
      baseUrl: served.url,
      ...oauth,
      refreshToken: 'r',
      journal: true,
      deals: true,
    });
    const deal = (company: string) =>
      store.put('deals', '7', { id: '7', properties: {}, associations: { companies: [{ id: company }] } }, 1);
    deal('90');
    const context = {
      ...readContext(source, () => new Date(now())),
      signal: job.signal,
      wait: (ms: number) => pause(Math.min(ms, 20), undefined, { signal: job.signal }),
    };
    const entries = source.feed!.follow(null, context)[Symbol.asyncIterator]();
    // From now on: the last entry there is.
    await entries.next();
    deal('91');
    const told = [await entries.next(), await entries.next()].map(({ value }) => value?.hints);
    const hints = (company: string) => [
      { stream: 'deals', id: '7' },
      { stream: 'companies', id: company },
    ];
    expect(told).toEqual([hints('90'), hints('91')]);
  } finally {
    job.abort();
    await served.close();
  }
});
