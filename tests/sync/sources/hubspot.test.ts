import type { RequestListener } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { createStore } from '../../../demo/company/store.ts';
import {
  createHubspotStandIn,
  type HubspotStandInOptions,
} from '../../../demo/stand-ins/hubspot/stand-in.ts';
import { createHubspotSource, type HubspotSettings } from '../../../sync/sources/hubspot/source.ts';
import { describeSource, readLane, type SourceHarness } from '../../contracts/source.ts';
import { anchor, breaking, faultOf, makeReadingWorld } from './reading-world.ts';

const hour = 3_600_000;
const oauth = { clientId: 'id', clientSecret: 'secret-of-app', refreshToken: 'refresh-1' };

type Options = Partial<HubspotStandInOptions> & {
  wrap?: (inner: RequestListener) => RequestListener;
  settings?: Partial<HubspotSettings>;
};

async function makeWorld({ wrap, settings, ...options }: Options = {}) {
  const store = createStore();
  const clock = { now: anchor };
  const standIn = createHubspotStandIn({
    store,
    now: () => clock.now,
    limits: { per10s: 100, searchPerSecond: 5, daily: 250_000 },
    indexLagMs: 5_000,
    ...oauth,
    ...options,
  });
  const world = await makeReadingWorld(clock, wrap?.(standIn) ?? standIn, (url) =>
    createHubspotSource({ baseUrl: url, ...oauth, ...settings }),
  );
  const contact = (
    id: string,
    properties: Record<string, string | null> = {},
    at = anchor - 30 * 24 * hour,
  ) => store.put('contacts', id, { id, properties: { email: `p${id}@example.com`, ...properties } }, at);
  return { ...world, store, contact };
}

type World = Awaited<ReturnType<typeof makeWorld>>;

const upserted = (records: { op: string; id: string }[]) =>
  records.filter((r) => r.op === 'upsert').map((r) => r.id);

describe('the HubSpot source', () => {
  let world: World;
  const start = async (options?: Options) => {
    world = await makeWorld(options);
    return world;
  };
  afterEach(() => world.close());

  it('reads a backfill of several pages completely', async () => {
    const { contact } = await start();
    for (let n = 1; n <= 1_234; n++) contact(String(n));
    const { records, batches } = await readLane(world, 'contacts', 'backfill');
    expect(new Set(upserted(records)).size).toBe(1_234);
    expect(batches).toHaveLength(2);
  });

  it('resumes a backfill where its last batch ended', async () => {
    const { contact } = await start();
    for (let n = 1; n <= 1_150; n++) contact(String(n));
    const { batches } = await readLane(world, 'contacts', 'backfill');
    const { records } = await readLane(world, 'contacts', 'backfill', batches[0]!.cursor);
    expect(upserted(records)).toEqual(Array.from({ length: 150 }, (_, n) => String(1_001 + n)));
  });

  it('stays within the lowest limits without a single refusal', async () => {
    const { contact } = await start();
    for (let n = 1; n <= 3_000; n++) contact(String(n), {}, anchor - n * 1_000);
    await readLane(world, 'contacts', 'backfill');
    await readLane(world, 'contacts', 'realtime');
    expect(world.calls.filter((call) => call.status === 429)).toEqual([]);
  });

  it('sees a change that was made while the backfill ran', async () => {
    const { contact, clock } = await start();
    for (let n = 1; n <= 300; n++) contact(String(n));
    const { cursor } = await readLane(world, 'contacts', 'backfill');
    contact('7', { firstname: 'Changed' }, clock.now);
    clock.now += 10_000;
    const { records } = await readLane(world, 'contacts', 'realtime', cursor);
    expect(upserted(records)).toEqual(['7']);
  });

  it('reads past 10,000 results by search', async () => {
    const { contact } = await start({ settings: { limits: { per10s: 100, searchPerSecond: 5 } } });
    for (let n = 1; n <= 12_000; n++) contact(String(n), {}, anchor - hour - n * 3);
    const { records } = await readLane(world, 'contacts', 'realtime');
    expect(new Set(upserted(records)).size).toBe(12_000);
  });

  it('reads 10,500 records of one millisecond, and what surrounds them', async () => {
    const { contact } = await start();
    contact('20001', {}, anchor - hour - 1);
    for (let n = 1; n <= 10_500; n++) contact(String(n), {}, anchor - hour);
    contact('20002', {}, anchor - hour + 1);
    const { records } = await readLane(world, 'contacts', 'realtime');
    expect(new Set(upserted(records)).size).toBe(10_502);
  });

  it('skips nothing when a row leaves the window between two pages', async () => {
    let change = () => {};
    const changing =
      (inner: RequestListener): RequestListener =>
      (request, response) => {
        response.once('finish', () => {
          if (request.url?.endsWith('/search')) change();
        });
        inner(request, response);
      };
    const { contact, clock } = await start({ wrap: changing, indexLagMs: 0 });
    for (let n = 1; n <= 500; n++) contact(String(n), {}, anchor - hour + n);
    change = () => {
      change = () => {};
      contact('3', {}, clock.now + 1);
    };
    const { records } = await readLane(world, 'contacts', 'realtime');
    expect(new Set(upserted(records)).size).toBe(500);
  });

  it('goes on inside a millisecond where it was broken off', async () => {
    const { contact } = await start();
    for (let n = 1; n <= 700; n++) contact(String(n), {}, anchor - hour);
    contact('900', {}, anchor - hour + 1);
    const { batches } = await readLane(world, 'contacts', 'realtime');
    const { records } = await readLane(world, 'contacts', 'realtime', batches[1]!.cursor);
    const before = new Set(upserted(batches.slice(0, 2).flatMap((batch) => batch.records)));
    expect(upserted(records).filter((id) => before.has(id))).toEqual([]);
    expect(before.size + new Set(upserted(records)).size).toBe(701);
  });

  it('moves its coverage on when nothing changed', async () => {
    const { contact, clock } = await start();
    contact('1');
    const { cursor } = await readLane(world, 'contacts', 'backfill');
    clock.now += 10 * 60_000;
    const { batches } = await readLane(world, 'contacts', 'realtime', cursor);
    expect(batches.at(-1)!.coveredUntil).toBe(new Date(clock.now - 120_000).toISOString());
  });

  it('catches in the settle lane what the index showed too late', async () => {
    const late = '5';
    const { contact, clock } = await start({ indexLagMs: (id) => (id === late ? 20 * 60_000 : 0) });
    contact('1');
    const backfill = await readLane(world, 'contacts', 'backfill');
    clock.now += 60_000;
    contact(late, {}, clock.now);
    let realtime = backfill.cursor;
    const seen: string[] = [];
    for (let minute = 0; minute < 70; minute++) {
      clock.now += 60_000;
      const read = await readLane(world, 'contacts', 'realtime', realtime);
      realtime = read.cursor;
      seen.push(...upserted(read.records));
    }
    const settled = await readLane(world, 'contacts', 'settle', backfill.cursor);
    expect([seen.includes(late), upserted(settled.records).includes(late)]).toEqual([false, true]);
  });

  it('does not settle less than five minutes', async () => {
    const { contact, clock } = await start();
    contact('1');
    const { cursor } = await readLane(world, 'contacts', 'backfill');
    clock.now += hour + 60_000;
    expect((await readLane(world, 'contacts', 'settle', cursor)).batches).toEqual([]);
  });

  it('deletes a merged contact in favour of its survivor', async () => {
    const { contact, clock, store } = await start();
    contact('1');
    contact('2');
    const { cursor } = await readLane(world, 'contacts', 'backfill');
    store.remove('contacts', '2', clock.now, 'merged', '1');
    contact('1', {}, clock.now);
    clock.now += 10_000;
    const { records } = await readLane(world, 'contacts', 'realtime', cursor);
    expect(records).toContainEqual(
      expect.objectContaining({ op: 'delete', id: '2', reason: 'merged', mergedInto: '1' }),
    );
  });

  it('tells archived contacts in the sweep', async () => {
    const { contact, clock, store } = await start();
    contact('1');
    contact('2');
    store.remove('contacts', '2', clock.now, 'archived');
    const { records } = await readLane(world, 'contacts', 'sweep');
    expect(records).toEqual([{ op: 'delete', id: '2', version: clock.now, reason: 'archived' }]);
  });

  it('lists all ids in the first sweep, so that an erased contact is missed', async () => {
    const { contact, clock, store } = await start();
    contact('1');
    contact('2');
    store.remove('contacts', '1', clock.now, 'hard_deleted');
    const { batches } = await readLane(world, 'contacts', 'sweep');
    expect(batches.at(-1)!.cursor).toEqual({ ids: ['2'], done: true });
  });

  it('leaves the ids out of a second sweep on the same day', async () => {
    const { contact } = await start();
    contact('1');
    await readLane(world, 'contacts', 'sweep');
    const { batches } = await readLane(world, 'contacts', 'sweep');
    expect(batches.map((batch) => batch.cursor)).toEqual([null]);
  });

  it('reads more than two pages of marketing emails', async () => {
    const { store } = await start();
    for (let n = 1; n <= 260; n++)
      store.put('marketing_emails', String(n), { id: String(n), name: `E${n}` }, anchor);
    expect(upserted((await readLane(world, 'marketing_emails', 'backfill')).records)).toHaveLength(260);
  });

  it('renews its access token before it runs out', async () => {
    const { contact, clock, calls } = await start();
    contact('1');
    await readLane(world, 'contacts', 'backfill');
    clock.now += 29 * 60_000;
    await readLane(world, 'contacts', 'backfill');
    expect(calls.map((call) => [call.path, call.status])).toEqual([
      ['/oauth/v3/token', 200],
      ['/crm/v3/objects/contacts', 200],
      ['/oauth/v3/token', 200],
      ['/crm/v3/objects/contacts', 200],
    ]);
  });

  it('renews an access token that is refused early, once', async () => {
    let refused = 0;
    const refuseOnce =
      (inner: RequestListener): RequestListener =>
      (request, response) => {
        if (request.headers.authorization !== 'Bearer hs-access-1') return inner(request, response);
        refused++;
        response.writeHead(401, { 'content-type': 'application/json' });
        response.end('{"category":"EXPIRED_AUTHENTICATION"}');
      };
    const { contact } = await start({ wrap: refuseOnce });
    contact('1');
    const { records } = await readLane(world, 'contacts', 'backfill');
    expect([refused, upserted(records)]).toEqual([1, ['1']]);
  });

  it('says that access is revoked when the refresh token is refused', async () => {
    await start({ settings: { refreshToken: 'another' } });
    expect((await faultOf(readLane(world, 'contacts', 'backfill'))).kind).toBe('auth_revoked');
  });

  it('reads with the token of a private app', async () => {
    const { contact } = await start({ accessToken: 'pat-1', settings: { accessToken: 'pat-1' } });
    contact('1');
    expect(upserted((await readLane(world, 'contacts', 'backfill')).records)).toEqual(['1']);
  });

  it('says that access is revoked when a private app token is refused', async () => {
    await start({ accessToken: 'pat-1', settings: { accessToken: 'pat-2' } });
    expect((await faultOf(readLane(world, 'contacts', 'backfill'))).kind).toBe('auth_revoked');
  });

  it('waits out a burst limit that others used up', async () => {
    const { contact } = await start({ limits: { per10s: 4, searchPerSecond: 5, daily: 1_000 } });
    for (let n = 1; n <= 900; n++) contact(String(n));
    const { records } = await readLane(world, 'contacts', 'backfill');
    expect(world.calls.some((call) => call.status === 429)).toBe(true);
    expect(upserted(records)).toHaveLength(900);
  });

  it('gives up at once when the day is used up', async () => {
    const { contact } = await start({ limits: { per10s: 100, searchPerSecond: 5, daily: 2 } });
    for (let n = 1; n <= 900; n++) contact(String(n));
    const fault = await faultOf(readLane(world, 'contacts', 'backfill'));
    expect([fault.kind, world.calls.filter((call) => call.status === 429).length]).toEqual([
      'quota_exhausted',
      1,
    ]);
  });

  const isList = (url: string) => url.startsWith('/crm/');

  it.each([
    ['html', 'protocol'],
    ['cut short', 'transient'],
    ['no list', 'protocol'],
  ] as const)('takes a reply that is %s for a fault, not for data', async (fault, kind) => {
    await start({ wrap: (inner) => breaking(inner, isList, fault) });
    expect((await faultOf(readLane(world, 'contacts', 'backfill'))).kind).toBe(kind);
  });

  it('starts over from a position that it cannot read', async () => {
    await start();
    expect((await faultOf(readLane(world, 'contacts', 'realtime', { v: 9 }))).kind).toBe('cursor_expired');
  });

  it('never shows a secret in a fault', async () => {
    await start({ settings: { refreshToken: 'refresh-of-someone-else' } });
    const fault = await faultOf(readLane(world, 'contacts', 'backfill'));
    expect(`${fault.message} ${String((fault.cause as Error).message)}`).not.toContain(
      'refresh-of-someone-else',
    );
  });
});

describe('a HubSpot contact as a person', () => {
  const [stream] = createHubspotSource({ baseUrl: 'http://127.0.0.1', accessToken: 'x' }).streams.filter(
    (each) => each.name === 'contacts',
  );
  const person = (properties: Record<string, string | null>) => stream!.unify({ id: '1', properties });

  it('takes the dates of its stages', () => {
    const row = person({
      hs_v2_date_entered_lead: '2026-01-01T00:00:00Z',
      hs_v2_date_entered_marketingqualifiedlead: '1767312000000',
    });
    expect([row?.lead_at, row?.mql_at, row?.mql_imputed]).toEqual([
      '2026-01-01T00:00:00.000Z',
      '2026-01-02T00:00:00.000Z',
      false,
    ]);
  });

  it('takes the date of the next stage for a skipped qualification, and says so', () => {
    const row = person({ hs_v2_date_entered_opportunity: '2026-02-01T00:00:00Z' });
    expect([row?.mql_at, row?.mql_imputed]).toEqual(['2026-02-01T00:00:00.000Z', true]);
  });

  it('counts who skipped a stage as having reached it', () => {
    const row = person({
      hs_v2_date_entered_marketingqualifiedlead: '2026-01-02T00:00:00Z',
      hs_v2_date_entered_customer: '2026-02-01T00:00:00Z',
    });
    expect([row?.sql_at, row?.opportunity_at]).toEqual([
      '2026-02-01T00:00:00.000Z',
      '2026-02-01T00:00:00.000Z',
    ]);
  });

  it.each([
    ['PAID_SEARCH', 'Paid Search'],
    ['REFERRALS', 'Referral'],
    ['DIRECT_TRAFFIC', 'Direct Traffic'],
    [null, null],
  ])('calls the source %s what other systems call it: %s', (constant, word) => {
    expect(person({ hs_analytics_source: constant })?.source).toBe(word);
  });

  it('goes to quarantine with words when a date is none', () => {
    expect(() => person({ createdate: 'yesterday' })).toThrow(/createdate: "yesterday" is not a date/);
  });
});

async function makeHarness(): Promise<SourceHarness> {
  const world = await makeWorld();
  const { store, clock } = world;
  const put = (object: string, id: string) => {
    const properties = {
      name: `N${id}`,
      email: `p${id}@example.com`,
      domain: `d${id}.example`,
      salesforceaccountid: '001',
    };
    const record = ['contacts', 'companies'].includes(object)
      ? { id, properties }
      : {
          id,
          email: `o${id}@example.com`,
          firstName: 'O',
          lastName: id,
          name: `E${id}`,
          publishDate: '2026-01-01T00:00:00Z',
          stats: { counters: { sent: 5 } },
        };
    store.put(object, id, record, clock.now);
  };
  clock.now -= 30 * 24 * hour;
  for (const { name } of world.source.streams) for (let n = 1; n <= 5; n++) put(name, String(n));
  clock.now = anchor;
  return {
    ...world,
    liveIds: (stream) => [...store.all(stream)].filter((stored) => !stored.gone).map((stored) => stored.id),
    change(stream) {
      put(stream, '2');
      clock.now += 30_000;
      return '2';
    },
    remove(stream) {
      if (stream === 'owners') return null;
      store.remove(stream, '3', clock.now, 'archived');
      clock.now += 30_000;
      return '3';
    },
    malformed: () => ({ id: 7 }),
  };
}

describeSource('HubSpot', makeHarness);
