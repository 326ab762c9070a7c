/**
 * The transport that jsforce is given in place of its own, which waits half an hour for headers and for ever for a
 * stalled body. Every reply is judged here, where status and body are at hand: only good ones and the 401 that
 * makes the SDK open a new session go on to it.
 */
import { PassThrough } from 'node:stream';
import type { Connection, HttpRequest, HttpResponse } from 'jsforce';
import { excerpt, faultOf } from '../../../platform/reply.ts';
import { type ReadContext, ReadFault } from '../../source.ts';
import { classifySalesforce, errorCodeOf } from './classify.ts';

export type Observed = {
  /** How far the source's clock is behind ours, ≤ 0 ms, as last seen in a Date header. */
  skewMs: number;
  /** Calls that went through here; proves that the SDK uses this transport. */
  calls: number;
};

/** Put our transport into a connection; refuses a jsforce whose insides changed. */
export function replaceTransport(connection: Connection, context: ReadContext, observed: Observed): void {
  for (const holder of [connection, connection.oauth2]) {
    if (typeof holder._transport?.httpRequest !== 'function') {
      throw new ReadFault(
        'fatal',
        'This version of jsforce has no transport that Herald can replace; install the pinned one.',
      );
    }
    const transport = {
      httpRequest: (request: HttpRequest) => {
        const reply = send(request, context, observed);
        // The SDK wires a stream before it awaits the reply; nothing is ever read from it.
        return Object.assign(reply, { stream: () => new PassThrough() });
      },
    };
    holder._transport = transport as unknown as Connection['_transport'];
  }
}

async function send(request: HttpRequest, context: ReadContext, observed: Observed): Promise<HttpResponse> {
  const body = typeof request.body === 'string' ? request.body : undefined;
  const isSignIn = new URL(request.url).pathname.endsWith('/services/oauth2/token');
  observed.calls++;
  const reply = await context.fetch(request.url, {
    method: request.method,
    headers: request.headers ?? {},
    raw: true,
    ...(body === undefined ? {} : { body }),
    // A refresh token that rotates dies with its first use: asked twice, the second answer would lock us out.
    ...(body?.includes('grant_type=refresh_token') ? { retries: 0 } : {}),
  });
  observed.skewMs = skew(reply.headers.get('date'), context.now(), observed.skewMs);
  const fault = faultOf(
    reply,
    `Salesforce (${request.method} ${new URL(request.url).pathname})`,
    context.now(),
    classifySalesforce,
  );
  if (fault && isSignIn && reply.status < 500) {
    const code = errorCodeOf(reply.text);
    if (code === 'invalid_grant')
      throw new ReadFault(
        'auth_revoked',
        'Salesforce no longer takes the refresh token (invalid_grant): the authorisation was revoked or has expired. Authorise the External Client App again.',
        { status: reply.status },
      );
    throw new ReadFault(
      'auth_revoked',
      `Salesforce refused to open a session (${code ?? excerpt(reply.text)}). Check the client id and secret of the External Client App, that its client-credentials flow is on, and that baseUrl is your My Domain address.`,
      { status: reply.status },
    );
  }
  if (fault && reply.status !== 401) throw fault;
  return { statusCode: reply.status, headers: Object.fromEntries(reply.headers), body: reply.text };
}

/** Only a source that is behind matters: what it has not reached yet must not be called covered. */
function skew(date: string | null, now: Date, before: number): number {
  const at = date ? Date.parse(date) : Number.NaN;
  // The header is cut to whole seconds.
  return Number.isNaN(at) ? before : Math.min(0, at + 1000 - now.getTime());
}
