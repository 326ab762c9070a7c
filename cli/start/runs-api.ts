/**
 * The runs of a worker over HTTP, so that a scheduler or a colleague's script can see and start them:
 * `GET /runs`, `GET /runs/:id` with every transition, `POST /runs {"source": …}`. Each wants `Authorization: Bearer
 * hrld_…` with the scope `runs:read` or `runs:write`; what a key starts stands in the audit trail.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener } from 'node:http';
import { createAudit } from '../../bot/access/audit.ts';
import type { Database } from '../../db/client.ts';
import { HeraldError, toHeraldError, toProblem } from '../../platform/errors.ts';
import { type ApiKey, createKeyRing, type KeyRing } from '../../platform/keys.ts';
import type { Log } from '../../platform/log.ts';
import { readRun, readRuns } from '../../sync/read-runs.ts';
import { sendJson } from './http.ts';
import type { RunQueue } from './run-queue.ts';

export type RunsApi = {
  db: Database;
  keys: Pick<KeyRing, 'check'>;
  /** Null until the sources are open. */
  queue: () => Pick<RunQueue, 'sources' | 'ask'> | null;
  audit: (entry: { key: Pick<ApiKey, 'id' | 'name'>; source: string; started: boolean }) => Promise<void>;
  log: Log;
};

type Reply = { status: number; body: unknown };

const MOST_BODY = 4096;
const refuse = (status: number, message: string): Reply => ({
  status,
  body: { problem: { kind: status === 401 || status === 403 ? 'access' : 'ask', message, suggestions: [] } },
});

/** The endpoints over the house's own keys and audit trail. */
export function openRunsApi(db: Database, queue: RunsApi['queue'], log: Log): RequestListener {
  const audit = createAudit(db);
  return createRunsApi({
    db,
    keys: createKeyRing(db),
    queue,
    log,
    audit: ({ key, source, started }) =>
      audit({
        person: { platform: 'http', id: `key ${key.id}`, name: key.name },
        role: 'key',
        place: { platform: 'http', channel: '/runs', kind: 'dm' },
        action: 'run source',
        kpi: null,
        text: source,
        outcome: started ? 'answered' : 'refused',
        dataVersion: null,
        trace: randomUUID(),
      }),
  });
}

export function createRunsApi(api: RunsApi): RequestListener {
  return (request, response) => {
    answer(api, request).then(
      ({ status, body }) => {
        if (status === 401) response.setHeader('www-authenticate', 'Bearer');
        if (status === 405) response.setHeader('allow', 'GET, POST');
        sendJson(response, status, body);
      },
      (thrown: unknown) => {
        const error = toHeraldError(thrown);
        api.log.error({ err: error.note ?? error.message }, 'a request for runs failed');
        sendJson(response, error.kind === 'ask' ? 400 : 500, { problem: toProblem(error) });
      },
    );
  };
}

async function answer(api: RunsApi, request: IncomingMessage): Promise<Reply> {
  const url = new URL(request.url ?? '/', 'http://herald');
  const path = url.pathname.replace(/\/$/, '');
  const writes = request.method === 'POST';
  if (!writes && request.method !== 'GET') return refuse(405, 'Use GET, or POST /runs.');
  const bearer = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const key = bearer === undefined ? null : await api.keys.check(bearer);
  if (!key)
    return refuse(401, 'This needs a key: "Authorization: Bearer hrld_…". "herald keys create" makes one.');
  const scope = writes ? 'runs:write' : 'runs:read';
  if (!key.scopes.includes(scope)) return refuse(403, `This key has no scope ${scope}.`);
  if (writes)
    return path === '/runs' ? trigger(api, key, await readBody(request)) : refuse(404, 'Use POST /runs.');
  if (path === '/runs') {
    const most = Math.min(Math.max(1, Math.trunc(Number(url.searchParams.get('most') ?? 50)) || 50), 500);
    return {
      status: 200,
      body: { runs: await readRuns(api.db.sql, { source: url.searchParams.get('source'), most }) },
    };
  }
  const id = /^\/runs\/(\d{1,15})$/.exec(path)?.[1];
  const run = id === undefined ? null : await readRun(api.db.sql, Number(id));
  return run ? { status: 200, body: { run } } : refuse(404, 'There is no such run.');
}

async function trigger(api: RunsApi, key: Pick<ApiKey, 'id' | 'name'>, body: unknown): Promise<Reply> {
  const source = (body as { source?: unknown } | null)?.source;
  const queue = api.queue();
  const known = queue?.sources ?? [];
  if (!queue || typeof source !== 'string' || !known.includes(source))
    return refuse(
      404,
      `Name one of this worker's sources: {"source": "${known[0] ?? 'salesforce'}"}. It has ${known.join(', ') || 'none yet'}.`,
    );
  const run = await queue.ask(source, `asked for by ${key.name}`);
  await api.audit({ key, source, started: true });
  // Begun after the run under way, by this worker or, after a restart, the next: its number shows how it goes.
  return { status: 202, body: { source, started: true, run, at: `/runs/${run}` } };
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    parts.push(part as Buffer);
    size += (part as Buffer).length;
    if (size > MOST_BODY) throw new HeraldError('ask', `The body is longer than ${MOST_BODY} bytes.`);
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8'));
  } catch (cause) {
    throw new HeraldError('ask', 'The body has to be JSON: {"source": "salesforce"}.', { cause });
  }
}
