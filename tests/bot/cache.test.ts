import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answerKey, createAnswerCache, type RemoteCache } from '../../bot/cache/answer-cache.ts';
import { churn } from '../fixtures/answers.ts';
import { quiet } from '../run-cycle.ts';
import { needs } from '../skip-loudly.ts';

const program = needs('redis-server');

const freePort = () =>
  new Promise<number>((resolve) => {
    const probe = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as net.AddressInfo;
      probe.close(() => resolve(port));
    });
  });

const remoteOf = (client: Redis): RemoteCache => ({
  get: (key) => client.get(key),
  set: (key, value, mode, seconds) => client.set(key, value, mode, seconds),
});

describe('the key of an answer', () => {
  const { question } = churn;
  test('changes with the data version, so that what a sync changed is never served again', () => {
    expect(answerKey(question, 7, '2026-11-22', 'all')).not.toBe(answerKey(question, 8, '2026-11-22', 'all'));
  });

  test('does not depend on how the question was typed', () => {
    const typed = { ...question, reading: 'other words', repairs: [{ from: 'chrun', to: 'churn' }] };
    expect(answerKey(typed, 7, '2026-11-22', 'all')).toBe(answerKey(question, 7, '2026-11-22', 'all'));
  });
});

test('equal questions at the same time are computed once', async () => {
  const cache = createAnswerCache(null, quiet);
  let computed = 0;
  const compute = async () => {
    computed++;
    return churn;
  };
  await Promise.all(Array.from({ length: 50 }, () => cache.through('k', compute)));
  expect(computed).toBe(1);
});

describe.skipIf(program === null)('with a real Redis', () => {
  let server: ChildProcess;
  let client: Redis;
  const folder = mkdtempSync(path.join(os.tmpdir(), 'herald-redis-'));

  beforeAll(async () => {
    const port = await freePort();
    server = spawn(program!, ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder], {
      stdio: 'ignore',
    });
    client = new Redis({ host: '127.0.0.1', port, maxRetriesPerRequest: 20, commandTimeout: 5_000 });
    client.on('error', () => undefined);
    await client.ping();
  });

  afterAll(() => {
    client.disconnect();
    server.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  test('a second replica reads what the first computed', async () => {
    await createAnswerCache(remoteOf(client), quiet).through('shared', async () => churn);
    const found = await createAnswerCache(remoteOf(client), quiet).through('shared', async () => {
      throw new Error('it should not be computed again');
    });
    expect(found).toEqual(JSON.parse(JSON.stringify(churn)));
    expect(await client.ttl('herald:answer:shared')).toBeGreaterThan(0);
  });

  test('answers come without Redis when it is flushed or gone', async () => {
    await client.flushall();
    const flushed = createAnswerCache(remoteOf(client), quiet);
    expect((await flushed.through('after-flush', async () => churn)).kpi).toBe('churn');
    const broken: RemoteCache = {
      get: () => Promise.reject(new Error('gone')),
      set: () => Promise.reject(new Error('gone')),
    };
    expect((await createAnswerCache(broken, quiet).through('x', async () => churn)).kpi).toBe('churn');
  });
});
