import type { RequestListener } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { serveLoopback } from '../../demo/stand-ins/serve.ts';
import { type BreakerState, createBreaker } from '../../platform/breaker.ts';
import { createGate } from '../../platform/gate.ts';
import { createGuardedFetch } from '../../platform/http.ts';
import { ReadFault } from '../../platform/read-fault.ts';

// The breaker's own clock is the process's: it is set by hand.
beforeEach(() => vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-11-22T09:41:00Z') }));
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const close of closers.splice(0)) await close();
});
const pass = (ms: number) => void vi.setSystemTime(Date.now() + ms);
const now = () => new Date(Date.now());

function breaker() {
  const told: BreakerState[] = [];
  const made = createBreaker({ name: 'Zendesk', now, onChange: async (state) => void told.push(state) });
  let calls = 0;
  const call = (kind: ReadFault['kind'] | null, status: number | null = null) =>
    made.run(
      async () => {
        calls++;
        return kind === null ? null : new ReadFault(kind, 'Zendesk broke off', { status });
      },
      (fault) => fault,
    );
  return { made, told, call, calls: () => calls };
}

describe('a breaker', () => {
  it('opens after five failures in a row, and nothing more is called', async () => {
    const { call, calls } = breaker();
    for (let i = 0; i < 5; i++) expect(await call('transient')).toBeInstanceOf(ReadFault);
    for (let i = 0; i < 95; i++)
      await expect(call('transient')).rejects.toMatchObject({ kind: 'unreachable' });
    expect(calls()).toBe(5);
  });

  it('says since when nobody is at home: since the first failure, not the fifth', async () => {
    const { call, told } = breaker();
    for (let i = 0; i < 5; i++) {
      await call('transient');
      pass(1000);
    }
    await expect(call(null)).rejects.toThrow('Zendesk: not reachable since 09:41 UTC');
    expect(told).toMatchObject([{ kind: 'open', since: new Date('2026-11-22T09:41:00Z') }]);
  });

  it('lets one call try after half a minute, and opens again when it fails', async () => {
    const { call, calls } = breaker();
    for (let i = 0; i < 5; i++) await call('transient');
    pass(30_000);
    await call('transient');
    await expect(call('transient')).rejects.toMatchObject({ kind: 'unreachable' });
    expect(calls()).toBe(6);
  });

  it('closes when the try succeeds, and says so', async () => {
    const { made, call, told } = breaker();
    for (let i = 0; i < 5; i++) await call('transient');
    pass(30_000);
    await call(null);
    expect(made.state()).toEqual({ kind: 'closed' });
    expect(told.map(({ kind }) => kind)).toEqual(['open', 'closed']);
  });

  it('counts failures in a row only', async () => {
    const { made, call } = breaker();
    for (let i = 0; i < 20; i++) await call(i % 5 === 4 ? null : 'transient');
    expect(made.state().kind).toBe('closed');
  });

  it.each([
    ['a refusal', 'permission_denied', 403],
    ['a limit', 'rate_limited', 429],
    ['one broken endpoint', 'transient', 500],
    ['a page too large', 'transient', 504],
  ] as const)('takes %s for a sign of life', async (_what, kind, status) => {
    const { made, call } = breaker();
    for (let i = 0; i < 20; i++) await call(kind, status);
    expect(made.state().kind).toBe('closed');
  });

  it('tells a new process’s first success, so that an old outage is forgotten', async () => {
    const { call, told } = breaker();
    await call(null);
    await call(null);
    expect(told).toEqual([{ kind: 'closed' }]);
  });
});

describe('a source that is away', () => {
  async function source(listener: RequestListener) {
    let reached = 0;
    const served = await serveLoopback((request, response) => {
      reached++;
      return listener(request, response);
    });
    closers.push(served.close);
    const wait = async (ms: number) => pass(ms);
    const gate = createGate({ name: 'Zendesk', pace: {}, now, wait });
    const signal = new AbortController().signal;
    // A fetch for each cycle, one gate for all of them.
    const read = () =>
      createGuardedFetch({ name: 'Zendesk', pace: {}, gate, now, wait, random: () => 0, signal })(
        served.url,
        {},
      );
    return { read, reached: () => reached };
  }

  it('is reached by exactly five of a hundred calls', async () => {
    const { read, reached } = await source((_request, response) => void response.writeHead(503).end());
    const faults: string[] = [];
    for (let call = 0; call < 100; call++) await read().catch((fault: ReadFault) => faults.push(fault.kind));
    expect(reached()).toBe(5);
    expect(faults.filter((kind) => kind === 'unreachable')).toHaveLength(99);
  });

  it('is read again when it is back', async () => {
    let isBack = false;
    const { read } = await source((_request, response) => {
      response.writeHead(isBack ? 200 : 503, { 'content-type': 'application/json' }).end('{}');
    });
    await read().catch(() => undefined);
    isBack = true;
    await expect(read()).rejects.toMatchObject({ kind: 'unreachable' });
    pass(30_000);
    expect((await read()).status).toBe(200);
  });
});
