/** Targets that a source holds, on a real database. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../../db/client.ts';
import { builtIn } from '../../../kpi/catalogue.ts';
import { answer } from '../../../kpi/engine.ts';
import type { Filter, Period, Question } from '../../../kpi/question.ts';
import type { EngineSettings } from '../../../kpi/settings.ts';
import { openTestDatabase, type TestDatabase } from '../../database.ts';
import { MemorySource } from '../../memory-source.ts';
import { consume, cycle } from '../../run-cycle.ts';

const now = new Date('2026-11-22T10:00:00Z');
const settings: EngineSettings = {
  catalogue: builtIn,
  calendar: { timeZone: 'UTC', weekStart: 'monday', fiscalYearStart: 'january' },
  currency: 'EUR',
  minorPerUnit: 100,
  sources: [],
};
const quarter = (from: string, to: string): Period => ({
  from,
  to,
  label: from,
  complete: to <= '2026-11-22',
  unit: 'quarter',
  count: 1,
});
const q3 = quarter('2026-07-01', '2026-10-01');

let home: TestDatabase;
let db: Database;

beforeAll(async () => {
  home = await openTestDatabase();
  db = openDatabase(home.url, { name: 'herald-test', max: 4 });
  const plans = new MemorySource('plans', ['quota', 'deal', 'ticket']);
  const put = (
    id: string,
    owner: string | null,
    from: string,
    to: string,
    amount: number,
    kpi: string | null = null,
  ) => plans.put('quota', id, 1, { owner, starts_on: from, ends_on: to, amount, currency: 'EUR', kpi });
  put('ann3', 'Ann', '2026-07-01', '2026-09-30', 100_000);
  put('ben3', 'Ben', '2026-07-01', '2026-09-30', 200_000);
  put('ann4', 'Ann', '2026-10-01', '2026-12-31', 100_000);
  put('all4', null, '2026-10-01', '2026-12-31', 500_000);
  for (const [i, from, to] of [
    [7, '2026-07-01', '2026-07-31'],
    [8, '2026-08-01', '2026-08-31'],
  ] as const)
    put(`tickets${i}`, null, from, to, 4_000, 'tickets_created');
  plans.put('deal', 'd', 1, {
    owner: 'Ann',
    amount: 90_000,
    is_won: true,
    is_closed: true,
    created_on: '2026-07-01',
    closed_on: '2026-08-01',
  });
  plans.put('ticket', 't', 1, { created_at: '2026-07-05T10:00:00Z', status: 'open' });
  await cycle(db, plans, now);
  await consume(db);
});
afterAll(async () => {
  await db.close();
  await home.close();
});

async function target(kpi: string, period: Period, filters: Filter[] = [], own: EngineSettings = settings) {
  const question: Question = {
    kpi,
    period,
    comparison: null,
    by: null,
    top: null,
    filters,
    asOf: null,
    reading: kpi,
    repairs: [],
  };
  return (await answer(db, question, own, now)).target;
}

test('quotas of all sellers are the company’s target of bookings', async () => {
  expect(await target('bookings', q3)).toBe(3000);
});

test('a company’s own plan wins over the sum of its sellers', async () => {
  expect(await target('bookings', quarter('2026-10-01', '2026-11-23'))).toBe(5000);
});

test('a seller is held against the seller’s own quota', async () => {
  expect(await target('bookings', q3, [{ dimension: 'owner', values: ['Ann'] }])).toBe(1000);
});

test('a quarter of which a month has no plan has no target', async () => {
  expect(await target('tickets_created', q3)).toBe(null);
  const august: Period = { ...q3, from: '2026-08-01', to: '2026-09-01', unit: 'month' };
  expect(await target('tickets_created', august)).toBe(40);
});

test('a target of the configuration wins', async () => {
  const own = { ...settings, targets: { bookings: { amounts: { quarter: 7 }, by: {} } } };
  expect(await target('bookings', q3, [], own)).toBe(7);
});

test('another KPI’s plan is no quota of bookings', async () => {
  const question: Question = {
    kpi: 'quota_attainment',
    period: q3,
    comparison: null,
    by: null,
    top: null,
    filters: [],
    asOf: null,
    reading: '',
    repairs: [],
  };
  expect((await answer(db, question, settings, now)).value).toBeCloseTo(30, 9);
});
