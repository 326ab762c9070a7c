import { afterEach, describe, expect, test } from 'vitest';
import { serveLoopback } from '../../../../demo/stand-ins/serve.ts';
import { createIntercomSource } from '../../../../sync/sources/intercom/create-intercom-source.ts';
import { describeSource } from '../../../contracts/source.ts';
import {
  opening,
  openWorkspace,
  putCompany,
  putContact,
  putConversation,
  type Workspace,
} from '../../../demo/stand-ins/intercom-workspace.ts';
import { readAll, readContext, unified } from '../read-context.ts';

let workspace: Workspace;
afterEach(() => workspace?.close());

function connect(version?: string, token = 'secret-token') {
  const source = createIntercomSource({ baseUrl: workspace.url, token, ...(version ? { version } : {}) });
  return { source, context: readContext(source, () => new Date(workspace.clock.ms)) };
}
const minutes = (n: number) => n * 60_000;

for (const version of ['2.14', '2.16']) {
  describeSource(`Intercom ${version}`, async () => {
    const own = await openWorkspace({ companies: 230, contacts: 330, conversations: 310 });
    const source = createIntercomSource({ baseUrl: own.url, token: 'secret-token', version });
    const live = (stream: string) =>
      [...own.store.all(stream)].filter((stored) => !stored.gone).map((stored) => stored.id);
    return {
      source,
      context: readContext(source, () => new Date(own.clock.ms)),
      liveIds: live,
      change(stream) {
        own.clock.ms += minutes(6);
        const at = own.clock.ms - minutes(1);
        if (stream === 'companies') return putCompany(own.store, 7, at, { name: 'Renamed' });
        if (stream === 'contacts') return putContact(own.store, 7, at, { name: 'Renamed' });
        if (stream === 'conversations') return putConversation(own.store, 7, at, { state: 'open' });
        own.store.put(
          'admins',
          '900',
          { type: 'admin', id: '900', name: 'Ada Lovelace', email: 'a0@demo.example' },
          at,
        );
        return '900';
      },
      remove(stream) {
        own.clock.ms += minutes(6);
        const id = live(stream)[1]!;
        own.store.remove(stream, id, own.clock.ms - minutes(1), 'deleted');
        return id;
      },
      malformed: () => ({ id: '1', created_at: 'yesterday', name: 7 }),
      close: own.close,
    };
  });
}

describe('conversations', () => {
  test('times, rating, owner and product are mapped', async () => {
    workspace = await openWorkspace({ conversations: 1 });
    const { source, context } = connect();
    const { records } = await readAll(source, 'conversations', 'backfill', null, context);
    const born = opening - 6e8;
    const at = (seconds: number) => new Date(born + seconds * 1000).toISOString();
    expect(unified(source, 'conversations', records)).toEqual({
      '5000': {
        person_id: 'ct0',
        account_id: null,
        owner: 'Ada King',
        channel: 'conversation',
        product: 'Core',
        state: 'closed',
        created_at: at(0),
        first_replied_at: at(60),
        closed_at: at(600),
        reopens: 1,
        parts: 4,
        rating: 5,
        rated_at: at(700),
      },
    });
  });

  test('one that was reopened is not closed', async () => {
    workspace = await openWorkspace({ conversations: 0 });
    putConversation(workspace.store, 1, opening, { state: 'open', open: true });
    const { source, context } = connect();
    const { records } = await readAll(source, 'conversations', 'backfill', null, context);
    expect(unified(source, 'conversations', records)).toMatchObject({
      '5001': { closed_at: null, state: 'open' },
    });
  });

  test('a reading reads only what changed since the last one and its overlap', async () => {
    workspace = await openWorkspace({ conversations: 400 });
    const { source, context } = connect();
    const first = await readAll(source, 'conversations', 'backfill', null, context);
    workspace.clock.ms += minutes(5);
    putConversation(workspace.store, 3, workspace.clock.ms - 20_000);
    const second = await readAll(source, 'conversations', 'realtime', first.cursor, context);
    expect([first.records.length, second.records.map((record) => record.id)]).toEqual([400, ['5003']]);
  });

  test('what the index showed late is caught by the settle lane', async () => {
    workspace = await openWorkspace({ conversations: 3 }, { searchLagMs: minutes(2) });
    const { source, context } = connect();
    const first = await readAll(source, 'conversations', 'backfill', null, context);
    workspace.clock.ms += minutes(5);
    putConversation(workspace.store, 1, workspace.clock.ms - 10_000);
    const early = await readAll(source, 'conversations', 'realtime', first.cursor, context);
    workspace.clock.ms += minutes(1.5);
    const still = await readAll(source, 'conversations', 'realtime', early.cursor, context);
    workspace.clock.ms += minutes(1.5);
    const after = await readAll(source, 'conversations', 'realtime', still.cursor, context);
    workspace.clock.ms += minutes(15);
    const settled = await readAll(source, 'conversations', 'settle', first.cursor, context);
    expect([early, after, settled].map((reading) => reading.records.length)).toEqual([0, 0, 1]);
  });

  test('a backfill that stops goes on from its page', async () => {
    workspace = await openWorkspace({ conversations: 400 });
    const { source, context } = connect();
    const ids: string[] = [];
    let cursor = null as Record<string, unknown> | null;
    while (cursor === null || 'page' in cursor) {
      for await (const batch of source.read('conversations', 'backfill', cursor, context)) {
        ids.push(...batch.records.map((record) => record.id));
        cursor = batch.cursor;
        break;
      }
    }
    expect([ids.length, new Set(ids).size, cursor]).toEqual([400, 400, { until: opening / 1000 }]);
  });
});

describe('contacts and companies', () => {
  test('a contact that changed on the day of the last reading is found, whatever the zone of the workspace', async () => {
    workspace = await openWorkspace({ contacts: 200 }, { timeZone: 'Pacific/Auckland' });
    const { source, context } = connect();
    const first = await readAll(source, 'contacts', 'backfill', null, context);
    workspace.clock.ms += minutes(5);
    putContact(workspace.store, 4, workspace.clock.ms - minutes(2));
    const second = await readAll(source, 'contacts', 'realtime', first.cursor, context);
    expect(second.records.map((record) => record.id)).toEqual(['ct4']);
  });

  test('contacts are read newest first, and no further than what was read before', async () => {
    workspace = await openWorkspace({ contacts: 0 });
    // Within the days that the platform's filter gives in any case.
    for (let i = 0; i < 400; i++) putContact(workspace.store, i, opening - minutes(20 * 60) - i * 1_000);
    const { source, context } = connect();
    const first = await readAll(source, 'contacts', 'backfill', null, context);
    workspace.clock.ms += minutes(5);
    putContact(workspace.store, 4, workspace.clock.ms - minutes(2));
    let searches = 0;
    const counting: typeof context = {
      ...context,
      fetch: (url, init) => {
        if (url.endsWith('/contacts/search')) searches++;
        return context.fetch(url, init);
      },
    };
    const second = await readAll(source, 'contacts', 'realtime', first.cursor, counting);
    expect([second.records.map(({ id }) => id), searches]).toEqual([['ct4'], 1]);
  });

  test('a contact that was merged into another is not found by its id, and is missing from the sweep', async () => {
    workspace = await openWorkspace({ contacts: 3 });
    const { source, context } = connect();
    workspace.store.remove('contacts', 'ct1', opening, 'merged', 'ct0');
    const found: string[] = [];
    for await (const records of source.hinted!.read('contacts', ['ct0', 'ct1'], context))
      found.push(...records.map(({ id }) => id));
    const swept = await readAll(source, 'contacts', 'sweep', null, context);
    expect([found, swept.ids]).toEqual([['ct0'], ['ct0', 'ct2']]);
  });

  test('a company names itself in billing, and its website gives its domain', async () => {
    workspace = await openWorkspace({ companies: 2 });
    const { source, context } = connect();
    const { records } = await readAll(source, 'companies', 'backfill', null, context);
    expect(unified(source, 'companies', records)).toMatchObject({
      co0: { external_ids: { billing: 'cus_0' }, domain: 'firm0.example', name: 'Firm 0' },
      co1: { external_ids: { billing: 'cus_1' }, domain: null },
    });
  });

  test('companies are scrolled through at most every five minutes', async () => {
    workspace = await openWorkspace();
    const { source, context } = connect();
    const first = await readAll(source, 'companies', 'backfill', null, context);
    workspace.clock.ms += minutes(4);
    const second = await readAll(source, 'companies', 'realtime', first.cursor, context);
    expect([second.records.length, second.coveredUntil]).toEqual([0, new Date(opening).toISOString()]);
  });

  test('a scroll that expires between two pages begins again', async () => {
    workspace = await openWorkspace({ companies: 1_150 });
    const { source, context } = connect();
    const ids: string[] = [];
    for await (const batch of source.read('companies', 'backfill', null, context)) {
      if (ids.length === 0) workspace.clock.ms += minutes(2);
      ids.push(...batch.records.map((record) => record.id));
    }
    expect(new Set(ids).size).toBe(1_150);
  });

  test('a scroll that somebody else holds is waited for', async () => {
    workspace = await openWorkspace();
    await fetch(`${workspace.url}/companies/scroll`, { headers: { authorization: 'Bearer secret-token' } });
    const { source, context } = connect();
    await expect(readAll(source, 'companies', 'backfill', null, context)).rejects.toMatchObject({
      kind: 'rate_limited',
      retryAfterMs: 60_000,
    });
  });
});

describe('faults', () => {
  test('a token that was taken back needs a person, and is not in the message', async () => {
    workspace = await openWorkspace();
    const { source, context } = connect(undefined, 'other-secret');
    const thrown = await readAll(source, 'admins', 'realtime', null, context).catch((error: Error) => error);
    expect([thrown, String(thrown)]).toEqual([
      expect.objectContaining({ name: 'ReadFault', kind: 'auth_revoked' }),
      expect.not.stringContaining('other-secret'),
    ]);
  });

  test('a limit is told as one', async () => {
    workspace = await openWorkspace({}, { limits: { perMinute: 6 } });
    const { source, context } = connect();
    await readAll(source, 'admins', 'realtime', null, context);
    await expect(readAll(source, 'admins', 'realtime', null, context)).rejects.toMatchObject({
      kind: 'rate_limited',
    });
  });

  test('a page of HTML is not taken for data', async () => {
    workspace = await openWorkspace();
    const { url, close } = await serveLoopback((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Back soon</h1>');
    });
    const source = createIntercomSource({ baseUrl: url, token: 'secret-token' });
    const reading = readAll(source, 'conversations', 'backfill', null, readContext(source));
    await expect(reading.finally(close)).rejects.toMatchObject({ name: 'ReadFault', kind: 'protocol' });
  });

  test('a malformed record is put into words', async () => {
    workspace = await openWorkspace();
    const { source } = connect();
    const { unify } = source.streams.find((stream) => stream.name === 'conversations')!;
    expect(() => unify({ id: '1', created_at: 'yesterday' })).toThrow(/created_at/);
  });
});
