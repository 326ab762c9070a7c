import type { RequestListener } from 'node:http';
import { serveLoopback } from '../../../demo/stand-ins/serve.ts';
import { type CallInfo, createGuardedFetch } from '../../../platform/http.ts';
import { type ReadContext, ReadFault, type Source } from '../../../sync/source.ts';

export const anchor = Date.parse('2026-11-22T10:00:00.250Z');

export type Clock = { now: number };

/** A stand-in behind a real HTTP server, the real SDK in front of it, one clock for both; waiting moves the clock. */
export async function makeReadingWorld(
  clock: Clock,
  listener: RequestListener,
  makeSource: (url: string) => Source,
) {
  const served = await serveLoopback(listener);
  const source = makeSource(served.url);
  const calls: CallInfo[] = [];
  const warnings: string[] = [];
  const secrets = new Map<string, string>();
  const job = new AbortController();
  const now = () => new Date(clock.now);
  const context: ReadContext = {
    now,
    signal: job.signal,
    fetch: createGuardedFetch({
      name: source.title,
      pace: source.pace,
      ...(source.classify ? { classify: source.classify } : {}),
      now,
      wait: async (ms, signal) => {
        signal.throwIfAborted();
        clock.now += ms;
      },
      random: () => 0,
      signal: job.signal,
      onCall: (call) => calls.push(call),
    }),
    log: { info: () => {}, warn: (_fields, message) => void warnings.push(message) },
    secrets: {
      load: async (name) => secrets.get(name) ?? null,
      save: async (name, value) => void secrets.set(name, value),
    },
  };
  return { clock, source, context, calls, warnings, secrets, url: served.url, close: served.close };
}

/** The fault that a read ends with. */
export async function faultOf(promise: Promise<unknown>): Promise<ReadFault> {
  const thrown = await promise.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(thrown instanceof ReadFault)) throw new Error(`expected a ReadFault, got ${String(thrown)}`);
  return thrown;
}

/** Answer the requests that `isHit` picks with something broken, all others as they are. */
export function breaking(
  inner: RequestListener,
  isHit: (url: string) => boolean,
  fault: 'html' | 'cut short' | 'no list' | 'gateway timeout',
): RequestListener {
  return (request, response) => {
    if (!isHit(request.url ?? '')) return inner(request, response);
    request.resume();
    switch (fault) {
      case 'html':
        response.writeHead(200, { 'content-type': 'text/html' });
        response.end('<html>Please log in</html>');
        return;
      case 'cut short':
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end('{"results":[{"id":"1","prope');
        return;
      case 'no list':
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end('{}');
        return;
      case 'gateway timeout':
        response.writeHead(504, { 'content-type': 'text/html' });
        response.end('<html>504</html>');
        return;
      default:
        fault satisfies never;
    }
  };
}
