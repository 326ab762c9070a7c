/**
 * `POST /webhooks/<source>`: what a platform pushes. The request is verified, its hints are stored in one statement,
 * and the answer leaves: no other system is asked and no record is read before it. A push that was taken before is
 * answered like a fresh one, for a platform repeats what is not answered with 2xx, and Zendesk repeats a 409.
 */
import type { IncomingMessage, RequestListener } from 'node:http';
import type { Database } from '../../db/client.ts';
import type { Log } from '../../platform/log.ts';
import { keepDelivery } from '../../sync/hints/store.ts';
import type { WebhookRequest } from '../../sync/source.ts';
import { openWebhook } from '../../sync/sources/registry.ts';
import { sendJson } from './http.ts';

export type WebhooksApi = {
  db: Pick<Database, 'sql'>;
  /** Settings by source, as in herald.yaml. Asked at each request: the demo's come late. */
  sources: () => Readonly<Record<string, unknown>>;
  /** What the platforms call, where it is known; it is part of what HubSpot signs. */
  publicUrl: string | null;
  now: () => Date;
  log: Log;
};

type Reply = { status: number; body: unknown; headers?: Record<string, string> };

/** A hundred of HubSpot's events are some 40 kB; a conversation of Intercom's may be a few hundred. */
const mostBytes = 1024 * 1024;

const refuse = (status: number, message: string, headers: Record<string, string> = {}): Reply => ({
  status,
  headers,
  body: { problem: { kind: status === 401 ? 'access' : 'ask', message, suggestions: [] } },
});

export function createWebhooks(api: WebhooksApi): RequestListener {
  return (request, response) => {
    answer(api, request).then(
      ({ status, body, headers = {} }) => {
        for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
        sendJson(response, status, body);
      },
      (thrown: unknown) => {
        // The platform sends it again; polling would find the change anyhow.
        api.log.error({ err: (thrown as Error).message }, 'a push could not be kept');
        response.setHeader('retry-after', '30');
        sendJson(response, 503, { problem: { kind: 'upstream', message: 'Try again.', suggestions: [] } });
      },
    );
  };
}

async function answer(api: WebhooksApi, request: IncomingMessage): Promise<Reply> {
  const path = (request.url ?? '/').split('?')[0]!;
  const name = /^\/webhooks\/([a-z0-9_]+)\/?$/.exec(path)?.[1] ?? '';
  const sources = api.sources();
  const opened = await openWebhook(name, Object.hasOwn(sources, name) ? sources[name] : undefined);
  if ('missing' in opened) return refuse(404, whyNot(name, opened.missing));
  // Intercom looks with HEAD whether the address is there.
  if (request.method === 'HEAD') return { status: 200, body: {} };
  if (request.method !== 'POST') return refuse(405, 'Use POST.', { allow: 'POST, HEAD' });
  const body = await readBody(request);
  if (body === null) return refuse(413, `A push has at most ${mostBytes} bytes.`, { connection: 'close' });

  const reading = opened.webhook.read(toRequest(request, body, api.publicUrl), api.now());
  if (reading.kind !== 'read') {
    api.log.warn({ source: name, reason: reading.reason }, 'a push was refused');
    return reading.kind === 'unsigned'
      ? refuse(401, `This is no request of ${name}: ${reading.reason}.`)
      : refuse(400, `The request cannot be read: ${reading.reason}.`);
  }
  const { deliveryId, hints } = reading;
  const kept = await keepDelivery(api.db.sql, { source: name, deliveryId, hints });
  return { status: 200, body: { hints: kept === 'kept' ? hints.length : 0, repeated: kept === 'repeated' } };
}

function whyNot(name: string, missing: 'source' | 'push' | 'secret'): string {
  if (missing === 'source') return `There is no source "${name}" here.`;
  if (missing === 'push') return `Herald takes no pushes of ${name}; it is polled.`;
  return `Pushes of ${name} are not set up: give sources.${name}.webhookSecret, as HERALD_SOURCES_${name.toUpperCase()}_WEBHOOK_SECRET.`;
}

function toRequest(request: IncomingMessage, body: Buffer, publicUrl: string | null): WebhookRequest {
  const path = request.url ?? '/';
  const host = request.headers.host ?? 'localhost';
  const origins = publicUrl ? [publicUrl.replace(/\/$/, '')] : [`https://${host}`, `http://${host}`];
  const headers = Object.entries(request.headers).map(([name, value]) => [name, [value].flat().join(', ')]);
  return {
    method: request.method ?? 'POST',
    urls: origins.map((origin) => `${origin}${path}`),
    headers: Object.fromEntries(headers) as Record<string, string>,
    body,
  };
}

/** Null when it is too long: then the rest is not waited for. */
async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  if (Number(request.headers['content-length'] ?? 0) > mostBytes) return null;
  const parts: Buffer[] = [];
  let size = 0;
  // The answer still has to leave by the same connection.
  for await (const part of request.iterator({ destroyOnReturn: false })) {
    size += (part as Buffer).length;
    if (size > mostBytes) return null;
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts);
}
