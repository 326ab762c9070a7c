import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { serveLoopback } from '../../../../demo/stand-ins/serve.ts';
import { createCustomSource } from '../../../../sync/sources/custom/create-custom-source.ts';
import type { ResolveHost } from '../../../../sync/sources/custom/public-only.ts';
import { readAll, readContext, unified } from '../read-context.ts';

let close: (() => Promise<void>) | undefined;
afterEach(async () => {
  await close?.();
  close = undefined;
});

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

function contracts(baseUrl: string, stream: object = {}, over: object = {}, resolve?: ResolveHost) {
  const map = { name: 'title', 'external_ids.salesforce': 'links.crm' };
  const settings = {
    kind: 'http' as const,
    baseUrl,
    token: 'in-house',
    allowPrivate: ['127.0.0.1'],
    perSecond: 1_000,
    streams: { customers: { path: '/v1/customers', key: 'id', entity: 'account', map, ...stream } },
    ...over,
  };
  const source = createCustomSource('contracts', settings, resolve ? { resolve } : {});
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

test('the address of the next page is taken from the reply', async () => {
  const url = await serve((asked) =>
    asked.searchParams.has('p')
      ? { items: [{ id: 'c2' }], next: null }
      : { items: [{ id: 'c1' }], next: '/v1/customers?p=2' },
  );
  const { source, context } = contracts(url, { list: 'items', pages: { by: 'url', next: 'next' } });
  expect((await readAll(source, 'customers', 'backfill', null, context)).records.map(({ id }) => id)).toEqual(
    ['c1', 'c2'],
  );
});

test('the next page is found in a Link header among others', async () => {
  const url = await serve((asked, _request, response) => {
    if (!asked.searchParams.has('p'))
      response.setHeader(
        'link',
        '</v1/customers?p=0>; rel="first", </v1/customers?p=2>; title="a, b"; rel=next',
      );
    return [{ id: asked.searchParams.get('p') ?? 'c1' }];
  });
  const { source, context } = contracts(url, { pages: { by: 'link' } });
  expect((await readAll(source, 'customers', 'backfill', null, context)).records.map(({ id }) => id)).toEqual(
    ['c1', '2'],
  );
});

test('a next page at another host does not get the token', async () => {
  const url = await serve(() => ({ items: [{ id: 'c' }], next: 'http://127.0.0.1:9/steal' }));
  const { source, context } = contracts(url, { list: 'items', pages: { by: 'url', next: 'next' } });
  await expect(readAll(source, 'customers', 'backfill', null, context)).rejects.toThrow(
    /at another host \(127\.0\.0\.1:9\) than baseUrl/,
  );
});

test('pages by offset go on behind the records so far', async () => {
  const url = await serve((asked) =>
    Number(asked.searchParams.get('skip')) < 3 ? [{ id: `c${asked.search}` }] : [],
  );
  const { source, context } = contracts(url, { pages: { by: 'offset', param: 'skip' } });
  await readAll(source, 'customers', 'backfill', null, context);
  expect(asked.map((one) => one.split('=')[1])).toEqual(['0', '1', '2', '3']);
});

test.each([
  ['bearer', { auth: { by: 'bearer' } }, 'Bearer in-house'],
  ['basic', { auth: { by: 'basic' }, user: 'herald', password: 'pä:ss' }, 'Basic aGVyYWxkOnDDpDpzcw=='],
])('%s authentication is a header', async (_name, over, expected) => {
  let sent: string | undefined;
  const url = await serve((_url, request) => {
    sent = request.headers.authorization;
    return [];
  });
  const { source, context } = contracts(url, {}, over);
  await source.check(context);
  expect(sent).toBe(expected);
});

test('a key goes into a header or the query as the service wants it', async () => {
  let header: unknown;
  const url = await serve((_url, request) => {
    header = request.headers['x-api-key'];
    return [];
  });
  for (const auth of [
    { by: 'header', name: 'X-Api-Key' },
    { by: 'query', name: 'key' },
  ]) {
    const { source, context } = contracts(url, {}, { auth });
    await source.check(context);
    expect(auth.by === 'header' ? header : asked.at(-1)).toBe(
      auth.by === 'header' ? 'in-house' : '/v1/customers?key=in-house',
    );
  }
});

test('an authentication without its secret is refused with the place', () => {
  expect(() => contracts('https://api.acme.com', {}, { auth: { by: 'bearer' }, token: undefined })).toThrow(
    'sources.contracts.token: is needed for `auth: { by: bearer }`',
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
