/**
 * The official client with Herald's HTTP underneath. Its own time-out ends with the headers, its retries ignore our
 * pacing and a page of HTML comes back as data; so every request goes through the guarded fetch, and a fault that the
 * client would flatten into a message is thrown on as it was.
 */
import { IntercomClient } from 'intercom-client';
import type { ReadContext, Source } from '../../source.ts';
import { ReadFault } from '../../source.ts';

export type IntercomSettings = {
  /** `https://api.intercom.io`, or the .eu or .au address of the workspace's region. */
  baseUrl: string;
  token: string;
  /** API version; from 2.16 on, deleted conversations are listed. Default 2.14, the client's own. */
  version?: string;
  /** Read its tickets, too. */
  tickets?: boolean;
};

export type Session = {
  /** One call of the client. @throws ReadFault */
  ask<T>(work: (client: IntercomClient) => Promise<T>): Promise<T>;
  /** A GET that the client does not know. @throws ReadFault */
  get(path: string): Promise<Record<string, unknown>>;
};

const scrollHeldMs = 60_000;

/** Access tokens do not expire: a refused one was taken back, and only a person can mend that. */
export const classifyIntercom: NonNullable<Source['classify']> = (status) =>
  status === 401 ? 'auth_revoked' : null;

export function openSession(settings: IntercomSettings, context: ReadContext): Session {
  const baseUrl = settings.baseUrl.replace(/\/$/, '');
  const version = settings.version ?? '2.14';
  let fault: unknown = null;

  const client = new IntercomClient({
    token: settings.token,
    baseUrl,
    maxRetries: 0,
    // The deadline is the guarded fetch's; this one must never come first.
    timeoutInSeconds: 3_600,
    headers: { 'Intercom-Version': version },
    fetch: async (input, init) => {
      try {
        const reply = await context.fetch(String(input), {
          method: init?.method ?? 'GET',
          headers: Object.fromEntries(new Headers(init?.headers)),
          ...(typeof init?.body === 'string' ? { body: init.body } : {}),
        });
        return new Response(reply.status === 204 ? null : reply.text, {
          status: reply.status,
          headers: reply.headers,
        });
      } catch (thrown) {
        fault = thrown;
        throw thrown;
      }
    },
  });

  return {
    async ask(work) {
      fault = null;
      try {
        return await work(client);
      } catch (thrown) {
        throw readable(fault ?? thrown);
      }
    },
    async get(path) {
      const headers = {
        authorization: `Bearer ${settings.token}`,
        accept: 'application/json',
        'intercom-version': version,
      };
      const reply = await context.fetch(`${baseUrl}${path}`, { headers });
      return JSON.parse(reply.text) as Record<string, unknown>;
    },
  };
}

/** A scroll that somebody else holds, or that a stopped worker left open, frees itself after a minute unused. */
function readable(thrown: unknown): unknown {
  if (!(thrown instanceof ReadFault)) return thrown;
  const isHeld = thrown.status === 400 && /scroll already exists/i.test(thrown.message);
  return isHeld
    ? new ReadFault('rate_limited', thrown.message, {
        status: 400,
        retryAfterMs: scrollHeldMs,
        cause: thrown,
      })
    : thrown;
}
