/** What a verb of the terminal may load: each package costs every question its import time. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDatabase } from '../../db/client.ts';
import { openTestDatabase, type TestDatabase } from '../database.ts';
import { MemorySource } from '../memory-source.ts';
import { consume, cycle } from '../run-cycle.ts';
import { root } from './source-files.ts';

let folder: string;
let home: TestDatabase;

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'herald-lazy-'));
  home = await openTestDatabase();
  const db = openDatabase(home.url, { name: 'herald-test', max: 2 });
  const billing = new MemorySource('billing', ['account', 'subscription']);
  billing.put('account', 'a', 1, { name: 'Acme' });
  billing.put('subscription', 's', 1, {
    account_id: 'a',
    subscription_id: 's',
    mrr: 10_000,
    currency: 'USD',
    starts_on: '2026-01-01',
  });
  await cycle(db, billing, new Date('2026-11-22T10:00:00Z'));
  await consume(db);
  await db.close();
});

afterAll(async () => {
  await home.close();
  rmSync(folder, { recursive: true, force: true });
});

type Run = { code: number | null; out: string; said: string; modules: string[]; packages: string[] };

async function herald(...args: string[]): Promise<Run> {
  const list = path.join(folder, `${args[0]}-${args.length}.txt`);
  const hook = pathToFileURL(path.join(root, 'tests/house/print-modules.ts')).href;
  const child = spawn(process.execPath, ['--import', hook, path.join(root, 'main.ts'), ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, PRINT_MODULES: list, DATABASE_URL: home.url, HERALD_FOLDER: folder },
  });
  let out = '';
  let said = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  const modules = readFileSync(list, 'utf8').split('\n').filter(Boolean);
  const packages = modules.flatMap((url) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? []);
  return { code, out, said, modules, packages: [...new Set(packages)].sort() };
}

/** What the configuration, the log and the calendar stand on. */
const always = ['yaml', 'zod', 'pino', 'temporal-polyfill', 'temporal-utils'];
/** pino's own. */
const ofPino = [
  '@pinojs/redact',
  'atomic-sleep',
  'on-exit-leak-free',
  'pino-std-serializers',
  'quick-format-unescaped',
  'safe-stable-stringify',
  'sonic-boom',
  'thread-stream',
];

describe('herald parse', () => {
  test('loads the configuration and the calendar, and no driver', async () => {
    const { code, packages } = await herald('parse', 'churn last quarter');
    expect(code).toBe(0);
    expect(packages.filter((name) => ![...always, ...ofPino].includes(name))).toEqual([]);
  });
});

describe('herald ask, as text', () => {
  let run: Run;

  beforeAll(async () => {
    run = await herald('ask', 'churn last quarter', '--now', '2026-11-22T10:00:00Z');
  });

  test('answers', () => {
    expect(run.said).toBe('');
    expect(run.code).toBe(0);
    expect(run.out).toContain('Churn');
  });

  test('loads a driver and a cache besides, and nothing else', () => {
    const allowed = [...always, ...ofPino, 'postgres', 'lru-cache', 'drizzle-orm'];
    expect(run.packages.filter((name) => !allowed.includes(name))).toEqual([]);
  });

  test('loads no chat, no CRM, no renderer, no queue', () => {
    const heavy =
      /^(@slack|@microsoft|botbuilder|jsforce|@hubspot|node-zendesk|intercom-client|vega|sharp|exceljs|pptxgenjs|pdfkit|pg-boss|nodemailer|ioredis)/;
    expect(run.packages.filter((name) => heavy.test(name))).toEqual([]);
  });

  test('loads drizzle, if at all, by its small CommonJS build', () => {
    expect(
      run.modules.filter((url) => /drizzle-orm\/.*(?<!\.cjs)$/.test(url) && !url.endsWith('.json')),
    ).toEqual([]);
  });

  test('loads nothing of the demo', () => {
    expect(run.modules.filter((url) => url.startsWith(pathToFileURL(`${root}/demo/`).href))).toEqual([]);
  });
});
