import { afterEach, describe, expect, it } from 'vitest';
import { createStore } from '../../../../demo/company/store.ts';
import { createHubspotStandIn } from '../../../../demo/stand-ins/hubspot/stand-in.ts';
import { createHubspotSource } from '../../../../sync/sources/hubspot/source.ts';
import { readAll, unified } from '../read-context.ts';
import { anchor, faultOf, makeReadingWorld } from '../reading-world.ts';

const day = 86_400_000;
const oauth = { clientId: 'id', clientSecret: 'secret-of-app', refreshToken: 'refresh-1' };

/** `associations`: what the associations answer instead of what is so. */
async function makeWorld(associations: object | null = null) {
  const store = createStore();
  const clock = { now: anchor };
  const limits = { per10s: 100, searchPerSecond: 5, daily: 250_000 };
  const standIn = createHubspotStandIn({ store, now: () => clock.now, limits, indexLagMs: 5_000, ...oauth });
  const world = await makeReadingWorld(
    clock,
    (request, response) => {
      if (associations === null || !request.url?.includes('/associations/'))
        return standIn(request, response);
      request.resume();
      response.writeHead(207, { 'content-type': 'application/json' });
      response.end(JSON.stringify(associations));
    },
    (url) => createHubspotSource({ baseUrl: url, ...oauth, deals: true, timeZone: 'Europe/Berlin' }),
  );
  store.put(
    'owners',
    '7',
    { id: '7', firstName: 'Ada', lastName: 'Lovelace', archived: true },
    anchor - 90 * day,
  );
  store.put('owners', '8', { id: '8', email: 'b@acme.com' }, anchor - 90 * day);
  store.put(
    'pipelines',
    'default',
    {
      stages: [
        { id: 'closedwon', label: 'Closed won' },
        { id: 's2', label: 'Offer' },
      ],
    },
    0,
  );
  const deal = (
    id: string,
    properties: Record<string, string | null> = {},
    companies: object[] = [],
    at = anchor - day,
  ) =>
    store.put(
      'deals',
      id,
      { id, properties: { dealname: `Deal ${id}`, ...properties }, associations: { companies } },
      at,
    );
  return { ...world, store, deal };
}

describe('HubSpot deals', () => {
  let world: Awaited<ReturnType<typeof makeWorld>>;
  afterEach(() => world.close());
  const rows = async (lane: 'backfill' | 'realtime' = 'backfill') => {
    const { records } = await readAll(world.source, 'deals', lane, null, world.context);
    return unified(world.source, 'deals', records);
  };

  it('have names for owners and stages, the primary company, and days of the company’s calendar', async () => {
    world = await makeWorld();
    world.deal(
      '1',
      {
        amount: '1234.5',
        deal_currency_code: 'EUR',
        dealstage: 'closedwon',
        hs_deal_stage_probability: '1.0',
        hs_is_closed: 'true',
        hs_is_closed_won: 'true',
        closedate: '2026-10-31T23:30:00Z',
        createdate: '2026-09-01T10:00:00Z',
        hubspot_owner_id: '7',
      },
      [{ id: '90' }, { id: '91', label: 'Primary' }],
    );
    expect(await rows()).toMatchObject({
      '1': {
        account_id: '91',
        owner: 'Ada Lovelace',
        stage: 'Closed won',
        amount: 123_450,
        currency: 'EUR',
        probability: 100,
        is_closed: true,
        is_won: true,
        created_on: '2026-09-01',
        closed_on: '2026-11-01',
      },
    });
  });

  it('without a company, an owner or a currency say so, and are in the account’s currency', async () => {
    world = await makeWorld();
    world.deal('1', { amount: '', dealstage: 'unknown' });
    expect(await rows()).toMatchObject({
      '1': { account_id: null, owner: null, stage: 'unknown', amount: null, currency: 'USD', is_won: false },
    });
  });

  it('get the oldest company where none is primary', async () => {
    world = await makeWorld();
    world.deal('1', {}, [{ id: '100' }, { id: '99' }]);
    expect(await rows()).toMatchObject({ '1': { account_id: '99' } });
  });

  it('are the same text by list and by search', async () => {
    world = await makeWorld();
    for (let n = 1; n <= 250; n++)
      world.deal(String(n), { hubspot_owner_id: '8' }, [{ id: String(1_000 + n) }]);
    const list = await readAll(world.source, 'deals', 'backfill', null, world.context);
    const search = await readAll(world.source, 'deals', 'realtime', null, world.context);
    const text = (records: typeof list.records) =>
      [...new Set(records.map((record) => JSON.stringify(record)))].sort();
    const same = JSON.stringify(text(search.records)) === JSON.stringify(text(list.records));
    expect([list.records.length, same]).toEqual([250, true]);
  });

  it('do not lose their companies to an answer in part', async () => {
    world = await makeWorld({ results: [], errors: [{ status: 'error', message: 'internal error' }] });
    world.deal('1', {}, [{ id: '100' }]);
    const fault = await faultOf(readAll(world.source, 'deals', 'backfill', null, world.context));
    expect([fault.kind, fault.message]).toEqual([
      'transient',
      expect.stringContaining('answered in part: internal error'),
    ]);
  });
});
