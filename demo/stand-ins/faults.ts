/** Faults of one stand-in, to be switched on and off while it runs. Herald knows nothing of them. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { changeField } from './change-field.ts';
import { type FaultKind, type FaultSettings, faultKinds, switches } from './fault-kinds.ts';
import { holdBody } from './hold-body.ts';

export type Faults = {
  /** Change some settings; the others stay. */
  set(settings: FaultSettings): void;
  clear(): void;
  /** The share of each fault that is on. */
  current(): Partial<Record<FaultKind, number>>;
  /** How often each one has happened. */
  happened(): Partial<Record<FaultKind, number>>;
  wrap(listener: RequestListener): RequestListener;
  /** How late the platform shows a change, when it usually is `usualMs` late. */
  lagMs(usualMs: number): number;
  /** Shares of pushes that go out twice and that are held back. */
  mischief: { readonly twice: number; readonly late: number };
};

export type FaultOptions = {
  random: () => number;
  /** The field that changes its name or type, or goes. */
  field: string;
  /** How late replies come. */
  latencyMs?: number;
  /** How late changes are shown; within what the platforms have been seen to do. */
  lateMs?: number;
};

/** Those that hit one call each, in the order in which they are drawn. */
const perCall = [
  'latency',
  'reset',
  'tooMany',
  'tooManySilent',
  'unavailable',
  'gatewayTimeout',
  'expiredToken',
  'html',
  'resetMidBody',
  'stall',
  'truncated',
] as const satisfies readonly FaultKind[];
type PerCall = (typeof perCall)[number];

/** A little mischief is part of every platform. */
const usualMischief = { twice: 0.15, late: 0.2 };
const isTokenPath = (path: string) => /\/oauth2?\/(?:[\w.-]+\/)?tokens?$/.test(path);

export function createFaults(options: FaultOptions): Faults {
  const { random, latencyMs = 400, lateMs = 20_000 } = options;
  const shares = new Map<FaultKind, number>();
  const counts = new Map<FaultKind, number>();
  const ended = new Set<string>();

  const shareOf = (kind: FaultKind) => shares.get(kind) ?? 0;
  const count = (kind: FaultKind) => counts.set(kind, (counts.get(kind) ?? 0) + 1);

  /** One draw per call: shares add up, so that a call is hit by one fault at most. */
  function draw(): PerCall | null {
    let left = random();
    for (const kind of perCall) {
      left -= shareOf(kind);
      if (left < 0) return kind;
    }
    return null;
  }

  function isRefused(request: IncomingMessage, response: ServerResponse, isToken: boolean): boolean {
    if (shareOf('outage') > 0) {
      count('outage');
      request.socket.destroy();
      return true;
    }
    const token = request.headers.authorization ?? '';
    if (shareOf('revoked') > 0) {
      count('revoked');
      if (isToken) refuse(response, 400, { error: 'invalid_grant', error_description: 'access was revoked' });
      else refuse(response, 401, { message: 'The access token was revoked.' });
      return true;
    }
    if (!isToken && ended.has(token)) {
      refuse(response, 401, { message: 'The access token has expired.' });
      return true;
    }
    return false;
  }

  function hit(kind: PerCall, request: IncomingMessage, response: ServerResponse, go: () => void): void {
    switch (kind) {
      case 'latency':
        setTimeout(go, latencyMs);
        return;
      case 'reset':
        request.socket.destroy();
        return;
      case 'tooMany':
        refuse(response, 429, { message: 'Too many requests.' }, { 'retry-after': '1' });
        return;
      case 'tooManySilent':
        refuse(response, 429, { message: 'Too many requests.' });
        return;
      case 'unavailable':
        refuse(response, 503, '<html><body>Service unavailable</body></html>');
        return;
      case 'gatewayTimeout':
        refuse(response, 504, '<html><body>Gateway timeout</body></html>');
        return;
      case 'html':
        refuse(response, 200, '<html><body>We will be back soon.</body></html>');
        return;
      case 'expiredToken':
        ended.add(request.headers.authorization ?? '');
        refuse(response, 401, { message: 'The access token has expired.' });
        return;
      case 'resetMidBody':
        holdBody(response, (head, body) => {
          response.writeHead(head.status, { ...head.headers, 'content-length': body.length });
          response.write(body.subarray(0, body.length >> 1), () => request.socket.destroy());
        });
        go();
        return;
      case 'stall':
        holdBody(response, (head, body) => {
          response.writeHead(head.status, { ...head.headers, 'content-length': body.length });
          response.write(body.subarray(0, body.length >> 1));
        });
        go();
        return;
      case 'truncated':
        holdBody(response, (head, body) => {
          response.writeHead(head.status, head.headers);
          response.end(body.subarray(0, body.length >> 1));
        });
        go();
        return;
      default:
        kind satisfies never;
    }
  }

  function drift(response: ServerResponse): void {
    const how = (['fieldRenamed', 'fieldRetyped', 'fieldGone'] as const).find((kind) => shareOf(kind) > 0);
    if (!how) return;
    holdBody(response, (head, body) => {
      const { text, changed } = changeField(body.toString('utf8'), options.field, how);
      if (changed > 0) count(how);
      response.writeHead(head.status, head.headers);
      response.end(text);
    });
  }

  return {
    set(settings) {
      for (const [kind, value] of Object.entries(settings) as [FaultKind, number | boolean][]) {
        if (!(kind in faultKinds)) throw new Error(`There is no fault "${kind}".`);
        const share = switches.includes(kind) ? Math.ceil(Number(value)) : Number(value);
        if (!(share >= 0 && share <= 1)) throw new Error(`${kind}: a share lies between 0 and 1.`);
        if (share === 0) shares.delete(kind);
        else shares.set(kind, share);
      }
    },
    clear: () => shares.clear(),
    current: () => Object.fromEntries(shares),
    happened: () => Object.fromEntries(counts),
    wrap: (listener) => (request, response) => {
      const path = (request.url ?? '').split('?')[0]!;
      const isToken = isTokenPath(path);
      if (isRefused(request, response, isToken)) return;
      const go = () => void listener(request, response);
      // Held for minutes by design: the faults of single replies are not for a stream.
      if (path.startsWith('/cometd/')) {
        go();
        return;
      }
      const kind = draw();
      // A token that was never given cannot end.
      if (kind === null || (kind === 'expiredToken' && isToken)) {
        drift(response);
        go();
        return;
      }
      count(kind);
      hit(kind, request, response, go);
    },
    lagMs(usualMs) {
      if (shareOf('late') === 0) return usualMs;
      count('late');
      return Math.max(usualMs, lateMs);
    },
    mischief: {
      get twice() {
        return shareOf('twice') || usualMischief.twice;
      },
      get late() {
        return shareOf('outOfOrder') || usualMischief.late;
      },
    },
  };
}

/** Without reading what was asked: the connection goes with it. */
function refuse(
  response: ServerResponse,
  status: number,
  body: object | string,
  headers: Record<string, string> = {},
): void {
  const isText = typeof body === 'string';
  response.writeHead(status, {
    'content-type': isText ? 'text/html' : 'application/json',
    connection: 'close',
    ...headers,
  });
  response.end(isText ? body : JSON.stringify(body));
}
