/** `POST /api/messages`: everything that can be refused is refused here, and every refusal is logged. */
import type http from 'node:http';
import type { Log } from '../../../platform/log.ts';
import { parseActivity, tenantOf } from './activity.ts';
import { type AuthOverrides, serviceUrlAllowed } from './auth-settings.ts';
import type { TeamsPort } from './port.ts';

/** Teams' own messages stay under 100 KB; cards' inputs and entities are within twice that. */
const maxBodyBytes = 256 * 1024;

export type ListenerSettings = {
  port: TeamsPort;
  /** When set, other tenants are refused even with a good token. */
  tenantId: string | null;
  overrides: AuthOverrides | null;
  stopping: () => boolean;
  log: Log;
};

class Refusal extends Error {
  readonly status: number;
  constructor(status: number, reason: string) {
    super(reason);
    this.status = status;
  }
}

/** The request listener; mount it on the house's one HTTP server. */
export function createListener(settings: ListenerSettings): http.RequestListener {
  return (request, response) => {
    const from = request.socket.remoteAddress;
    answer(settings, request).then(
      ({ status, body }) => reply(response, status, body),
      (thrown: unknown) => {
        if (thrown instanceof Refusal) {
          const { status, message } = thrown;
          settings.log.warn({
            event: 'teams.refused',
            status,
            reason: message,
            from,
          });
          reply(response, status, status === 405 ? { error: 'POST only' } : { error: 'refused' });
          return;
        }
        settings.log.error({ event: 'teams.turn_failed', err: thrown });
        reply(response, 500, { error: 'failed' });
      },
    );
  };
}

async function answer(
  { port, tenantId, overrides, stopping }: ListenerSettings,
  request: http.IncomingMessage,
): Promise<{ status: number; body: unknown }> {
  if (request.method !== 'POST') throw new Refusal(405, `method ${request.method}`);
  if (stopping()) throw new Refusal(503, 'stopping');
  const authorization = request.headers.authorization ?? '';
  if (!authorization) throw new Refusal(401, 'no token');
  const body = await readJson(request);
  const inbound = parseActivity(body);
  if (!inbound) throw new Refusal(400, 'not a Teams activity');
  if (!serviceUrlAllowed(inbound.serviceUrl, overrides)) throw new Refusal(403, 'serviceUrl is not allowed');
  if (tenantId && tenantOf(inbound) !== tenantId) throw new Refusal(403, 'another tenant');
  const received = await port.receive(authorization, body as Record<string, unknown>);
  if (received.kind === 'refused') throw new Refusal(received.status, received.reason);
  return received;
}

async function readJson(request: http.IncomingMessage): Promise<unknown> {
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? ''))
    throw new Refusal(415, 'not JSON');
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    // Read on without keeping, so that the sender sees the refusal; past some megabytes it is cut off.
    if (size <= maxBodyBytes) chunks.push(chunk);
    else if (size > 16 * maxBodyBytes) break;
  }
  if (size > maxBodyBytes) throw new Refusal(413, `body over ${maxBodyBytes} bytes`);
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch (thrown) {
    if (thrown instanceof SyntaxError) throw new Refusal(400, 'unreadable JSON');
    throw thrown;
  }
}

function reply(response: http.ServerResponse, status: number, body: unknown): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
  });
  response.end(body === undefined ? '' : JSON.stringify(body));
}
