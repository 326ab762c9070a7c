/**
 * A stand-in for Salesforce's REST API over a store of records, as strict as the real one where connectors get hurt:
 * sessions end, locators expire, rows appear later than their stamp, deleted rows show in queryAll only, the daily
 * limit is a 403 without Retry-After. The limit of 16,384 bytes for URI and headers is Node's own (431) as well.
 */
import type { IncomingMessage, RequestListener } from 'node:http';
import type { Store } from '../company/records.ts';
import { ApiFault } from './salesforce/api-fault.ts';
import { createPages } from './salesforce/pages.ts';
import { readComposite } from './salesforce/read-composite.ts';
import { createRows } from './salesforce/rows.ts';
import { runQuery } from './salesforce/run-query.ts';
import { describeObject, objectNamed } from './salesforce/schema.ts';
import { createSessions } from './salesforce/sessions.ts';
import { parseSoql } from './salesforce/soql.ts';
import { createStreaming } from './salesforce/streaming.ts';

export type SalesforceStandInOptions = {
  store: Store;
  /** Epoch ms. */
  now: () => number;
  limits: {
    /** Calls within 24 hours; 100,000 in an Enterprise org. */
    dailyCalls: number;
    /** How long an access token lives. Default 2 h, the platform's own. */
    sessionMs?: number;
    /** How long an unused locator lives. Default 15 min. */
    locatorMs?: number;
    /** Locators open at once; default 10. */
    openLocators?: number;
  };
  /** A row cannot be read before its stamp plus this. */
  visibilityLagMs: number | (() => number);
  clientId: string;
  clientSecret: string;
  refreshToken?: string;
  /** How long a poll of the streaming API is held, and how many events are kept (72 hours' worth in an org). */
  streaming?: { heldMs?: number; keptEvents?: number };
};

type Answer = { status: number; body: unknown };

const versions = ['58.0', '60.0', '62.0', '64.0', '66.0'];
const dayMs = 86_400_000;

export function createSalesforceStandIn(options: SalesforceStandInOptions): RequestListener {
  const { store, now, limits } = options;
  const lag = options.visibilityLagMs;
  const lagMs = typeof lag === 'number' ? () => lag : lag;
  const rows = createRows(store);
  const sessions = createSessions({ ...options, sessionMs: limits.sessionMs ?? 2 * 3_600_000 });
  const pages = createPages({
    rows,
    now,
    ttlMs: limits.locatorMs ?? 900_000,
    maxOpen: limits.openLocators ?? 10,
  });
  const streaming = createStreaming({ store, now, isOpen: sessions.isOpen, ...options.streaming });
  const calls = { since: now(), used: 0 };

  function countCall(): void {
    if (now() - calls.since >= dayMs) Object.assign(calls, { since: now(), used: 0 });
    if (calls.used >= limits.dailyCalls) {
      throw new ApiFault(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.');
    }
    calls.used++;
  }

  /** One call below /services/data/vNN.N, on its own or as a part of a composite. */
  function get(url: URL, headers: IncomingMessage['headers']): unknown {
    const [, root, path] = /^(\/services\/data\/v(?:\d+\.0))\/(.+?)\/?$/.exec(url.pathname) ?? [];
    if (!root || !path || !versions.some((version) => root.endsWith(`/v${version}`))) throw notFound();
    const describe = /^sobjects\/(\w+)\/describe$/.exec(path)?.[1];
    if (describe) return describeObjectOr404(describe);
    const locator = /^query(?:All)?\/([\w-]+)$/.exec(path)?.[1];
    if (locator) return pages.next(locator, root);
    if (path === 'limits') {
      return { DailyApiRequests: { Max: limits.dailyCalls, Remaining: limits.dailyCalls - calls.used } };
    }
    if (path !== 'query' && path !== 'queryAll') throw notFound();
    const text = url.searchParams.get('q');
    if (!text) throw new ApiFault(400, 'MALFORMED_QUERY', 'a query is needed in the parameter q');
    const scope = { includeDeleted: path === 'queryAll', now: now(), visibilityLagMs: lagMs() };
    return pages.first(
      runQuery(parseSoql(text), rows, scope),
      pageSize(headers['sforce-query-options']),
      root,
    );
  }

  function composite(text: string): unknown {
    const compositeResponse = readComposite(text).map(({ url, referenceId, httpHeaders }) => {
      const { status, body } = settle(() => get(new URL(url, 'http://composite'), httpHeaders));
      return { body, httpHeaders: {}, httpStatusCode: status, referenceId };
    });
    return { compositeResponse };
  }

  function answer(request: IncomingMessage, body: string, host: string): Answer {
    const url = new URL(request.url ?? '/', host);
    if (url.pathname === '/services/oauth2/token') {
      if (request.method !== 'POST')
        return { status: 400, body: { error: 'invalid_request', error_description: 'must use HTTP POST' } };
      return sessions.grant(new URLSearchParams(body), host);
    }
    return settle(() => {
      if (url.pathname.replace(/\/$/, '') === '/services/data') {
        return versions.map((version) => ({
          label: `v${version}`,
          url: `/services/data/v${version}`,
          version,
        }));
      }
      if (!sessions.isOpen((request.headers.authorization ?? '').replace(/^Bearer /, ''))) {
        throw new ApiFault(401, 'INVALID_SESSION_ID', 'Session expired or invalid');
      }
      countCall();
      if (request.method === 'POST' && /^\/services\/data\/v\d+\.0\/composite$/.test(url.pathname))
        return composite(body);
      if (request.method !== 'GET')
        throw new ApiFault(405, 'METHOD_NOT_ALLOWED', `HTTP Method '${request.method}' not allowed.`);
      return get(url, request.headers);
    });
  }

  return (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const host = `http://${request.headers.host ?? 'localhost'}`;
      if (request.url?.startsWith('/cometd/')) {
        streaming(request, Buffer.concat(chunks).toString('utf8'), response);
        return;
      }
      const { status, body } = answer(request, Buffer.concat(chunks).toString('utf8'), host);
      const usage = `api-usage=${calls.used}/${limits.dailyCalls}`;
      response.setHeader('date', new Date(now()).toUTCString());
      response.writeHead(status, {
        'content-type': 'application/json;charset=UTF-8',
        'sforce-limit-info': usage,
      });
      response.end(JSON.stringify(body));
    });
  };
}

/** Run `work`; a fault of the API becomes its answer, a fault of ours a 500 as the platform words it. */
function settle(work: () => unknown): Answer {
  try {
    return { status: 200, body: work() };
  } catch (thrown) {
    if (!(thrown instanceof ApiFault)) {
      return {
        status: 500,
        body: [{ message: `stand-in: ${String(thrown)}`, errorCode: 'UNKNOWN_EXCEPTION' }],
      };
    }
    return { status: thrown.status, body: [{ message: thrown.message, errorCode: thrown.errorCode }] };
  }
}

function notFound(): ApiFault {
  return new ApiFault(404, 'NOT_FOUND', 'The requested resource does not exist');
}

function describeObjectOr404(name: string): object {
  try {
    return describeObject(objectNamed(name));
  } catch (thrown) {
    // An unknown object is a missing resource here and a wrong type in a query.
    throw thrown instanceof ApiFault ? notFound() : thrown;
  }
}

/** Sforce-Query-Options: batchSize=N, brought into 200–2,000. */
function pageSize(header: string | string[] | undefined): number {
  const asked = /batchSize=(\d+)/i.exec(String(header ?? ''))?.[1];
  return Math.min(2000, Math.max(200, Number(asked ?? 2000)));
}
