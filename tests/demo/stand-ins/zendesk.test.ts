import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createStore } from '../../../demo/company/store.ts';
import { serveLoopback } from '../../../demo/stand-ins/serve.ts';
import {
  createZendeskStandIn,
  type ZendeskStandInOptions,
} from '../../../demo/stand-ins/zendesk/stand-in.ts';

const anchor = Date.parse('2026-11-22T10:00:00Z');
const now = anchor / 1000;
const basic = `Basic ${Buffer.from('a@example.com/token:tok').toString('base64')}`;

async function serve(options: Partial<ZendeskStandInOptions> = {}) {
  const store = createStore();
  const clock = { now: anchor };
  const served = await serveLoopback(
    createZendeskStandIn({
      store,
      now: () => clock.now,
      limits: { perMinute: 200, exportsPerMinute: 10 },
      auth: { token: 'tok' },
      ...options,
    }),
  );
  const call = async (path: string, authorization = basic) => {
    const reply = await fetch(path.startsWith('http') ? path : `${served.url}/api/v2/${path}`, {
      headers: { authorization },
    });
    const text = await reply.text();
    const body = JSON.parse(text.startsWith('{') ? text : '{}');
    return { status: reply.status, headers: reply.headers, text, body };
  };
  const ticket = (id: number, fields: Record<string, unknown> = {}, at = anchor - 3_600_000) =>
    store.put('tickets', String(id), { id, status: 'open', metric_set: { replies: 1 }, ...fields }, at);
  return { ...served, store, clock, call, ticket };
}

const idsOf = (rows: { id: number }[]) => rows.map((row) => row.id);

describe('the Zendesk stand-in', () => {
  let zendesk: Awaited<ReturnType<typeof serve>>;
  const restart = async (options: Partial<ZendeskStandInOptions>) => {
    await zendesk.close();
    zendesk = await serve(options);
  };
  beforeEach(async () => {
    zendesk = await serve();
  });
  afterEach(() => zendesk.close());

  it('leaves out what changed within the last minute', async () => {
    zendesk.ticket(1, {}, anchor - 61_000);
    zendesk.ticket(2, {}, anchor - 59_000);
    const { body } = await zendesk.call('incremental/tickets/cursor?start_time=1');
    expect([idsOf(body.tickets), body.end_of_stream]).toEqual([[1], true]);
  });

  it('refuses a start time within the last minute', async () => {
    const { status, body } = await zendesk.call(`incremental/tickets/cursor?start_time=${now - 30}`);
    expect([status, body.error]).toEqual([422, 'StartTimeTooRecent']);
  });

  it('goes on behind the cursor, also from the end of the stream', async () => {
    zendesk.ticket(1);
    const first = await zendesk.call('incremental/tickets/cursor?start_time=1');
    zendesk.ticket(2, {}, anchor - 120_000);
    const next = await zendesk.call(
      `incremental/tickets/cursor?cursor=${encodeURIComponent(first.body.after_cursor)}`,
    );
    expect(idsOf(next.body.tickets)).toEqual([2]);
  });

  it('orders by the generated stamp', async () => {
    zendesk.ticket(1, {}, anchor - 100_000);
    zendesk.ticket(2, {}, anchor - 200_000);
    const { body } = await zendesk.call('incremental/tickets/cursor?start_time=1');
    expect(idsOf(body.tickets)).toEqual([2, 1]);
  });

  it('gives metric sets only when asked', async () => {
    zendesk.ticket(1);
    const without = await zendesk.call('incremental/tickets/cursor?start_time=1');
    const withSets = await zendesk.call('incremental/tickets/cursor?start_time=1&include=metric_sets');
    expect([without.body.tickets[0].metric_set, withSets.body.tickets[0].metric_set]).toEqual([
      undefined,
      { replies: 1 },
    ]);
  });

  it('keeps deleted tickets in the stream, marked', async () => {
    zendesk.ticket(1);
    zendesk.store.remove('tickets', '1', anchor - 90_000, 'deleted');
    const { body } = await zendesk.call('incremental/tickets/cursor?start_time=1');
    expect(body.tickets[0].status).toBe('deleted');
  });

  it('refuses pages of more than 1,000', async () => {
    expect((await zendesk.call('incremental/tickets/cursor?start_time=1&per_page=1001')).status).toBe(400);
  });

  it('repeats a second that fills a page, as the real one does', async () => {
    for (let n = 1; n <= 3; n++) zendesk.store.put('organizations', String(n), { id: n }, anchor - 3_600_000);
    const first = await zendesk.call('incremental/organizations?start_time=1&per_page=2');
    const second = await zendesk.call(first.body.next_page);
    expect([idsOf(first.body.organizations), idsOf(second.body.organizations)]).toEqual([
      [1, 2],
      [1, 2],
    ]);
  });

  it('links to itself', async () => {
    zendesk.ticket(1);
    const { body } = await zendesk.call('incremental/tickets/cursor?start_time=1');
    expect(body.after_url.startsWith(`${zendesk.url}/api/v2/incremental/tickets/cursor?`)).toBe(true);
  });

  it('refuses the eleventh export within a minute, in plain text', async () => {
    const replies = [];
    for (let n = 0; n < 11; n++) replies.push(await zendesk.call('incremental/users/cursor?start_time=1'));
    const last = replies.at(-1)!;
    expect(replies.filter((reply) => reply.status === 200)).toHaveLength(10);
    expect([last.status, last.headers.get('retry-after'), last.text]).toEqual([
      429,
      '60',
      'Number of allowed API requests per minute exceeded',
    ]);
  });

  it('counts every call towards the limit of the account', async () => {
    await restart({ limits: { perMinute: 2, exportsPerMinute: 10 } });
    const replies = [];
    for (const path of ['groups', 'users', 'groups']) replies.push(await zendesk.call(path));
    expect(replies.map((reply) => [reply.status, reply.headers.get('x-rate-limit-remaining')])).toEqual([
      [200, '1'],
      [200, '0'],
      [429, '0'],
    ]);
  });

  it('refuses list pages of more than 100', async () => {
    expect((await zendesk.call('satisfaction_ratings?page[size]=101')).status).toBe(400);
  });

  it('filters users by role', async () => {
    zendesk.store.put('users', '1', { id: 1, role: 'agent' }, anchor);
    zendesk.store.put('users', '2', { id: 2, role: 'end-user' }, anchor);
    expect(idsOf((await zendesk.call('users?role[]=agent&role[]=admin')).body.users)).toEqual([1]);
  });

  it('shows many tickets by id, at once and without the minute', async () => {
    zendesk.ticket(1, {}, anchor);
    zendesk.ticket(2, {}, anchor);
    expect(idsOf((await zendesk.call('tickets/show_many?ids=1,2,3')).body.tickets)).toEqual([1, 2]);
  });

  it('gives the comments of ticket events only when asked', async () => {
    const child_events = [
      { id: 1, event_type: 'Comment' },
      { id: 2, event_type: 'Change', status: 'open' },
    ];
    zendesk.store.put('ticket_events', '1', { id: 1, child_events }, anchor - 3_600_000);
    const without = await zendesk.call('incremental/ticket_events?start_time=1');
    const withComments = await zendesk.call('incremental/ticket_events?start_time=1&include=comment_events');
    const count = (reply: typeof without) => reply.body.ticket_events[0].child_events.length;
    expect([count(without), count(withComments)]).toEqual([1, 2]);
  });

  it('gives tokens that end', async () => {
    await restart({ auth: { clientId: 'id', clientSecret: 'secret' } });
    const granted = await fetch(`${zendesk.url}/oauth/tokens`, {
      method: 'POST',
      body: JSON.stringify({ grant_type: 'client_credentials', client_id: 'id', client_secret: 'secret' }),
    });
    const { access_token, expires_in } = (await granted.json()) as {
      access_token: string;
      expires_in: number;
    };
    const fresh = await zendesk.call('groups', `Bearer ${access_token}`);
    zendesk.clock.now += expires_in * 1000;
    const stale = await zendesk.call('groups', `Bearer ${access_token}`);
    expect([fresh.status, stale.status, stale.body.error]).toEqual([200, 401, 'invalid_token']);
  });

  it('refuses a client that it does not know', async () => {
    await restart({ auth: { clientId: 'id', clientSecret: 'secret' } });
    const refused = await fetch(`${zendesk.url}/oauth/tokens`, {
      method: 'POST',
      body: JSON.stringify({ grant_type: 'client_credentials', client_id: 'id', client_secret: 'no' }),
    });
    expect(refused.status).toBe(401);
  });
});
