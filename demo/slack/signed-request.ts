/** Requests as Slack sends them: signed, and with Slack's exact content types. */
import { createHmac } from 'node:crypto';
import type { State } from './state.ts';

/** Slack waits this long for an acknowledgement. */
export const ackDeadlineMs = 3_000;

export type Sent =
  | { status: number; body: string; contentType: string }
  | { status: 0; failure: 'operation_timeout' | 'dispatch_failed' };

export type SendOptions = {
  what: string;
  url: string;
  body: string;
  contentType: 'application/x-www-form-urlencoded' | 'application/json';
  retry?: { number: number; reason: string };
};

export function createSender({
  signingSecret,
  now,
  state,
}: {
  signingSecret: string;
  now: () => Date;
  state: State;
}) {
  return async ({ what, url, body, contentType, retry }: SendOptions): Promise<Sent> => {
    const stamp = String(Math.floor(now().getTime() / 1000));
    const signature = `v0=${createHmac('sha256', signingSecret).update(`v0:${stamp}:${body}`).digest('hex')}`;
    const began = performance.now();
    let sent: Sent;
    try {
      const answer = await fetch(url, {
        method: 'POST',
        headers: {
          // fetch would add a charset to a form of its own, and Bolt answers that with 400.
          'content-type': contentType,
          'x-slack-request-timestamp': stamp,
          'x-slack-signature': signature,
          'user-agent': 'Slackbot 1.0 (stand-in)',
          ...(retry
            ? { 'x-slack-retry-num': String(retry.number), 'x-slack-retry-reason': retry.reason }
            : {}),
        },
        body,
        signal: AbortSignal.timeout(ackDeadlineMs),
      });
      sent = {
        status: answer.status,
        body: await answer.text(),
        contentType: answer.headers.get('content-type') ?? '',
      };
    } catch (thrown) {
      const late = thrown instanceof Error && thrown.name === 'TimeoutError';
      sent = { status: 0, failure: late ? 'operation_timeout' : 'dispatch_failed' };
    }
    state.log({
      direction: 'to Herald',
      what,
      status: sent.status,
      outcome: 'failure' in sent ? sent.failure : sent.status === 200 ? 'acknowledged' : 'refused',
      ms: performance.now() - began,
      signature: `${signature.slice(0, 19)}…`,
      request: readable(body),
      response: 'failure' in sent ? '' : sent.body,
    });
    return sent;
  };
}

/** A form's fields one a line, for the inspector. */
function readable(body: string): string {
  if (body.startsWith('{')) return body;
  return [...new URLSearchParams(body)].map(([key, value]) => `${key} = ${value}`).join('\n');
}
