import type { RequestListener } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { createStore } from '../../../demo/company/store.ts';
import {
  createZendeskStandIn,
  type ZendeskStandInOptions,
} from '../../../demo/stand-ins/zendesk/stand-in.ts';
import { createZendeskSource, type ZendeskSettings } from '../../../sync/sources/zendesk/source.ts';
import { describeSource, readLane, type SourceHarness } from '../../contracts/source.ts';
import { anchor, breaking, faultOf, makeReadingWorld } from './reading-world.ts';

const hour = 3_600_000;
const day = 24 * hour;
const oauth = { clientId: 'id', clientSecret: 'secret-of-client' };
const stamp = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`;

type Options = Partial<ZendeskStandInOptions> & {
  wrap?: (inner: RequestListener) => RequestListener;
  settings?: ZendeskSettings;
};

async function makeWorld({ wrap, settings, ...options }: Options = {}) {
  const store = createStore();
  const clock = { now: anchor };
  const standIn = createZendeskStandIn({
    store,
    now: () => clock.now,
    limits: { perMinute: 200, exportsPerMinute: 10 },
    auth: oauth,
    ...options,
  });
  const world = await makeReadingWorld(clock, wrap?.(standIn) ?? standIn, (url) =>
    createZendeskSource({ ...(settings ?? oauth), baseUrl: url }),
  );
  const put = (object: string, id: number, fields: Record<string, unknown> = {}, at = anchor - 30 * day) =>
    store.put(object, String(id), { id, created_at: stamp(at), updated_at: stamp(at), ...fields }, at);
  const ticket = (id: number, fields: Record<string, unknown> = {}, at?: number) =>
    put('tickets', id, { status: 'open', subject: `T${id}`, ...fields }, at);
  return { ...world, store, put, ticket };
}

type World = Awaited<ReturnType<typeof makeWorld>>;

const ids = (records: { id: string }[]) => records.map((record) => record.id);

describe('the Zendesk source', () => {
  let world: World;
  const start = async (options?: Options) => {
    world = await makeWorld(options);
    return world;
  };
  afterEach(() => world.close());
  const exportsMade = () => world.calls.filter((call) => call.bucket === 'exports');

  it('reads a backfill of several pages completely', async () => {
    const { ticket } = await start();
    for (let n = 1; n <= 2_500; n++) ticket(n, {}, anchor - day - n * 700);
    const { records } = await readLane(world, 'tickets', 'backfill');
    expect(new Set(ids(records)).size).toBe(2_500);
    expect(exportsMade()).toHaveLength(3);
  });

  it('asks for a start time once and follows the cursor from then on', async () => {
    const starts: boolean[] = [];
    const watch =
      (inner: RequestListener): RequestListener =>
      (request, response) => {
        if (request.url?.includes('incremental')) starts.push(request.url.includes('start_time'));
        inner(request, response);
      };
    const { ticket } = await start({ wrap: watch });
    for (let n = 1; n <= 1_500; n++) ticket(n);
    const { cursor } = await readLane(world, 'tickets', 'backfill');
    await readLane(world, 'tickets', 'realtime', cursor);
    expect(starts).toEqual([true, false, false]);
  });

  it('stays within ten exports a minute without a single refusal', async () => {
    const { put } = await start();
    for (let n = 1; n <= 25_000; n++) {
      put(
        'ticket_metric_events',
        n,
        { ticket_id: 1, metric: 'reply_time', type: 'activate', time: stamp(anchor) },
        anchor - day - n * 900,
      );
    }
    await readLane(world, 'ticket_metric_events', 'backfill');
    expect([exportsMade().length >= 25, world.calls.filter((call) => call.status === 429)]).toEqual([
      true,
      [],
    ]);
  });

  it('waits out an export limit that others used up', async () => {
    const { ticket } = await start({ limits: { perMinute: 200, exportsPerMinute: 1 } });
    for (let n = 1; n <= 2_500; n++) ticket(n);
    const { records } = await readLane(world, 'tickets', 'backfill');
    expect([ids(records).length, world.calls.some((call) => call.status === 429)]).toEqual([2_500, true]);
  });

  it('sees a change once the export shows it, a minute later', async () => {
    const { ticket, clock } = await start();
    ticket(1);
    ticket(2);
    const { cursor } = await readLane(world, 'tickets', 'backfill');
    ticket(2, { status: 'solved' }, clock.now);
    clock.now += 50_000;
    const early = await readLane(world, 'tickets', 'realtime', cursor);
    clock.now += 12_000;
    const late = await readLane(world, 'tickets', 'realtime', early.cursor);
    expect([ids(early.records), ids(late.records)]).toEqual([[], ['2']]);
  });

  it('claims no coverage of the last minute', async () => {
    const { clock } = await start();
    const { batches } = await readLane(world, 'tickets', 'backfill');
    expect(batches.at(-1)!.coveredUntil).toBe(new Date(clock.now - 60_000).toISOString());
  });

  it('takes the version from the generated stamp, not from updated_at', async () => {
    const { ticket } = await start();
    ticket(1, { updated_at: '2020-01-01T00:00:00Z' });
    const { records } = await readLane(world, 'tickets', 'backfill');
    expect(records[0]!.version).toBe(Math.floor((anchor - 30 * day) / 1000) * 1000);
  });

  it('deletes a ticket that the stream shows as deleted', async () => {
    const { ticket, clock, store } = await start();
    ticket(1);
    const { cursor } = await readLane(world, 'tickets', 'backfill');
    store.remove('tickets', '1', clock.now, 'deleted');
    clock.now += 62_000;
    const { records } = await readLane(world, 'tickets', 'realtime', cursor);
    expect(records).toEqual([expect.objectContaining({ op: 'delete', id: '1', reason: 'deleted' })]);
  });

  it('keeps a merged ticket, closed', async () => {
    const { ticket, clock, store } = await start();
    ticket(1);
    ticket(2);
    store.remove('tickets', '1', clock.now - hour, 'merged', '2');
    const { records } = await readLane(world, 'tickets', 'backfill');
    const merged = records.find((record) => record.id === '1');
    expect(merged?.op === 'upsert' && JSON.parse(merged.payload)).toMatchObject({
      status: 'closed',
      tags: ['closed_by_merge'],
    });
  });

  it('writes the name of the assignee into the ticket, also when he is no agent any more', async () => {
    const { ticket, put } = await start();
    put('users', 10, { role: 'agent', name: 'Ada' });
    put('users', 11, { role: 'end-user', name: 'Once An Agent' });
    ticket(1, { assignee_id: 10 });
    ticket(2, { assignee_id: 11 });
    ticket(3, { assignee_id: null });
    const { records } = await readLane(world, 'tickets', 'backfill');
    const names = records.map((record) => record.op === 'upsert' && JSON.parse(record.payload).assignee_name);
    expect(names).toEqual(['Ada', 'Once An Agent', null]);
  });

  it('asks for names only when a ticket has an assignee', async () => {
    const { ticket } = await start();
    ticket(1);
    await readLane(world, 'tickets', 'backfill');
    expect(world.calls.map((call) => call.path)).toEqual([
      '/oauth/tokens',
      '/api/v2/incremental/tickets/cursor',
    ]);
  });

  it('gets past a second that fills a whole page, and warns', async () => {
    const { put } = await start();
    for (let n = 1; n <= 1_500; n++) put('organizations', n, {}, anchor - day);
    put('organizations', 2_000, {}, anchor - hour);
    const { batches, records } = await readLane(world, 'organizations', 'backfill');
    expect([ids(records).includes('2000'), world.warnings.length]).toEqual([true, 1]);
    expect(batches.flatMap(({ lacks = [] }) => lacks)).toEqual([
      expect.objectContaining({
        kind: 'incomplete',
        subject: `organizations ${stamp(anchor - day).replace('Z', '.000Z')}`,
      }),
    ]);
  });

  it('continues an export by time from its last second on', async () => {
    const { put, clock } = await start();
    put('organizations', 1, {}, anchor - day);
    put('organizations', 2, {}, anchor - hour);
    const { cursor } = await readLane(world, 'organizations', 'backfill');
    put('organizations', 3, {}, clock.now);
    clock.now += 62_000;
    const { records } = await readLane(world, 'organizations', 'realtime', cursor);
    expect(ids(records)).toEqual(['2', '3']);
  });

  it('asks for smaller pages when large ones run out of time', async () => {
    const isLarge = (url: string) => Number(new URL(url, 'http://x').searchParams.get('per_page')) > 300;
    const { ticket } = await start({ wrap: (inner) => breaking(inner, isLarge, 'gateway timeout') });
    for (let n = 1; n <= 600; n++) ticket(n, {}, anchor - day - n * 1_000);
    expect(ids((await readLane(world, 'tickets', 'backfill')).records)).toHaveLength(600);
  });

  it('makes one record of each change of status', async () => {
    const { put } = await start();
    const child_events = [
      { id: 71, event_type: 'Change', status: 'solved', previous_value: 'open' },
      { id: 72, event_type: 'Comment', public: true },
      { id: 73, event_type: 'Change', priority: 'high', previous_value: 'low' },
    ];
    put('ticket_events', 7, { ticket_id: 1, timestamp: 1_790_000_000, child_events });
    const { records } = await readLane(world, 'ticket_events', 'backfill');
    expect(ids(records)).toEqual(['change:71']);
  });

  it('reads ratings again that changed within the overlap', async () => {
    const { put, clock } = await start();
    put('satisfaction_ratings', 1, { ticket_id: 1, score: 'offered' }, anchor - day);
    const { cursor } = await readLane(world, 'satisfaction_ratings', 'backfill');
    put('satisfaction_ratings', 1, { ticket_id: 1, score: 'good' }, clock.now - 5 * 60_000);
    const { records } = await readLane(world, 'satisfaction_ratings', 'realtime', cursor);
    expect(ids(records)).toEqual(['rating:1']);
  });

  it('reads more than two pages of ratings', async () => {
    const { put } = await start();
    for (let n = 1; n <= 250; n++) put('satisfaction_ratings', n, { ticket_id: n, score: 'bad' });
    expect(ids((await readLane(world, 'satisfaction_ratings', 'backfill')).records)).toHaveLength(250);
  });

  it('misses in the sweep a user who was deleted for good', async () => {
    const { put, store, clock } = await start();
    put('users', 1, { role: 'end-user' });
    put('users', 2, { role: 'end-user' });
    store.remove('users', '2', clock.now, 'hard_deleted');
    const { batches } = await readLane(world, 'users', 'sweep');
    expect(batches.map((batch) => batch.cursor)).toEqual([{ ids: ['1'], done: true }]);
  });

  it('renews its access token before it runs out', async () => {
    const { clock } = await start();
    await readLane(world, 'organizations', 'backfill');
    clock.now += 29.5 * 60_000;
    await readLane(world, 'organizations', 'backfill');
    expect(world.calls.map((call) => [call.path, call.status])).toEqual([
      ['/oauth/tokens', 200],
      ['/api/v2/incremental/organizations', 200],
      ['/oauth/tokens', 200],
      ['/api/v2/incremental/organizations', 200],
    ]);
  });

  it('reads with the API token of old', async () => {
    const { ticket } = await start({
      auth: { token: 'tok' },
      settings: { baseUrl: '', email: 'a@example.com', apiToken: 'tok' },
    });
    ticket(1);
    expect(ids((await readLane(world, 'tickets', 'backfill')).records)).toEqual(['1']);
  });

  it.each([
    ['API token', { baseUrl: '', email: 'a@example.com', apiToken: 'wrong-token' }],
    ['OAuth client', { baseUrl: '', clientId: 'id', clientSecret: 'wrong-secret' }],
  ])('says that access is revoked when the %s is refused', async (_what, settings) => {
    await start({ settings });
    expect((await faultOf(readLane(world, 'tickets', 'backfill'))).kind).toBe('auth_revoked');
  });

  it.each([
    ['html', 'protocol'],
    ['cut short', 'transient'],
    ['no list', 'protocol'],
  ] as const)('takes a reply that is %s for a fault, not for data', async (fault, kind) => {
    await start({ wrap: (inner) => breaking(inner, (url) => url.startsWith('/api/'), fault) });
    expect((await faultOf(readLane(world, 'tickets', 'backfill'))).kind).toBe(kind);
  });

  it('says so when Zendesk takes its position no longer', async () => {
    await start();
    const lost = { v: 1, kind: 'cursor', after: 'nonsense' };
    expect((await faultOf(readLane(world, 'tickets', 'realtime', lost))).kind).toBe('cursor_expired');
  });
});

describe('what happened to a Zendesk ticket', () => {
  const streams = createZendeskSource({ baseUrl: 'http://127.0.0.1', ...oauth }).streams;
  const unify = (stream: string, raw: object) => streams.find(({ name }) => name === stream)!.unify(raw);
  const event = { id: 7, ticket_id: 1, metric: 'reply_time', instance_id: 2, time: '2026-03-01T10:00:00Z' };

  it('has the target of a service level that was applied, in minutes, by its instance', () => {
    const sla = { target: 60, business_hours: true, policy: { id: 3, title: 'Gold' } };
    expect(unify('ticket_metric_events', { ...event, type: 'apply_sla', sla })).toMatchObject({
      ticket_id: '1',
      metric: 'reply_time',
      kind: 'apply_sla',
      value: '60',
      target: '2',
      deleted: false,
    });
  });

  it('is marked where Zendesk took a breach back', () => {
    expect(unify('ticket_metric_events', { ...event, type: 'breach', deleted: true })).toMatchObject({
      kind: 'breach',
      value: null,
      deleted: true,
    });
  });

  it('has its rating with the time at which it was given', () => {
    const rating = { id: 9, ticket_id: 1, score: 'bad', updated_at: '2026-03-02T08:00:00Z' };
    expect(unify('satisfaction_ratings', rating)).toMatchObject({
      ticket_id: '1',
      metric: 'csat',
      kind: 'bad',
      at: '2026-03-02T08:00:00.000Z',
    });
  });
});

describe('a Zendesk ticket as a ticket', () => {
  const settings = { baseUrl: 'http://127.0.0.1', ...oauth, fields: { product: 5, plan: 6 } };
  const stream = createZendeskSource(settings).streams.find((each) => each.name === 'tickets')!;
  const ticket = (fields: Record<string, unknown>) =>
    stream.unify({ id: 1, status: 'solved', created_at: '2026-03-01T10:00:00Z', ...fields });

  it('counts the first reply from creation', () => {
    const row = ticket({ metric_set: { reply_time_in_minutes: { calendar: 90, business: 30 } } });
    expect([row?.first_replied_at, row?.first_reply_business_minutes]).toEqual([
      '2026-03-01T11:30:00.000Z',
      30,
    ]);
  });

  it('is not solved while it is open again', () => {
    const row = ticket({ status: 'open', metric_set: { solved_at: '2026-03-02T00:00:00Z' } });
    expect(row?.solved_at).toBeNull();
  });

  it('was not solved for the first time after it was solved', () => {
    const metric_set = {
      first_resolution_time_in_minutes: { calendar: 61 },
      solved_at: '2026-03-01T11:00:40Z',
    };
    expect(ticket({ metric_set })?.first_solved_at).toBe('2026-03-01T11:00:40.000Z');
  });

  it('has no rating when none was offered', () => {
    expect(ticket({ satisfaction_rating: { score: 'unoffered' } })?.csat).toBeNull();
  });

  it('takes product and plan from the fields named in the settings', () => {
    const row = ticket({
      custom_fields: [
        { id: 5, value: 'Connect' },
        { id: 6, value: null },
      ],
    });
    expect([row?.product, row?.plan]).toEqual(['Connect', null]);
  });

  it('leaves staff out of the people', () => {
    const users = createZendeskSource(settings).streams.find((each) => each.name === 'users')!;
    expect(users.unify({ id: 1, role: 'agent', name: 'Ada' })).toBeNull();
  });
});

async function makeHarness(): Promise<SourceHarness> {
  const world = await makeWorld();
  const { store, clock, put } = world;
  const object = (stream: string) => (stream === 'agents' ? 'users' : stream);
  const write = (stream: string, id: number, at: number) =>
    put(
      object(stream),
      id,
      {
        name: `N${id}`,
        role: stream === 'agents' ? 'agent' : 'end-user',
        status: 'solved',
        assignee_id: 101,
        ticket_id: id,
        metric: 'reply_time',
        type: 'fulfill',
        time: stamp(at),
        timestamp: Math.floor(at / 1000),
        child_events: [{ id, event_type: 'Change', status: 'solved', previous_value: 'open' }],
        score: 'good',
        domain_names: ['a.example'],
        external_id: '001',
        via: { channel: 'email' },
        metric_set: {
          reply_time_in_minutes: { calendar: 5, business: 5 },
          replies: 1,
          reopens: 0,
          solved_at: stamp(at),
        },
      },
      at,
    );
  for (const { name } of world.source.streams) {
    const from = name === 'agents' ? 100 : 0;
    for (let n = 1; n <= 5; n++) write(name, from + n, anchor - 30 * day + n * 60_000);
  }
  const prefixes: Record<string, string> = {
    ticket_metric_events: 'metric:',
    ticket_events: 'change:',
    satisfaction_ratings: 'rating:',
  };
  const idOf = (stream: string, id: string) => `${prefixes[stream] ?? ''}${id}`;
  return {
    ...world,
    liveIds: (stream) =>
      [...store.all(object(stream))]
        .filter((stored) => !stored.gone && (stream !== 'agents' || stored.record.role === 'agent'))
        .map((stored) => idOf(stream, stored.id)),
    change(stream) {
      const id = stream === 'agents' ? 102 : 2;
      write(stream, id, clock.now);
      clock.now += 65_000;
      return idOf(stream, String(id));
    },
    remove(stream) {
      if (!['organizations', 'users', 'tickets'].includes(stream)) return null;
      store.remove(stream, '3', clock.now, 'deleted');
      clock.now += 65_000;
      return '3';
    },
    malformed: () => ({ id: 'seven' }),
  };
}

describeSource('Zendesk', makeHarness);
