/** Replicas are killed in mid-delivery, requests and replies get lost; what counts is what stands in the channels. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { expect, test } from 'vitest';
import { putDeliveries } from '../../bot/delivery/enqueue.ts';
import { readDeliveries } from '../../bot/delivery/status.ts';
import { openDatabase } from '../../db/client.ts';
import { createSlackStandIn } from '../../demo/slack/create-slack-stand-in.ts';
import { channels } from '../../demo/slack/workspace.ts';
import { message } from '../bot/delivery/outbox-house.ts';
import { openTestDatabase } from '../database.ts';
import { quiet } from '../run-cycle.ts';
import type { OutboxMutant } from './outbox-worker.ts';
import { seeded } from './seeded.ts';

const replicas = 3;
const worker = path.join(import.meta.dirname, 'outbox-worker.ts');

async function openSlack(random: () => number) {
  const begun = Date.now();
  const server = createServer((request, response) => {
    const isLost = request.url?.endsWith('/chat.postMessage') && random() < 0.1;
    if (isLost) request.socket.destroy();
    else standIn.listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const standIn = createSlackStandIn({
    // Ten times as fast, so that one message a second and channel is no bottleneck.
    now: () => new Date(begun + (Date.now() - begun) * 10),
    random,
    signingSecret: 'x',
    botToken: 'xoxb-token-of-the-test',
    eventsUrl: () => origin,
    selfUrl: () => `${origin}/demo/slack`,
    log: quiet,
    faults: { loseReply: (method) => method === 'chat.postMessage' && random() < 0.2 },
  });
  return {
    standIn,
    api: `${origin}/demo/slack/api/`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Deliver `perChannel` messages to each channel by replicas of which one is killed after the other. */
async function deliverUnderFire(perChannel: number, mutant?: OutboxMutant) {
  const random = seeded(11);
  const home = await openTestDatabase();
  const db = openDatabase(home.url, { name: 'herald-test', max: 2 });
  const slack = await openSlack(random);
  const running = new Set<ChildProcess>();
  /** Those that are past their start. */
  const working = new Set<ChildProcess>();
  let [kills, reached] = [0, 0];
  let over = false;
  const start = () => {
    const order = [worker, home.url, slack.api, ...(mutant ? [mutant] : [])];
    const child = spawn(process.execPath, order, { stdio: ['ignore', 'pipe', 'ignore'] });
    running.add(child);
    child.stdout.once('data', () => working.add(child));
    child.once('exit', () => {
      running.delete(child);
      working.delete(child);
      if (!over) start();
    });
  };
  try {
    const deliveries = channels.flatMap(({ id }) =>
      Array.from({ length: perChannel }, (_, i) => ({ ...message(id), topic: `digest-${i}` })),
    );
    await db.inTransaction((tx) => putDeliveries(tx, deliveries, []));
    for (let i = 0; i < replicas; i += 1) start();
    for (;;) {
      // Chaos is paced by the clock: no event tells when a kill would hurt most.
      await new Promise((resolve) => setTimeout(resolve, 150 + 500 * random()));
      const rows = await readDeliveries(db, { most: 1000 });
      if (rows.every(({ state }) => state === 'sent')) break;
      expect(rows.filter(({ state }) => state === 'failed' || state === 'unknown')).toEqual([]);
      // However slow the machine: between two kills something is delivered.
      const sent = rows.filter(({ state }) => state === 'sent').length;
      if (sent === reached) continue;
      reached = sent;
      const victims = [...working];
      const victim = victims[Math.floor(random() * victims.length)];
      if (victim?.kill('SIGKILL')) kills += 1;
    }
  } finally {
    over = true;
    for (const child of running) child.kill('SIGKILL');
    await slack.close();
    await db.close();
    await home.close();
  }
  const slots = slack.standIn.state.messages.map(
    ({ metadata }) => (metadata as { event_payload: { slot: string } }).event_payload.slot,
  );
  const different = new Set(slots).size;
  return { kills, lost: channels.length * perChannel - different, doubled: slots.length - different };
}

test('every delivery stands in its channel exactly once, however many senders were killed', async () => {
  const { kills, lost, doubled } = await deliverUnderFire(24);
  expect({ lost, doubled }).toEqual({ lost: 0, doubled: 0 });
  expect(kills).toBeGreaterThan(10);
});

test('a sender that posts again without looking is caught', async () => {
  const { lost, doubled } = await deliverUnderFire(4, 'blind');
  expect(lost).toBe(0);
  expect(doubled).toBeGreaterThan(0);
});

test('a sender that takes what may be there for sent is caught', async () => {
  const { lost, doubled } = await deliverUnderFire(8, 'hopeful');
  expect(doubled).toBe(0);
  expect(lost).toBeGreaterThan(0);
});
