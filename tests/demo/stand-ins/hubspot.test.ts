import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createStore } from '../../../demo/company/store.ts';
import {
  createHubspotStandIn,
  type HubspotStandInOptions,
} from '../../../demo/stand-ins/hubspot/stand-in.ts';
import { serveLoopback } from '../../../demo/stand-ins/serve.ts';

const anchor = Date.parse('2026-11-22T10:00:00Z');

async function serve(options: Partial<HubspotStandInOptions> = {}) {
  const store = createStore();
  const clock = { now: anchor };
  const served = await serveLoopback(
    createHubspotStandIn({
      store,
      now: () => clock.now,
      limits: { per10s: 100, searchPerSecond: 5, daily: 250_000 },
      indexLagMs: 0,
      clientId: 'id',
      clientSecret: 'secret',
      refreshToken: 'refresh',
      accessToken: 'pat',
      ...options,
    }),
  );
  const call = async (path: string, init: { body?: unknown; token?: string } = {}) => {
    const reply = await fetch(served.url + path, {
      method: init.body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${init.token ?? 'pat'}`, 'content-type': 'application/json' },
      ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
    });
    return { status: reply.status, headers: reply.headers, body: JSON.parse(await reply.text()) };
  };
  const token = (form: Record<string, string>) =>
    fetch(`${served.url}/oauth/v3/token`, { method: 'POST', body: new URLSearchParams(form) });
  const search = (body: unknown) => call('/crm/v3/objects/contacts/search', { body });
  const contact = (id: string, at = anchor - 60_000) =>
    store.put('contacts', id, { id, properties: { email: `p${id}@example.com`, country: 'NZ' } }, at);
  return { ...served, store, clock, call, token, search, contact };
}

const since = (ms: number, propertyName = 'lastmodifieddate') => ({
  filterGroups: [{ filters: [{ propertyName, operator: 'GTE', value: String(ms) }] }],
  limit: 200,
});

describe('the HubSpot stand-in', () => {
  let hubspot: Awaited<ReturnType<typeof serve>>;
  beforeEach(async () => {
    hubspot = await serve();
  });
  afterEach(() => hubspot.close());

  it('refuses lists of more than 100', async () => {
    expect((await hubspot.call('/crm/v3/objects/contacts?limit=101')).status).toBe(400);
  });

  it('refuses searches of more than 200', async () => {
    expect((await hubspot.search({ limit: 201 })).status).toBe(400);
  });

  it('refuses to page a search past 10,000', async () => {
    const statuses = [];
    for (const after of ['9800', '9801']) statuses.push((await hubspot.search({ limit: 200, after })).status);
    expect(statuses).toEqual([200, 400]);
  });

  it('finds nothing by a property of the wrong name, with 200', async () => {
    hubspot.contact('1');
    const right = await hubspot.search(since(1_000));
    const wrong = await hubspot.search(since(1_000, 'hs_lastmodifieddate'));
    expect([right.body.total, wrong.status, wrong.body.total]).toEqual([1, 200, 0]);
  });

  it('shows a change in search only after the lag of the index', async () => {
    await hubspot.close();
    hubspot = await serve({ indexLagMs: 5_000 });
    hubspot.contact('1', anchor);
    const before = await hubspot.search(since(1_000));
    hubspot.clock.now += 5_000;
    const after = await hubspot.search(since(1_000));
    expect([before.body.total, after.body.total]).toEqual([0, 1]);
  });

  it('shows archived records only where they are asked for', async () => {
    hubspot.contact('1');
    hubspot.store.remove('contacts', '1', anchor, 'archived');
    const live = await hubspot.call('/crm/v3/objects/contacts');
    const found = await hubspot.search(since(1_000));
    const archived = await hubspot.call('/crm/v3/objects/contacts?archived=true');
    expect([live.body.results.length, found.body.total, archived.body.results[0].archived]).toEqual([
      0,
      0,
      true,
    ]);
  });

  it('lists a merged record nowhere but in its survivor', async () => {
    for (const id of ['1', '2', '3']) hubspot.contact(id);
    hubspot.store.remove('contacts', '2', anchor, 'merged', '1');
    hubspot.store.remove('contacts', '3', anchor, 'merged', '1');
    const live = await hubspot.call('/crm/v3/objects/contacts?properties=hs_merged_object_ids');
    const archived = await hubspot.call('/crm/v3/objects/contacts?archived=true');
    expect(live.body.results.map((row: { id: string }) => row.id)).toEqual(['1']);
    expect(live.body.results[0].properties.hs_merged_object_ids).toBe('2;3');
    expect(archived.body.results).toEqual([]);
  });

  it('gives the survivor for the id of a merged record', async () => {
    hubspot.contact('1');
    hubspot.contact('2');
    hubspot.store.remove('contacts', '2', anchor, 'merged', '1');
    expect((await hubspot.call('/crm/v3/objects/contacts/2')).body.id).toBe('1');
  });

  it('tells missing ids of a batch beside those that are there', async () => {
    hubspot.contact('1');
    const { status, body } = await hubspot.call('/crm/v3/objects/contacts/batch/read', {
      body: { inputs: [{ id: '1' }, { id: '9' }], properties: [] },
    });
    expect([status, body.results.length, body.numErrors]).toEqual([207, 1, 1]);
  });

  it('gives the statistics of emails only when asked', async () => {
    hubspot.store.put('marketing_emails', '1', { id: '1', stats: { counters: { sent: 1 } } }, anchor);
    const without = await hubspot.call('/marketing/v3/emails');
    const withStats = await hubspot.call('/marketing/v3/emails?includeStats=true');
    expect([without.body.results[0].stats, withStats.body.results[0].stats]).toEqual([
      undefined,
      { counters: { sent: 1 } },
    ]);
  });

  it('refuses the sixth search within a second, whatever else is left', async () => {
    const replies = [];
    for (let n = 0; n < 6; n++) replies.push(await hubspot.search({ limit: 1 }));
    expect(replies.map((reply) => reply.status)).toEqual([200, 200, 200, 200, 200, 429]);
    expect(replies.at(-1)!.body).toMatchObject({ errorType: 'RATE_LIMIT', policyName: 'SECONDLY' });
  });

  it('names the ten seconds as policy, and gives Retry-After only now and then', async () => {
    await hubspot.close();
    hubspot = await serve({ limits: { per10s: 1, searchPerSecond: 5, daily: 100 } });
    const replies = [];
    for (let n = 0; n < 3; n++) replies.push(await hubspot.call('/crm/v3/owners'));
    expect(replies.map((reply) => reply.body.policyName)).toEqual([
      undefined,
      'TEN_SECONDLY_ROLLING',
      'TEN_SECONDLY_ROLLING',
    ]);
    expect(replies.slice(1).map((reply) => reply.headers.get('retry-after'))).toEqual(['10', null]);
  });

  it('ends the day by its own policy, until midnight', async () => {
    await hubspot.close();
    hubspot = await serve({ limits: { per10s: 100, searchPerSecond: 5, daily: 1 } });
    await hubspot.call('/crm/v3/owners');
    const refused = await hubspot.call('/crm/v3/owners');
    hubspot.clock.now += 14 * 3_600_000;
    const nextDay = await hubspot.call('/crm/v3/owners');
    expect([refused.body.policyName, nextDay.status]).toEqual(['DAILY', 200]);
  });

  it('says in its headers what is left', async () => {
    const { headers } = await hubspot.call('/crm/v3/owners');
    expect([headers.get('x-hubspot-ratelimit-max'), headers.get('x-hubspot-ratelimit-remaining')]).toEqual([
      '100',
      '99',
    ]);
  });

  it('gives tokens that end after 30 minutes', async () => {
    const granted = await hubspot.token({
      grant_type: 'refresh_token',
      client_id: 'id',
      client_secret: 'secret',
      refresh_token: 'refresh',
    });
    const { access_token: token, expires_in } = (await granted.json()) as {
      access_token: string;
      expires_in: number;
    };
    const fresh = await hubspot.call('/crm/v3/owners', { token });
    hubspot.clock.now += 30 * 60_000;
    const stale = await hubspot.call('/crm/v3/owners', { token });
    expect([expires_in, fresh.status, stale.status, stale.body.category]).toEqual([
      1_800,
      200,
      401,
      'EXPIRED_AUTHENTICATION',
    ]);
  });

  it('refuses a refresh token that it did not give', async () => {
    const reply = await hubspot.token({
      grant_type: 'refresh_token',
      client_id: 'id',
      client_secret: 'secret',
      refresh_token: 'x',
    });
    expect([reply.status, ((await reply.json()) as { status: string }).status]).toEqual([
      400,
      'BAD_REFRESH_TOKEN',
    ]);
  });

  it('refuses a request line that is too long', async () => {
    expect((await hubspot.call(`/crm/v3/objects/contacts?properties=${'x'.repeat(15_500)}`)).status).toBe(
      414,
    );
  });
});
