/** Who is not Teams gets nothing run: every refusal by the real token validation. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTeamsTransport } from '../../../bot/transports/teams/transport.ts';
import { demoAppId, directChat, people } from '../../../demo/teams/workspace.ts';
import { createLog } from '../../../platform/log.ts';
import { type Harness, present, startHarness } from './teams-harness.ts';

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterAll(() => h.close());

const bearer = async (claims?: object) => `Bearer ${await h.standIn.token(claims)}`;
const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const typed = (more: object = {}) =>
  h.standIn.activity(people[0]!, directChat('ann'), { type: 'message', text: 'churn', ...more });

const idle = {
  desk: { ask: async () => Promise.reject(), press: async () => Promise.reject(), complete: async () => [] },
  present,
  appId: demoAppId,
  references: { save: async () => {}, load: async () => null },
  host: null,
  log: createLog('silent', () => {}),
};

async function listen(server: http.Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

const tokens: [string, () => Promise<string | null>][] = [
  ['no token', async () => null],
  ['a word instead of a token', async () => 'Bearer hello'],
  ['a token made out to another bot', () => bearer({ audience: 'another-app' })],
  ['an expired token', () => bearer({ expiresIn: -3600 })],
  ['a token of another issuer', () => bearer({ issuer: 'https://evil.example' })],
  ['a token for another serviceUrl', () => bearer({ serviceUrl: 'https://smba.trafficmanager.net/emea/' })],
  [
    'a token whose claims were changed',
    async () => {
      const [head, claims, signature] = (await bearer()).split('.');
      const changed = { ...JSON.parse(Buffer.from(claims!, 'base64url').toString()), extra: 1 };
      return `${head}.${base64(changed)}.${signature}`;
    },
  ],
  [
    'an unsigned token (alg none)',
    async () => {
      const claims = (await bearer()).split('.')[1];
      return `Bearer ${base64({ alg: 'none', typ: 'JWT' })}.${claims}.`;
    },
  ],
  [
    'a token signed with a shared secret (alg HS256)',
    async () => {
      const [, claims, signature] = (await bearer()).split('.');
      return `Bearer ${base64({ alg: 'HS256', typ: 'JWT' })}.${claims}.${signature}`;
    },
  ],
];

test.each(tokens)('%s is refused with 401, logged, and nothing is asked', async (_name, token) => {
  const lines = h.logged.length;
  const { status } = await h.standIn.deliver(typed(), await token());
  expect(status).toBe(401);
  expect(h.asked).toEqual([]);
  expect(h.logged.slice(lines).join()).toContain('teams.refused');
});

test('a serviceUrl that is not Teams gets no token of ours, even when signed', async () => {
  const serviceUrl = 'https://collector.example/';
  const { status } = await h.standIn.deliver(typed({ serviceUrl }), await bearer({ serviceUrl }));
  expect(status).toBe(403);
  expect(h.asked).toEqual([]);
});

test('another tenant is refused', async () => {
  const elsewhere = { channelData: { tenant: { id: 'another-tenant' } } };
  expect((await h.standIn.deliver(typed(elsewhere), await bearer())).status).toBe(403);
  expect(h.asked).toEqual([]);
});

test('an activity of another channel is refused', async () => {
  expect((await h.standIn.deliver(typed({ channelId: 'emulator' }), await bearer())).status).toBe(400);
  expect(h.asked).toEqual([]);
});

test('a body over 256 KB is refused', async () => {
  expect((await h.standIn.deliver(typed({ text: 'x'.repeat(300_000) }), await bearer())).status).toBe(413);
});

test('when the signing keys cannot be read, Teams is asked to try again', async () => {
  const keys = http.createServer((_request, response) => response.writeHead(500).end());
  const bot = http.createServer((request, response) => withoutKeys.listener(request, response));
  const [keysUrl, botUrl] = await Promise.all([listen(keys), listen(bot)]);
  const withoutKeys = await createTeamsTransport({
    ...idle,
    auth: { ...h.standIn.auth, openIdMetadataUrl: keysUrl },
    production: false,
  });
  const response = await fetch(botUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: await bearer() },
    body: JSON.stringify(typed()),
  });
  expect(response.status).toBe(503);
  for (const server of [keys, bot]) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

test('production takes no token issuer but Microsoft and this machine', async () => {
  const start = createTeamsTransport({
    ...idle,
    auth: { openIdMetadataUrl: 'https://evil.example/keys', issuer: 'x', serviceUrls: [] },
    production: true,
  });
  await expect(start).rejects.toMatchObject({ kind: 'setup' });
});
