import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Sender } from '../../bot/delivery/sender.ts';
import { createDigestVerb, type DigestWiring } from '../../cli/digest.ts';
import type { Tools } from '../../cli/verb.ts';
import { channel } from '../bot/delivery/outbox-house.ts';
import { type DigestHouse, openDigestHouse } from '../bot/digest/digest-house.ts';

let house: DigestHouse;
beforeAll(async () => {
  house = await openDigestHouse();
  await house.define('exec', [
    { kind: 'slack', to: channel('executive') },
    { kind: 'slack', to: channel('general') },
  ]);
});
afterAll(() => house.close());

let sent = 0;
const slack: Sender<never> = {
  send: async ({ to }) => ({ kind: 'sent', receipt: { channel: to, ts: String(++sent) } }),
};

async function herald(...args: string[]): Promise<{ code: number; lines: string[] }> {
  const wiring: DigestWiring = {
    db: house.db,
    runner: house.runner,
    outbox: house.outbox({ slack }),
    wait: async () => undefined,
    close: async () => undefined,
  };
  let out = '';
  const terminal = {
    out: (text: string | Uint8Array) => {
      out += String(text);
    },
    say: () => {},
    progress: () => {},
    color: false,
    width: 80,
  };
  const tools = {
    args,
    terminal,
    now: () => new Date(),
    signal: new AbortController().signal,
  } as unknown as Tools;
  const code = await createDigestVerb(async () => wiring)(tools);
  return { code, lines: out.trim().split('\n') };
}

test('run sends it at once and prints a receipt for every delivery', async () => {
  const { code, lines } = await herald('run', 'exec', '--now', '2026-11-23T08:00:00Z');
  expect(lines.map((line) => line.split('\t').slice(3, 5))).toEqual([
    ['main', 'sent'],
    ['thread:1', 'sent'],
    ['thread:2', 'sent'],
    ['main', 'failed'],
  ]);
  expect(code).toBe(75);
});

test('run again for the same instant sends nothing more', async () => {
  const before = sent;
  await herald('run', 'exec', '--now', '2026-11-23T08:00:00Z');
  expect(sent).toBe(before);
});

test('list says when each is due next', async () => {
  const { lines } = await herald('list');
  expect(lines[0]).toMatch(/^exec\t0 8 \* \* 1\tUTC\tnext \d{4}-\d\d-\d\dT08:00:00\.000Z$/);
});

test('a digest that does not exist is refused', async () => {
  await expect(herald('run', 'board')).rejects.toThrow('There is exec.');
});
