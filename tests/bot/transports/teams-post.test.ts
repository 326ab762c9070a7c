/** What the outbox is told after one attempt to post. The connector of these tests misbehaves on demand. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { channels, directChat } from '../../../demo/teams/workspace.ts';
import { type Harness, startHarness } from './teams-harness.ts';

const general = channels.find(({ name }) => name === 'general')!.id;
const card = { type: 'AdaptiveCard', version: '1.5', body: [{ type: 'TextBlock', text: 'Digest' }] };
const options = { fallbackText: 'Digest' };

let h: Harness;
let posts = 0;
let behave: http.RequestListener = () => {};
const bad = http.createServer((request, response) => {
  posts += 1;
  request.resume().on('end', () => behave(request, response));
});

/** A port that was free a moment ago. */
async function closedPort(): Promise<number> {
  const server = http.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

beforeAll(async () => {
  h = await startHarness();
  await new Promise<void>((resolve) => bad.listen(0, '127.0.0.1', resolve));
  await h.ask('ann', general, '@Herald hello');
  const good = h.references.get(general)!;
  const serviceUrl = `http://127.0.0.1:${(bad.address() as AddressInfo).port}/`;
  h.references.set('bad', { ...good, serviceUrl });
  h.references.set('gone', { ...good, conversation: '19:gone@thread.tacv2' });
  h.references.set('closed', { ...good, serviceUrl: `http://127.0.0.1:${await closedPort()}/` });
});
beforeEach(() => {
  posts = 0;
});
afterAll(async () => {
  bad.closeAllConnections();
  await new Promise((resolve) => bad.close(resolve));
  await h.close();
});

test('a post to a channel starts a thread of its own and says its id', async () => {
  const outcome = await h.transport.post(general, card, options);
  const last = h.standIn.transcript(general).at(-1);
  expect(outcome).toEqual({ kind: 'sent', id: last?.id });
  expect(last?.thread).toBe(last?.id);
});

test('an earlier post is replaced by its id', async () => {
  const first = await h.transport.post(general, card, options);
  const id = first.kind === 'sent' ? first.id : '';
  const changed = { ...card, body: [{ type: 'TextBlock', text: 'Resolved' }] };
  expect(await h.transport.post(general, changed, { ...options, update: id })).toEqual({ kind: 'sent', id });
  expect(h.standIn.transcript(general).at(-1)).toMatchObject({ edited: true, card: changed });
});

test('a card that Teams would refuse as too large goes out as text that says it was cut', async () => {
  const body = Array.from({ length: 3000 }, (_, i) => ({
    type: 'TextBlock',
    text: `row ${i} of a long list`,
  }));
  const fallbackText = body.map(({ text }) => text).join('\n');
  expect(await h.transport.post(general, { ...card, body }, { fallbackText })).toMatchObject({
    kind: 'sent',
  });
  const said = h.standIn.transcript(general).at(-1);
  expect(said?.card).toBeNull();
  expect(said?.text).toContain('Shortened: the whole is too long for Teams');
});

test('a conversation that Herald was never in is not sent, for good', async () => {
  expect(await h.transport.post('19:unknown', card, options)).toMatchObject({
    kind: 'not_sent',
    permanent: true,
  });
});

test('a conversation that is gone is not sent, for good', async () => {
  expect(await h.transport.post('gone', card, options)).toMatchObject({ kind: 'not_sent', permanent: true });
});

test('429 is not sent, says when to try again, and is posted no second time by the library', async () => {
  behave = (_request, response) => response.writeHead(429, { 'retry-after': '7' }).end();
  expect(await h.transport.post('bad', card, options)).toMatchObject({
    kind: 'not_sent',
    permanent: false,
    retryAfterMs: 7000,
  });
  expect(posts).toBe(1);
});

test('a connection that breaks after the message has arrived is ambiguous and not repeated', async () => {
  behave = (request) => request.socket.destroy();
  expect(await h.transport.post('bad', card, options)).toMatchObject({ kind: 'ambiguous' });
  expect(posts).toBe(1);
});

test('a gateway error is ambiguous and not repeated', async () => {
  behave = (_request, response) => response.writeHead(502).end('bad gateway');
  expect(await h.transport.post('bad', card, options)).toMatchObject({ kind: 'ambiguous' });
  expect(posts).toBe(1);
});

test('a connector that cannot be reached has certainly not taken the message', async () => {
  expect(await h.transport.post('closed', card, options)).toMatchObject({
    kind: 'not_sent',
    permanent: false,
  });
});

test('a person is reached by the private chat they have used', async () => {
  await h.ask('mo', directChat('mo'), 'hello');
  const direct = [...h.references.keys()].find((key) => key.startsWith('dm:'))!;
  expect(await h.transport.post(direct, card, options)).toMatchObject({ kind: 'sent' });
});
