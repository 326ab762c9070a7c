import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask } from '../../cli/ask.ts';
import { type Database, openDatabase } from '../../db/client.ts';
import { openTestDatabase, type TestDatabase } from '../database.ts';
import { MemorySource } from '../memory-source.ts';
import { consume, cycle } from '../run-cycle.ts';
import { openVerbHome, type VerbHome } from './run-verb.ts';

const now = new Date('2026-11-22T10:00:00Z');
let home: TestDatabase;
let db: Database;
let terminal: VerbHome;

beforeAll(async () => {
  home = await openTestDatabase();
  db = openDatabase(home.url, { name: 'herald-test', max: 2 });
  terminal = openVerbHome(home.url, now, 'access: { terminal: { role: executive } }\n');
  const billing = new MemorySource('billing', ['account', 'subscription']);
  for (const id of ['1', '2', '3', '4']) {
    billing.put('account', id, 1, { name: `Firm ${id}`, domain: `firm${id}.example` });
    billing.put('subscription', id, 1, {
      account_id: id,
      subscription_id: id,
      mrr: 10_000,
      currency: 'USD',
      starts_on: '2026-01-01',
      ends_on: id === '1' ? '2026-08-15' : null,
    });
  }
  await cycle(db, billing, now);
  await cycle(db, new MemorySource('hubspot', ['person']), now);
  await consume(db);
});
afterAll(async () => {
  terminal.close();
  await db.close();
  await home.close();
});

test('cohorts stand in line in the terminal', async () => {
  const { code, lines } = await terminal.run(ask, 'retention cohorts January 2026');
  expect(code).toBe(0);
  expect(
    lines.map((line) => line.replaceAll('\u00a0', ' ')).find((line) => line.includes('January 2026  ')),
  ).toMatch(/^ {2}January 2026 {10}4 {2}100 %/);
});

test('records name the customers, as JSON', async () => {
  const { out } = await terminal.run(ask, 'records behind churn Q3 2026', '--format', 'json');
  const table = JSON.parse(out);
  expect(table.kind).toBe('records');
  expect(table.rows[0][0]).toBe('Firm 1');
});

test('a funnel is written as CSV', async () => {
  const { out } = await terminal.run(ask, 'funnel last quarter', '--format', 'csv');
  expect(out.split('\r\n')[0]).toBe('\ufeffStage,People,Of previous,Of first,Median days');
});

test('a table is written as a workbook', async () => {
  const file = path.join(terminal.folder, 'cohorts.xlsx');
  await terminal.run(ask, 'retention cohorts January 2026', '--format', 'xlsx', '--out', file);
  expect(readFileSync(file).subarray(0, 2).toString()).toBe('PK');
});

test('a format that tables do not have is refused with those they have', async () => {
  const { code, said } = await terminal.run(ask, 'retention cohorts January 2026', '--format', 'pptx');
  expect(code).not.toBe(0);
  expect(said.join(' ')).toContain('--format takes text, json, csv, xlsx, png or svg');
});

test('whoever may not read the area is refused', async () => {
  const { said } = await terminal.run(ask, 'retention cohorts', '--as', 'viewer');
  expect(said.join(' ')).toContain('success KPI');
});
