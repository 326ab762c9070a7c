import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { serveLoopback } from '../../../../demo/stand-ins/serve.ts';
import { createCustomSource } from '../../../../sync/sources/custom/create-custom-source.ts';
import { readAll, readContext, unified } from '../read-context.ts';

let close: (() => Promise<void>) | undefined;
afterEach(() => close?.());

const asked: string[] = [];

async function serve(
  answer: (url: URL, request: IncomingMessage, response: ServerResponse) => unknown,
): Promise<string> {
  asked.length = 0;
  const served = await serveLoopback((request, response) => {
    const url = new URL(request.url!, 'http://x');
    asked.push(`${url.pathname}${url.search}`);
    const body = answer(url, request, response);
    if (response.writableEnded) return;
    response.setHeader('content-type', 'application/json');
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  close = served.close;
  return served.url;
}

function contracts(baseUrl: string, stream: object = {}) {
  const map = { name: 'title', 'external_ids.salesforce': 'links.crm' };
  const source = createCustomSource('contracts', {
    kind: 'http',
    baseUrl,
    headers: { authorization: 'Bearer in-house' },
    perSecond: 1_000,
    streams: { customers: { path: '/v1/customers', key: 'id', entity: 'account', map, ...stream } },
  });
  return { source, context: readContext(source, () => new Date('2026-11-22T10:00:00Z')) };
}

test('a reply that is the list is read, nested fields too', async () => {
  const { source, context } = contracts(await serve(() => [{ id: 7, title: 'Acme', links: { crm: '001' } }]));
  const { records, coveredUntil } = await readAll(source, 'customers', 'backfill', null, context);
  expect([unified(source, 'customers', records), coveredUntil]).toEqual([
    { '7': { name: 'Acme', external_ids: { salesforce: '001' } } },
    '2026-11-22T10:00:00.000Z',
  ]);
});

test('pages are followed by the cursor that the reply names', async () => {
  const url = await serve((asked) => {
    const at = Number(asked.searchParams.get('after') ?? 0);
    return { data: { items: [{ id: `c${at}` }] }, meta: { next: at < 2 ? at + 1 : null } };
  });
  const { source, context } = contracts(url, {
    list: 'data.items',
    pages: { by: 'cursor', param: 'after', next: 'meta.next' },
  });
  const { records } = await readAll(source, 'customers', 'backfill', null, context);
  expect(records.map((record) => record.id)).toEqual(['c0', 'c1', 'c2']);
});

test('numbered pages are read until one is empty', async () => {
  const url = await serve((asked) =>
    Number(asked.searchParams.get('page')) < 3 ? [{ id: `c${asked.searchParams.get('page')}` }] : [],
  );
  const { source, context } = contracts(url, { pages: { by: 'number', param: 'page' } });
  const { ids, batches } = await readAll(source, 'customers', 'sweep', null, context);
  expect([ids, batches.at(-1)?.cursor?.done]).toEqual([['c1', 'c2'], true]);
});

test('a cursor that names itself again ends the reading', async () => {
  const { source, context } = contracts(await serve(() => ({ items: [{ id: 'c' }], next: 'same' })), {
    list: 'items',
    pages: { by: 'cursor', param: 'after', next: 'next' },
  });
  await expect(readAll(source, 'customers', 'backfill', null, context)).rejects.toMatchObject({
    kind: 'no_progress',
  });
});

test('only what changed since the last stamp is asked for', async () => {
  const { source, context } = contracts(await serve(() => [{ id: 'c', at: '2026-11-01T00:00:00Z' }]), {
    updatedAt: 'at',
    sinceParam: 'since',
  });
  const first = await readAll(source, 'customers', 'backfill', null, context);
  await readAll(source, 'customers', 'realtime', first.cursor, context);
  expect(asked).toEqual(['/v1/customers', '/v1/customers?since=2026-11-01T00%3A00%3A00Z']);
});

test('a list that did not change is not sent again', async () => {
  const url = await serve((_url, request, response) => {
    response.setHeader('etag', '"v1"');
    if (request.headers['if-none-match'] === '"v1"') response.writeHead(304).end();
    return [{ id: 'c' }];
  });
  const { source, context } = contracts(url);
  const first = await readAll(source, 'customers', 'backfill', null, context);
  const second = await readAll(source, 'customers', 'realtime', first.cursor, context);
  expect([first.records.length, second.records.length, second.coveredUntil === null]).toEqual([1, 0, false]);
});

test('a reply without the list is one clear fault', async () => {
  const { source, context } = contracts(await serve(() => ({ rows: [] })), { list: 'items' });
  await expect(readAll(source, 'customers', 'backfill', null, context)).rejects.toThrow(
    `contracts.customers: expected a list at "items"; the reply's keys are rows`,
  );
});

test('the endpoint gets the headers of the settings', async () => {
  let sent: string | undefined;
  const url = await serve((_url, request) => {
    sent = request.headers.authorization;
    return [];
  });
  const { source, context } = contracts(url);
  await source.check(context);
  expect(sent).toBe('Bearer in-house');
});
