import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runs } from '../../cli/runs.ts';
import { openRunsApi } from '../../cli/start/runs-api.ts';
import { type Database, openDatabase } from '../../db/client.ts';
import { createKeyRing } from '../../platform/keys.ts';
import { openTestDatabase, type TestDatabase } from '../database.ts';
import { MemorySource } from '../memory-source.ts';
import { cycle, quiet } from '../run-cycle.ts';
import { openVerbHome, type VerbHome } from './run-verb.ts';

let home: TestDatabase;
let db: Database;
let server: Server;
let origin: string;
let reader: string;
let writer: string;
let terminal: VerbHome;
const now = new Date('2026-11-22T10:00:00Z');
const asked: string[] = [];

beforeAll(async () => {
  home = await openTestDatabase();
  db = openDatabase(home.url, { name: 'herald-test', max: 2 });
  terminal = openVerbHome(home.url, now);
  const billing = new MemorySource('billing', ['account']);
  billing.put('account', '1', 1, { name: 'Acme' });
  await cycle(db, billing, now);
  await cycle(db, new MemorySource('salesforce', ['account']), now);
  const ring = createKeyRing(db);
  reader = (await ring.create({ name: 'reader', scopes: ['runs:read'], days: 1 })).key;
  writer = (await ring.create({ name: 'writer', scopes: ['runs:read', 'runs:write'], days: 1 })).key;
  const queue = {
    sources: ['billing'],
    ask: async (source: string, cause: string) => {
      asked.push(`${source}: ${cause}`);
      return 77;
    },
  };
  server = createServer(openRunsApi(db, () => queue, quiet));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  terminal.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await db.close();
  await home.close();
});

type Body = {
  runs?: { id: number; source: string; state: string; changed: number }[];
  run?: { id: number; transitions: { from: string; to: string }[] };
  problem?: { message: string };
  started?: boolean;
};

async function call(path: string, key: string | null, init: RequestInit = {}) {
  const response = await fetch(`${origin}${path}`, {
    ...init,
    headers: key === null ? {} : { authorization: `Bearer ${key}` },
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Body };
}
const post = (body: string, key = writer) => call('/runs', key, { method: 'POST', body });

describe('without the right key', () => {
  test('nothing is shown', async () => {
    const { status, headers } = await call('/runs', null);
    expect([status, headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
  });

  test('a key that reads starts nothing', async () => {
    expect((await post('{"source":"billing"}', reader)).status).toBe(403);
    expect(asked).toEqual([]);
  });
});

describe('GET', () => {
  test('/runs shows the last runs, newest first', async () => {
    const { body } = await call('/runs', reader);
    expect(body.runs).toMatchObject([
      { source: 'salesforce', state: 'SUCCESS', changed: 0 },
      { source: 'billing', state: 'SUCCESS', changed: 1 },
    ]);
  });

  test('/runs?source= shows those of one source', async () => {
    const { body } = await call('/runs?source=billing&most=1', reader);
    expect(body.runs!.map((run) => run.source)).toEqual(['billing']);
  });

  test('/runs/:id shows every transition, from IDLE on', async () => {
    const listed = await call('/runs?source=billing', reader);
    const { body } = await call(`/runs/${listed.body.runs![0]!.id}`, reader);
    expect(body.run!.transitions.map((step) => step.to)).toEqual([
      'RUNNING',
      'VALIDATING',
      'LOADING',
      'RUNNING',
      'VALIDATING',
      'LOADING',
      'SUCCESS',
    ]);
  });

  test('a run that there is not is 404', async () => {
    expect((await call('/runs/999999', reader)).status).toBe(404);
  });
});

describe('POST /runs', () => {
  test('asks for a run of the source, gives its number and leaves a trace in the audit trail', async () => {
    const { status, body } = await post('{"source":"billing"}');
    expect([status, body]).toEqual([202, { source: 'billing', started: true, run: 77, at: '/runs/77' }]);
    expect(asked).toEqual(['billing: asked for by writer']);
    expect(await db.sql`select platform, action, text, outcome from audit`).toMatchObject([
      { platform: 'http', action: 'run source', text: 'billing', outcome: 'answered' },
    ]);
  });

  test('of a source that this worker has not is refused', async () => {
    expect((await post('{"source":"zendesk"}')).status).toBe(404);
  });

  test('of something that is no JSON, or too long, is refused in words', async () => {
    expect((await post('source=billing')).body.problem!.message).toContain('has to be JSON');
    expect((await post(`"${'x'.repeat(5000)}"`)).status).toBe(400);
  });

  test('any other method is refused', async () => {
    expect((await call('/runs', writer, { method: 'DELETE' })).status).toBe(405);
  });
});

describe('herald runs', () => {
  test('prints a line a run with its state and counts', async () => {
    const { lines } = await terminal.run(runs, '--source', 'billing');
    expect(lines[0]).toMatch(/billing\tSUCCESS\t1 read, 1 changed, 0 in quarantine/);
  });

  test('with a number prints every step', async () => {
    const { lines } = await terminal.run(runs, '1');
    expect(lines[1]).toContain('IDLE → RUNNING');
  });
});
