/** Intercom's tickets: read over HTTP through the SDK, and counted like every other ticket. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openDatabase } from '../../../../db/client.ts';
import { takeLease } from '../../../../platform/lease.ts';
import { defaultCycle, runCycle } from '../../../../sync/cycle.ts';
import { resolve } from '../../../../sync/resolve/resolve.ts';
import { createIntercomSource } from '../../../../sync/sources/intercom/create-intercom-source.ts';
import { describeSource } from '../../../contracts/source.ts';
import { openTestDatabase } from '../../../database.ts';
import { opening, openWorkspace, type Workspace } from '../../../demo/stand-ins/intercom-workspace.ts';
import { quiet } from '../../../run-cycle.ts';
import { readAll, readContext, unified } from '../read-context.ts';

const seconds = (ms: number) => Math.floor(ms / 1000);
const hour = 3_600_000;
const born = opening - 50 * hour;

type Part = [type: string, afterHours: number, more: Record<string, unknown>];
const comment = (afterHours: number, author: string): Part => [
  'comment',
  afterHours,
  { author: { type: author }, body: '<p>secret words</p>' },
];
const moved = (afterHours: number, from: string, to: string): Part => [
  'ticket_state_updated_by_admin',
  afterHours,
  { previous_ticket_state: from, ticket_state: to, author: { type: 'admin' } },
];

function putTicket(
  { store }: Workspace,
  id: string,
  {
    parts = [],
    state = 'submitted',
    ...more
  }: { parts?: Part[]; state?: string; [key: string]: unknown } = {},
  at = born,
): string {
  store.put(
    'tickets',
    id,
    {
      type: 'ticket',
      id,
      ticket_id: `9${id}`,
      category: 'Customer',
      ticket_state: { type: 'ticket_state', id: '1', category: state },
      ticket_type: { type: 'ticket_type', id: '2', name: 'Bug' },
      ticket_attributes: { _default_title_: `Ticket ${id}`, product: 'Core' },
      contacts: { type: 'contact.list', contacts: [{ type: 'contact', id: 'ct1' }] },
      admin_assignee_id: '900',
      open: state !== 'resolved',
      created_at: seconds(born),
      updated_at: seconds(at),
      ticket_parts: {
        type: 'ticket_part.list',
        total_count: parts.length,
        ticket_parts: parts.map(([part_type, afterHours, fields], i) => ({
          type: 'ticket_part',
          id: `${id}${i}`,
          part_type,
          created_at: seconds(born + afterHours * hour),
          updated_at: seconds(born + afterHours * hour),
          ...fields,
        })),
      },
      ...more,
    },
    at,
  );
  return id;
}

function connect(workspace: Workspace) {
  const source = createIntercomSource({ baseUrl: workspace.url, token: 'secret-token', tickets: true });
  return { source, context: readContext(source, () => new Date(workspace.clock.ms)) };
}

describeSource('Intercom with tickets', async () => {
  const own = await openWorkspace({ companies: 3, contacts: 4, conversations: 3 });
  for (let i = 1; i <= 330; i++) putTicket(own, String(i), {}, born + i * 1000);
  const { source, context } = connect(own);
  const live = (object: string) =>
    [...own.store.all(object)].filter((stored) => !stored.gone).map((stored) => stored.id);
  const objectOf = (stream: string) => (stream === 'ticket_changes' ? 'tickets' : stream);
  return {
    source,
    context,
    liveIds: (stream) =>
      stream === 'ticket_changes' ? live('tickets').map((id) => `${id}:created`) : live(stream),
    change(stream) {
      own.clock.ms += 6 * 60_000;
      const at = own.clock.ms - 60_000;
      if (stream === 'tickets') return putTicket(own, '7', { state: 'in_progress' }, at);
      if (stream !== 'ticket_changes') return null;
      putTicket(own, '7', { state: 'resolved', parts: [moved(1, 'submitted', 'resolved')] }, at);
      return '7:70';
    },
    remove(stream) {
      if (stream !== 'tickets') return null;
      own.clock.ms += 6 * 60_000;
      const id = live(objectOf(stream))[1]!;
      own.store.remove('tickets', id, own.clock.ms - 60_000, 'deleted');
      return id;
    },
    malformed: () => ({ id: '1', ticket_id: {}, created_at: 'yesterday', name: 7 }),
    close: own.close,
  };
});

describe('a ticket of Intercom', () => {
  let workspace: Workspace;
  beforeEach(async () => {
    workspace = await openWorkspace({ conversations: 0 });
  });
  afterEach(() => workspace.close());
  const read = async (stream: string) => {
    const { source, context } = connect(workspace);
    const { records } = await readAll(source, stream, 'backfill', null, context);
    return { records, rows: unified(source, stream, records) };
  };

  test('is mapped with its status in the words of every other ticket, and without what was written', async () => {
    putTicket(workspace, '1', { state: 'waiting_on_customer', parts: [comment(1, 'admin')] });
    const { records, rows } = await read('tickets');
    expect(rows['1']).toMatchObject({
      subject: 'Ticket 1',
      requester_id: 'ct1',
      owner: 'Ada King',
      status: 'pending',
      product: 'Core',
      created_at: new Date(born).toISOString(),
    });
    const changes = await read('ticket_changes');
    expect(JSON.stringify([records, changes.records])).not.toContain('secret words');
  });

  test('of the back office is no customer’s ticket', async () => {
    putTicket(workspace, '1', { category: 'Back-office' });
    putTicket(workspace, '2', { category: 'Tracker' });
    expect(Object.values((await read('tickets')).rows)).toEqual([null, null]);
  });

  test('in a state of no category that Intercom has is malformed, not new', () => {
    const { source } = connect(workspace);
    const stream = source.streams.find(({ name }) => name === 'tickets')!;
    const raw = { id: '1', ticket_state: { category: 'limbo' }, created_at: seconds(born) };
    expect(() => stream.unify(raw)).toThrow(/limbo/);
  });

  test('whose parts a search leaves out is asked for by its id', async () => {
    putTicket(workspace, '1', { parts: [comment(2, 'admin')] });
    const { source, context } = connect(workspace);
    const paths: string[] = [];
    const stripped: typeof context = {
      ...context,
      async fetch(url, options) {
        paths.push(new URL(url).pathname);
        const reply = await context.fetch(url, options);
        if (!url.includes('/tickets/search')) return reply;
        const body = JSON.parse(reply.text) as { tickets: Record<string, unknown>[] };
        for (const ticket of body.tickets) delete ticket.ticket_parts;
        return { ...reply, text: JSON.stringify(body) };
      },
    };
    const { records } = await readAll(source, 'ticket_changes', 'backfill', null, stripped);
    expect(records.map(({ id }) => id)).toEqual(['1:created', '1:10']);
    expect(paths).toContain('/tickets/1');
  });

  test('has the times and the reopening that its events tell', async () => {
    const home = await openTestDatabase();
    const db = openDatabase(home.url, { name: 'herald-test', max: 3 });
    try {
      putTicket(workspace, '1', {
        state: 'resolved',
        parts: [
          comment(1, 'user'),
          comment(2, 'admin'),
          moved(3, 'submitted', 'resolved'),
          moved(10, 'resolved', 'in_progress'),
          moved(12, 'in_progress', 'resolved'),
        ],
      });
      const { source, context } = connect(workspace);
      const lease = (await takeLease(db, 'sync:intercom', 'test'))!;
      const wait = async () => undefined;
      const input = { db, source, context, lease, settings: defaultCycle, cause: 'test', log: quiet, wait };
      expect(await runCycle(input)).toMatchObject({ state: 'SUCCESS', quarantined: 0 });
      while ((await resolve(db)) > 0);
      const at = (hours: number) => new Date(born + hours * hour);
      const [row] =
        await db.sql`select first_replied_at, first_solved_at, solved_at, reopens, replies, followed from ticket`;
      expect(row).toEqual({
        first_replied_at: at(2),
        first_solved_at: at(3),
        solved_at: at(12),
        reopens: 1,
        replies: 1,
        followed: true,
      });
    } finally {
      await db.close();
      await home.close();
    }
  });
});

test('tickets are read where the settings ask for them alone', () => {
  const source = createIntercomSource({ baseUrl: 'http://127.0.0.1:1', token: 't' });
  expect([...source.streams.map(({ name }) => name), ...source.hinted!.streams]).not.toContain('tickets');
});
