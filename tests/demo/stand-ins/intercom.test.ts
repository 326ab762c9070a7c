import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { createWorld } from '../../../demo/company/world.ts';
import { opening, openWorkspace, putContact, putConversation, type Workspace } from './intercom-workspace.ts';
import { type Description, schemaFaults } from './schema-faults.ts';

let workspace: Workspace;
afterEach(() => workspace.close());

type Reply = {
  status: number;
  headers: Headers;
  body: Record<string, unknown> & { data: { id: string }[]; conversations: { id: string }[] };
};

async function call(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Reply> {
  const response = await fetch(workspace.url + path, {
    method,
    headers: { authorization: 'Bearer secret-token', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Reply['body'],
  };
}

const since = (field: string, value: number, operator = '>') => ({ field, operator, value });
const description = (version: string) =>
  JSON.parse(
    readFileSync(new URL(`../../fixtures/intercom/schemas-${version}.json`, import.meta.url), 'utf8'),
  ) as Description;

describe('replies fit the published description', () => {
  test.each([
    ['admin_list', 'GET', '/admins', undefined],
    ['company_scroll', 'GET', '/companies/scroll', undefined],
    ['company_list', 'POST', '/companies/list', undefined],
    [
      'contact_list',
      'POST',
      '/contacts/search',
      { query: since('created_at', 0), pagination: { per_page: 2 } },
    ],
    [
      'conversation_list',
      'POST',
      '/conversations/search',
      { query: since('updated_at', 0), pagination: { per_page: 2 } },
    ],
    ['conversation', 'GET', '/conversations/5000', undefined],
    ['contact', 'GET', '/contacts/ct0', undefined],
    ['error', 'GET', '/contacts/nobody', undefined],
  ])('%s', async (schema, method, path, body) => {
    workspace = await openWorkspace();
    expect(schemaFaults(description('2.14'), schema, (await call(method, path, body)).body)).toEqual([]);
  });

  test('deleted_conversation_list of 2.16', async () => {
    workspace = await openWorkspace();
    workspace.store.remove('conversations', '5001', opening, 'deleted');
    const { body } = await call('GET', '/conversations/deleted', undefined, { 'intercom-version': '2.16' });
    expect([
      schemaFaults(description('2.16'), 'deleted_conversation_list', body),
      body.conversations,
    ]).toEqual([
      [],
      [{ type: 'conversation', id: '5001', metrics_retained: false, deleted_at: opening / 1000 }],
    ]);
  });

  test('every record of the synthetic company', async () => {
    const world = createWorld({ seed: 7, anchorDay: '2026-11-20', timeZone: 'UTC', scale: 0.02 });
    workspace = await openWorkspace({}, { store: world.intercom });
    const all = { pagination: { per_page: 150 } };
    const faults = [
      ...schemaFaults(
        description('2.14'),
        'conversation_list',
        (await call('POST', '/conversations/search', { query: since('updated_at', 0), ...all })).body,
      ),
      ...schemaFaults(
        description('2.14'),
        'contact_list',
        (await call('POST', '/contacts/search', { query: since('updated_at', 0), ...all })).body,
      ),
      ...schemaFaults(description('2.14'), 'company_scroll', (await call('GET', '/companies/scroll')).body),
      ...schemaFaults(description('2.14'), 'admin_list', (await call('GET', '/admins')).body),
    ];
    expect(faults).toEqual([]);
  });
});

describe('search', () => {
  test('conversations are filtered by the exact second', async () => {
    workspace = await openWorkspace({ conversations: 0 });
    putConversation(workspace.store, 1, opening);
    putConversation(workspace.store, 2, opening + 1000);
    const { body } = await call('POST', '/conversations/search', {
      query: since('updated_at', opening / 1000),
    });
    expect(body.conversations.map((item) => item.id)).toEqual(['5002']);
  });

  test('contacts are filtered by the day of the workspace: later than a stamp means from the next day on', async () => {
    workspace = await openWorkspace({ contacts: 0 }, { timeZone: 'Pacific/Auckland' });
    // 2 November 10:00 UTC is 23:00 in Auckland.
    putContact(workspace.store, 1, opening + 30 * 60_000);
    putContact(workspace.store, 2, opening + 90 * 60_000);
    const { body } = await call('POST', '/contacts/search', { query: since('updated_at', opening / 1000) });
    expect(body.data.map((item) => item.id)).toEqual(['ct2']);
  });

  test('pages follow one another by starting_after', async () => {
    workspace = await openWorkspace({ conversations: 5 });
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const { body } = await call('POST', '/conversations/search', {
        query: { operator: 'AND', value: [since('updated_at', 0)] },
        sort: { field: 'created_at', order: 'ascending' },
        pagination: { per_page: 2, starting_after: after },
      });
      seen.push(...body.conversations.map((item) => item.id));
      after = (body.pages as { next?: { starting_after: string } }).next?.starting_after;
    } while (after);
    expect(seen).toEqual(['5000', '5001', '5002', '5003', '5004']);
  });

  test.each([
    ['a page of more than 150', { query: since('updated_at', 0), pagination: { per_page: 151 } }],
    ['an operator that dates do not have', { query: since('updated_at', 0, '!=') }],
    ['a date that is no number', { query: { field: 'updated_at', operator: '>', value: 'today' } }],
    ['a query that is missing', {}],
  ])('refuses %s', async (_what, body) => {
    workspace = await openWorkspace();
    expect((await call('POST', '/contacts/search', body)).status).toBe(400);
  });

  test('a change shows only after the lag of the index, and until then as it was', async () => {
    workspace = await openWorkspace({ conversations: 1 }, { searchLagMs: 5_000 });
    const search = async () =>
      (await call('POST', '/conversations/search', { query: since('created_at', 0) })).body.conversations;
    await search();
    putConversation(workspace.store, 0, opening, { state: 'open' });
    const early = await search();
    workspace.clock.ms += 5_000;
    const late = await search();
    expect([early, late]).toMatchObject([[{ state: 'closed' }], [{ state: 'open' }]]);
  });
});

describe('limits and refusals', () => {
  test('a workspace has one scroll at a time, free again after a minute unused', async () => {
    workspace = await openWorkspace();
    await call('GET', '/companies/scroll');
    const second = await call('GET', '/companies/scroll');
    workspace.clock.ms += 60_000;
    const third = await call('GET', '/companies/scroll');
    expect([second.status, JSON.stringify(second.body), third.status]).toEqual([
      400,
      expect.stringContaining('scroll already exists'),
      200,
    ]);
  });

  test('the list of companies ends at 10,000', async () => {
    workspace = await openWorkspace();
    expect((await call('POST', '/companies/list?per_page=60&page=167')).status).toBe(400);
  });

  test('calls over the limit of a ten-second slice are refused until the next one', async () => {
    workspace = await openWorkspace({}, { limits: { perMinute: 12 } });
    const statuses = [
      await call('GET', '/admins'),
      await call('GET', '/admins'),
      await call('GET', '/admins'),
    ];
    const reset = Number(statuses[2]!.headers.get('x-ratelimit-reset')) * 1000;
    workspace.clock.ms = reset;
    expect([...statuses, await call('GET', '/admins')].map((reply) => reply.status)).toEqual([
      200, 200, 429, 200,
    ]);
  });

  test('a contact that was merged away is not there', async () => {
    workspace = await openWorkspace();
    workspace.store.remove('contacts', 'ct1', opening, 'merged', 'ct0');
    expect((await call('GET', '/contacts/ct1')).status).toBe(404);
  });

  test('a wrong token is refused', async () => {
    workspace = await openWorkspace();
    expect((await call('GET', '/admins', undefined, { authorization: 'Bearer nope' })).status).toBe(401);
  });

  test('deleted conversations are listed from 2.16 on', async () => {
    workspace = await openWorkspace();
    const { status, body } = await call('GET', '/conversations/deleted', undefined, {
      'intercom-version': '2.14',
    });
    expect([status, body.errors]).toEqual([
      400,
      [expect.objectContaining({ code: 'intercom_version_invalid' })],
    ]);
  });
});
