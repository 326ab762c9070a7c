import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createSlackStandIn } from '../../../demo/slack/create-slack-stand-in.ts';
import { channels, people } from '../../../demo/slack/workspace.ts';
import { createLog } from '../../../platform/log.ts';

const [ann] = people as [(typeof people)[0]];
const general = channels[2]!.id;
let close = async () => {};
afterEach(() => close());

/** The stand-in, with an app behind it that answers as told. */
async function open(app: RequestListener = (_request, response) => void response.end()) {
  let clockMs = Date.UTC(2026, 10, 23, 8);
  const server = createServer((request, response) =>
    request.url?.startsWith('/demo/slack') ? standIn.listener(request, response) : app(request, response),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const standIn = createSlackStandIn({
    now: () => new Date(clockMs),
    random: Math.random,
    signingSecret: 'secret',
    botToken: 'xoxb-good',
    eventsUrl: () => `${origin}/slack/events`,
    selfUrl: () => `${origin}/demo/slack`,
    log: createLog('silent', () => {}),
  });
  close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  const api = async (method: string, args: object, token: string | null = 'xoxb-good') => {
    const headers = {
      'content-type': 'application/json',
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    };
    const answer = await fetch(`${origin}/demo/slack/api/${method}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(args),
    });
    return {
      status: answer.status,
      retryAfter: answer.headers.get('retry-after'),
      ...((await answer.json()) as { ok: boolean; error?: string; ts?: string }),
    };
  };
  return { standIn, api, pass: (ms: number) => (clockMs += ms) };
}

/** An app that acknowledges, then keeps the response_url. */
function keepingUrl() {
  const kept = { url: '' };
  const app: RequestListener = (request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      kept.url = new URLSearchParams(body).get('response_url') ?? '';
      response.end();
    });
  };
  const respond = async (payload: object) => {
    const answer = await fetch(kept.url, { method: 'POST', body: JSON.stringify(payload) });
    return `${answer.status} ${await answer.text()}`;
  };
  return { app, respond };
}

describe('the Web API', () => {
  it.each([
    [null, 'not_authed'],
    ['xoxb-bad', 'invalid_auth'],
  ])('with the token %s says %s', async (token, error) => {
    const { api } = await open();
    expect(await api('auth.test', {}, token)).toMatchObject({ ok: false, error });
  });

  it('takes one message a second in a channel', async () => {
    const { api } = await open();
    await api('chat.postMessage', { channel: general, text: 'one' });
    expect(await api('chat.postMessage', { channel: general, text: 'two' })).toMatchObject({
      status: 429,
      retryAfter: '1',
    });
  });

  it('knows no channel that does not exist', async () => {
    const { api } = await open();
    expect(await api('chat.postMessage', { channel: 'C0NOWHERE1', text: 'one' })).toMatchObject({
      error: 'channel_not_found',
    });
  });

  it('cannot edit what only one person sees', async () => {
    const { api, standIn } = await open();
    await api('chat.postEphemeral', { channel: general, user: ann.id, text: 'psst' });
    const { ts } = standIn.state.messages[0]!;
    expect(await api('chat.update', { channel: general, ts, text: 'changed' })).toMatchObject({
      error: 'message_not_found',
    });
  });
});

describe('a response_url', () => {
  it('works five times', async () => {
    const { app, respond } = keepingUrl();
    const { standIn } = await open(app);
    await standIn.say(ann.id, general, '/kpi churn', null);
    for (let use = 0; use < 5; use += 1) await respond({ text: 'x' });
    expect(await respond({ text: 'x' })).toBe('404 used_url');
  });

  it('works for thirty minutes', async () => {
    const { app, respond } = keepingUrl();
    const { standIn, pass } = await open(app);
    await standIn.say(ann.id, general, '/kpi churn', null);
    pass(30 * 60_000 + 1);
    expect(await respond({ text: 'x' })).toBe('404 expired_url');
  });

  it('of a command replaces nothing', async () => {
    const { app, respond } = keepingUrl();
    const { standIn } = await open(app);
    await standIn.say(ann.id, general, '/kpi churn', null);
    await respond({ text: 'first' });
    await respond({ text: 'second', replace_original: true });
    expect(standIn.state.messages.map(({ text }) => text)).toEqual(['first', 'second']);
  });
});

describe('a command', () => {
  it('tells the person when the app refuses', async () => {
    const { standIn } = await open((_request, response) => void response.writeHead(401).end());
    await standIn.say(ann.id, general, '/kpi churn', null);
    expect(standIn.state.messages[0]?.text).toBe('/kpi failed with the error “dispatch_failed”');
  });

  it('that is not ours is unknown to the workspace', async () => {
    const { standIn } = await open();
    await standIn.say(ann.id, general, '/chart churn', null);
    expect(standIn.state.messages[0]?.text).toBe('/chart is not a valid command.');
  });
});
