import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../db/client.ts';
import { builtIn } from '../../kpi/catalogue.ts';
import { readFindings } from '../../kpi/findings.ts';
import type { Period } from '../../kpi/question.ts';
import { openTestDatabase, type TestDatabase } from '../database.ts';

let home: TestDatabase;
let db: Database;
const q3: Period = {
  from: '2026-07-01',
  to: '2026-10-01',
  label: 'Q3 2026',
  complete: true,
  unit: 'quarter',
  count: 1,
};

beforeAll(async () => {
  home = await openTestDatabase();
  db = openDatabase(home.url, { name: 'herald-test', max: 2 });
});
afterAll(async () => {
  await db.close();
  await home.close();
});
beforeEach(() => db.sql`truncate quality_rule, quality_finding`);

type Given = {
  rule: string;
  tbl: string;
  columns?: string[];
  severity?: string;
  day?: string | null;
  resolved?: boolean;
  n?: number;
  own?: boolean;
};

async function given({
  rule,
  tbl,
  columns = [],
  severity = 'warns',
  day = '2026-08-01',
  resolved = false,
  n = 1,
  own = false,
}: Given) {
  await db.sql`insert into quality_rule (name, severity, tbl, columns, one, many, definition)
    values (${rule}, ${severity}, ${own ? null : tbl}, ${columns}, ${`1 ${rule}`}, ${`{n} ${rule}`}, '')`;
  await db.sql`insert into quality_finding (rule, severity, system, tbl, subject, day, sentence, first_seen, last_seen, resolved_at)
    select ${rule}, ${severity}, 'crm', ${tbl}, i::text, ${day}::date, 'The finding in its own words.', now(), now(), case when ${resolved} then now() end
    from generate_series(1, ${n}) i`;
}
const warnings = (kpi: string) => readFindings(db.sql, builtIn.kpiByName.get(kpi)!, builtIn, q3);

test('what touches a column that the KPI reads is said, with its count', async () => {
  await given({ rule: 'bad amounts', tbl: 'deal', columns: ['amount'], n: 3 });
  expect(await warnings('bookings')).toEqual(['3 bad amounts.']);
});

test('what touches only other columns of the same table is not', async () => {
  await given({ rule: 'bad products', tbl: 'deal', columns: ['product'] });
  expect(await warnings('bookings')).toEqual([]);
});

test('what touches another table is not', async () => {
  await given({ rule: 'bad tickets', tbl: 'ticket' });
  expect(await warnings('bookings')).toEqual([]);
});

test('what lies in another period is not', async () => {
  await given({ rule: 'late', tbl: 'deal', day: '2026-10-01' });
  await given({ rule: 'early', tbl: 'deal', day: '2026-06-30' });
  expect(await warnings('bookings')).toEqual([]);
});

test('a stock holds what came before the period', async () => {
  await given({ rule: 'early', tbl: 'subscription', day: '2024-01-01' });
  await given({ rule: 'late', tbl: 'subscription', day: '2026-10-01' });
  expect(await warnings('mrr')).toEqual(['1 early.']);
  expect(await warnings('churn')).toEqual(['1 early.']);
});

test('what is resolved, or only noted, is not', async () => {
  await given({ rule: 'mended', tbl: 'deal', resolved: true });
  await given({ rule: 'noted', tbl: 'deal', severity: 'notes' });
  expect(await warnings('bookings')).toEqual([]);
});

test('two lines at most, the most frequent first', async () => {
  for (const [rule, n] of [
    ['a', 1],
    ['b', 5],
    ['c', 3],
  ] as const)
    await given({ rule, tbl: 'deal', n });
  expect(await warnings('bookings')).toEqual(['5 b.', '3 c.']);
});

test('a finding about a whole stream is said in its own words', async () => {
  await given({ rule: 'drift', tbl: 'deal', day: null, own: true });
  expect(await warnings('bookings')).toEqual(['The finding in its own words.']);
});
