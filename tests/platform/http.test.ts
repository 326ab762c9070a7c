import type { RequestListener } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { serveLoopback } from '../../demo/stand-ins/serve.ts';
import { type CallInfo, createGuardedFetch, type GuardedFetchOptions } from '../../platform/http.ts';
import { ReadFault } from '../../platform/read-fault.ts';

const json = { 'content-type': 'application/json' };
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A guarded fetch against `listener`; time passes only while it waits. */
async function door(listener: RequestListener, options: Partial<GuardedFetchOptions> = {}) {
  const served = await serveLoopback(listener);
  closers.push(served.close);
  let clock = Date.parse('2026-11-22T10:00:00Z');
  const waits: number[] = [];
  const calls: CallInfo[] = [];
  const get = createGuardedFetch({
    name: 'Acme',
    pace: {},
    now: () => new Date(clock),
    wait: async (ms, signal) => {
      signal.throwIfAborted();
      waits.push(ms);
      clock += ms;
    },
    random: () => 0,
    signal: new AbortController().signal,
    onCall: (info) => calls.push(info),
    ...options,
  });
  return { get, url: served.url, waits, calls };
}

/** A listener that answers with `replies` in turn, the last one for ever. */
function inTurn(
  ...replies: { status: number; headers?: Record<string, string>; body?: string }[]
): RequestListener {
  let turn = 0;
  return (_request, response) => {
    const reply = replies[Math.min(turn++, replies.length - 1)]!;
    response.writeHead(reply.status, reply.headers ?? json).end(reply.body ?? '{}');
  };
}

async function faultOf(promise: Promise<unknown>): Promise<ReadFault> {
  const thrown = await promise.then(
    () => null,
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(ReadFault);
  return thrown as ReadFault;
}

describe('guarded fetch', () => {
  it('hands back a complete JSON reply', async () => {
    const { get, url } = await door(inTurn({ status: 200, body: '{"name":"Käthe"}' }));
    expect((await get(`${url}/a`, {})).text).toBe('{"name":"Käthe"}');
  });

  it('sends method, headers and body', async () => {
    const { get, url } = await door((request, response) => {
      request.setEncoding('utf8').once('data', (body) => {
        response.writeHead(200, json).end(JSON.stringify([request.method, request.headers['x-a'], body]));
      });
    });
    expect((await get(url, { method: 'POST', headers: { 'x-a': 'b' }, body: 'hello' })).text).toBe(
      '["POST","b","hello"]',
    );
  });

  it('retries a transient fault after 1, 2, 4 and 8 seconds', async () => {
    const { get, url, waits } = await door(inTurn({ status: 503 }));
    expect((await faultOf(get(url, {}))).kind).toBe('transient');
    expect(waits).toEqual([1000, 2000, 4000, 8000]);
  });

  it('adds at most a fifth as jitter', async () => {
    const { get, url, waits } = await door(inTurn({ status: 502 }, { status: 200 }), { random: () => 1 });
    await get(url, {});
    expect(waits).toEqual([1200]);
  });

  it('goes on when a retry succeeds', async () => {
    const { get, url, calls } = await door(inTurn({ status: 500 }, { status: 200, body: '[1]' }));
    expect((await get(url, {})).text).toBe('[1]');
    expect(calls.map((call) => [call.attempt, call.status, call.fault])).toEqual([
      [0, 500, 'transient'],
      [1, 200, null],
    ]);
  });

  it('waits as long as Retry-After says in seconds', async () => {
    const { get, url, waits } = await door(
      inTurn({ status: 429, headers: { ...json, 'retry-after': '7' } }, { status: 200 }),
    );
    await get(url, {});
    expect(waits).toEqual([7000]);
  });

  it('waits until the date that Retry-After names', async () => {
    const { get, url, waits } = await door(
      inTurn(
        { status: 429, headers: { ...json, 'retry-after': 'Sun, 22 Nov 2026 10:00:09 GMT' } },
        { status: 200 },
      ),
    );
    await get(url, {});
    expect(waits).toEqual([9000]);
  });

  it('does not sleep through a very long Retry-After', async () => {
    const { get, url, waits } = await door(
      inTurn({ status: 429, headers: { ...json, 'retry-after': '3600' } }),
    );
    const fault = await faultOf(get(url, {}));
    expect([fault.kind, fault.retryAfterMs, waits.length]).toEqual(['rate_limited', 3_600_000, 0]);
  });

  it.each([
    [401, 'auth_expired'],
    [403, 'permission_denied'],
    [404, 'fatal'],
    [410, 'cursor_expired'],
    [400, 'fatal'],
    [302, 'protocol'],
  ])('says what a %i is and does not retry it', async (status, kind) => {
    const { get, url, calls } = await door(inTurn({ status }));
    const fault = await faultOf(get(url, {}));
    expect([fault.kind, fault.status, calls.length]).toEqual([kind, status, 1]);
  });

  it('lets the platform read its own refusals', async () => {
    const { get, url } = await door(
      inTurn({ status: 403, body: '[{"errorCode":"REQUEST_LIMIT_EXCEEDED"}]' }),
      {
        classify: (status, _headers, text) =>
          status === 403 && text.includes('LIMIT') ? 'quota_exhausted' : null,
      },
    );
    expect((await faultOf(get(url, {}))).kind).toBe('quota_exhausted');
  });

  it('refuses HTML with status 200', async () => {
    const { get, url } = await door(
      inTurn({ status: 200, headers: { 'content-type': 'text/html' }, body: '<p>Log in' }),
    );
    expect((await faultOf(get(url, {}))).kind).toBe('protocol');
  });

  it('refuses an empty 200', async () => {
    const { get, url } = await door((_request, response) => void response.writeHead(200).end());
    expect((await faultOf(get(url, {}))).kind).toBe('protocol');
  });

  it('takes JSON that is cut short for a transient fault', async () => {
    const { get, url } = await door(inTurn({ status: 200, body: '{"results":[{"id"' }));
    expect((await faultOf(get(url, { retries: 0 }))).kind).toBe('transient');
  });

  it('takes a connection reset in mid-body for a transient fault', async () => {
    const { get, url } = await door((_request, response) => {
      response.writeHead(200, { ...json, 'content-length': '1000' });
      response.write('{"a":1', () => response.destroy());
    });
    expect((await faultOf(get(url, { retries: 0 }))).kind).toBe('transient');
  });

  it('gives up on a body that stalls', async () => {
    const { get, url } = await door(
      (_request, response) => void response.writeHead(200, json).write('{"a":'),
      { timeoutMs: 60 },
    );
    const fault = await faultOf(get(url, { retries: 0 }));
    expect([fault.kind, fault.message]).toEqual([
      'transient',
      'Acme (GET /) gave no complete reply within 0.06 s',
    ]);
  });

  it('does not wait long for the rest of a body, and twice as long when it asks again', async () => {
    const { get, url } = await door(
      (_request, response) => void response.writeHead(200, json).write('{"a":'),
      { silenceMs: 20 },
    );
    const first = await faultOf(get(url, { retries: 0 }));
    const second = await faultOf(get(url, { retries: 1 }));
    expect([first.kind, first.message, second.message]).toEqual([
      'transient',
      'Acme (GET /) broke off: part of a reply, then 0.02 s of nothing',
      'Acme (GET /) broke off: part of a reply, then 0.04 s of nothing',
    ]);
  });

  it('has patience with a page that is slow to begin', async () => {
    const { get, url } = await door(
      (_request, response) => void setTimeout(() => response.writeHead(200, json).end('[]'), 60),
      { silenceMs: 20 },
    );
    expect((await get(url, {})).text).toBe('[]');
  });

  it('stops reading a reply that is too large', async () => {
    const { get, url } = await door(inTurn({ status: 200, body: JSON.stringify('x'.repeat(5000)) }), {
      maxBytes: 1000,
    });
    expect((await faultOf(get(url, {}))).kind).toBe('protocol');
  });

  it('refuses data that is not UTF-8', async () => {
    const { get, url } = await door(
      (_request, response) => void response.writeHead(200, json).end(Buffer.from([0x22, 0xff, 0x22])),
    );
    expect((await faultOf(get(url, {}))).kind).toBe('protocol');
  });

  it('names a host that is not there and retries', async () => {
    const gone = await serveLoopback(() => {});
    await gone.close();
    const { get, waits } = await door(inTurn({ status: 200 }));
    const fault = await faultOf(get(gone.url, { retries: 2 }));
    expect([fault.kind, waits.length]).toEqual(['transient', 2]);
    expect(fault.message).toContain('ECONNREFUSED');
  });

  it('hands SDKs any complete reply in raw mode', async () => {
    const { get, url } = await door(
      inTurn({ status: 404, headers: { 'content-type': 'text/plain' }, body: 'no' }),
    );
    expect(await get(url, { raw: true })).toMatchObject({ status: 404, text: 'no' });
  });

  it('still retries transient replies in raw mode, then hands back the last', async () => {
    const { get, url, waits } = await door(inTurn({ status: 503 }));
    expect((await get(url, { raw: true, retries: 1 })).status).toBe(503);
    expect(waits).toEqual([1000]);
  });

  it('hands back a 304 to a conditional request', async () => {
    const { get, url } = await door((_request, response) => void response.writeHead(304).end());
    expect((await get(url, { headers: { 'If-None-Match': '"a"' } })).status).toBe(304);
  });

  it('keeps the query, the token and the secret out of a fault', async () => {
    const { get, url } = await door(inTurn({ status: 400, body: '{"message":"bad Bearer abcdefghijkl"}' }));
    const fault = await faultOf(
      get(`${url}/a?key=sesame`, { headers: { authorization: 'Bearer abcdefghijkl' } }),
    );
    expect(fault.message).toBe('Acme (GET /a) answered 400: {"message":"bad •••"}');
  });

  it('ends with the job, not with a fault', async () => {
    const job = new AbortController();
    const { get, url } = await door(() => job.abort(new Error('shutting down')), { signal: job.signal });
    await expect(get(url, {})).rejects.toThrow('shutting down');
  });

  it('paces calls by their bucket', async () => {
    const { get, url, waits } = await door(inTurn({ status: 200 }), {
      pace: { search: { perSecond: 4, burst: 2 } },
    });
    for (let call = 0; call < 4; call++) await get(url, { bucket: 'search' });
    expect(waits).toEqual([250, 250]);
  });

  it('refuses a bucket that nobody has set a pace for', async () => {
    const { get, url } = await door(inTurn({ status: 200 }), {
      pace: { search: { perSecond: 4, burst: 2 } },
    });
    await expect(get(url, { bucket: 'serach' })).rejects.toThrow('serach');
  });
});
