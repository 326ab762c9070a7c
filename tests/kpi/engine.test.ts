import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../db/client.ts';
import type { Answer } from '../../kpi/answer.ts';
import type { CalendarSettings } from '../../kpi/calendar.ts';
import { builtIn } from '../../kpi/catalogue.ts';
import { answer } from '../../kpi/engine.ts';
import type { Dimension, Filter, Period, Question } from '../../kpi/question.ts';
import type { EngineSettings } from '../../kpi/settings.ts';
import { openTestDatabase, type TestDatabase } from '../database.ts';
import { MemorySource } from '../memory-source.ts';
import { consume, cycle } from '../run-cycle.ts';

let home: TestDatabase;
let db: Database;
const now = new Date('2026-11-22T10:00:00Z');
const calendar: CalendarSettings = { timeZone: 'UTC', weekStart: 'monday', fiscalYearStart: 'january' };
const settings: EngineSettings = {
  calendar,
  currency: 'USD',
  minorPerUnit: 100,
  catalogue: builtIn,
  sources: [
    { name: 'billing', title: 'Billing' },
    { name: 'salesforce', title: 'Salesforce' },
  ],
};
const billing = new MemorySource('billing', ['account', 'subscription']);
const salesforce = new MemorySource('salesforce', ['account', 'deal']);

const q3: Period = {
  from: '2026-07-01',
  to: '2026-10-01',
  label: 'Q3 2026',
  complete: true,
  unit: 'quarter',
  count: 1,
};
const q2: Period = {
  from: '2026-04-01',
  to: '2026-07-01',
  label: 'Q2 2026',
  complete: true,
  unit: 'quarter',
  count: 1,
};

function ask(
  kpi: string,
  more: { period?: Period; by?: Dimension; filters?: Filter[]; asOf?: string } = {},
): Promise<Answer> {
  const question: Question = {
    kpi,
    period: more.period ?? q3,
    comparison: { kind: 'previous', period: q2 },
    by: more.by ?? null,
    top: null,
    filters: more.filters ?? [],
    asOf: more.asOf ?? null,
    reading: kpi,
    repairs: [],
  };
  return answer(db, question, settings, now);
}

const span = (account: string, mrr: number, from: string, to: string | null, plan = 'Growth') => ({
  account_id: account,
  subscription_id: account,
  plan,
  product: 'Core',
  mrr,
  currency: 'USD',
  starts_on: from,
  ends_on: to,
});

beforeAll(async () => {
  home = await openTestDatabase();
  db = openDatabase(home.url, { name: 'herald-test', max: 4 });
  for (const [id, name] of [
    ['1', 'Acme GmbH'],
    ['2', 'Bolt Ltd'],
    ['3', 'Cargo Inc'],
    ['4', 'Delta'],
    ['5', 'Echo'],
  ]) {
    billing.put('account', id!, 1, { name: name!, domain: `${name!.split(' ')[0]!.toLowerCase()}.example` });
    salesforce.put('account', `sf${id}`, 1, {
      name: name!,
      domain: `www.${name!.split(' ')[0]!.toLowerCase()}.example`,
      region: id === '2' ? 'APAC' : 'EMEA',
      segment: 'SMB',
    });
  }
  billing.put('subscription', 'a', 1, span('1', 10_000, '2025-01-10', null));
  billing.put('subscription', 'b', 1, span('2', 20_000, '2025-02-01', '2026-08-15'));
  // Changed plan on the day: one span ends, the next begins.
  billing.put('subscription', 'c1', 1, span('3', 30_000, '2025-03-01', '2026-08-01', 'Growth'));
  billing.put('subscription', 'c2', 1, span('3', 25_000, '2026-08-01', null, 'Starter'));
  // Left and came back inside the quarter: not churned.
  billing.put('subscription', 'd1', 1, span('4', 5_000, '2026-01-01', '2026-07-20'));
  billing.put('subscription', 'd2', 1, span('4', 5_000, '2026-09-10', null));
  // Joined and left inside the quarter: new, never in the churn base.
  billing.put('subscription', 'e', 1, span('5', 7_000, '2026-07-02', '2026-09-02'));
  const deal = (won: boolean, closed: boolean, amount: number | null, created: string, on: string) => ({
    account_id: 'sf1',
    owner: 'Ann',
    amount,
    is_won: won,
    is_closed: closed,
    created_on: created,
    closed_on: on,
    source: 'Event',
    product: 'Core',
    probability: 50,
  });
  salesforce.put('deal', 'w1', 1, deal(true, true, 100_050, '2026-06-01', '2026-07-01'));
  salesforce.put('deal', 'w2', 1, deal(true, true, null, '2026-06-01', '2026-08-01'));
  salesforce.put('deal', 'l1', 1, deal(false, true, 50_000, '2026-06-11', '2026-09-30'));
  salesforce.put('deal', 'o1', 1, deal(false, false, 70_000, '2026-09-01', '2026-12-01'));
  salesforce.put('deal', 'x', 1, deal(true, true, 1, '2026-06-01', '2026-10-01'));
  await cycle(db, billing, now);
  await cycle(db, salesforce, now);
  await consume(db);
});

afterAll(async () => {
  await db.close();
  await home.close();
});

describe('an answer', () => {
  test('churn counts customers of the start who are gone at the end, and nobody else', async () => {
    const churn = await ask('churn');
    expect(churn.value).toBe(25);
    expect(churn.components).toMatchObject([{ value: 1 }, { value: 4 }]);
    expect(churn.sentence).toContain('1 of 4 customers left.');
    expect(churn.comparison).toMatchObject({ value: 0, change: 25, changeUnit: 'pp', good: false });
  });

  test('a breakdown of churn places each customer where it stood at the start', async () => {
    const churn = await ask('churn', { by: 'region' });
    expect(churn.parts).toMatchObject([
      { name: 'APAC', value: 100, n: 1 },
      { name: 'EMEA', value: 0, n: 3 },
    ]);
    expect((await ask('churn', { by: 'plan' })).parts).toMatchObject([{ name: 'Growth', value: 25, n: 4 }]);
  });

  test('a customer that moved to another plan did not leave its plan’s churn base', async () => {
    const churn = await ask('churn', { filters: [{ dimension: 'plan', values: ['Growth'] }] });
    expect(churn.value).toBe(25);
  });

  test('revenue churn is churn and contraction over the start', async () => {
    expect((await ask('revenue_churn')).value).toBeCloseTo((100 * (200 + 50)) / 650, 10);
  });

  test('new customers are those whose first paid span began in the period', async () => {
    expect((await ask('new_customers')).value).toBe(1);
    expect((await ask('new_customers', { by: 'region' })).parts).toMatchObject([{ name: 'EMEA', value: 1 }]);
  });

  test('MRR is the running total at the end of the period', async () => {
    expect((await ask('mrr')).value).toBe(100 + 250 + 50);
    expect((await ask('net_new_mrr')).value).toBe(400 - 650);
  });

  test('a won deal without an amount counts in the rate and not in the value', async () => {
    expect((await ask('bookings')).value).toBe(1000.5);
    expect((await ask('win_rate')).value).toBeCloseTo(200 / 3, 10);
    expect((await ask('average_deal')).value).toBe(1000.5);
  });

  test('open pipeline is what was created and not closed by the end', async () => {
    expect((await ask('open_pipeline')).value).toBe(700.01);
    expect((await ask('sales_velocity')).value).toBeCloseTo((2 * 1000.5 * (2 / 3)) / ((30 + 61) / 2), 8);
  });

  test('a dimension that the records do not carry is refused with those they do', async () => {
    await expect(ask('churn', { by: 'priority' })).rejects.toThrow('cannot be split by priority');
    await expect(ask('churn', { filters: [{ dimension: 'region', values: ['Mars'] }] })).rejects.toThrow(
      'no region "Mars"',
    );
  });

  test('before the first record a value is unknown, not 0', async () => {
    const early: Period = {
      from: '2019-01-01',
      to: '2019-04-01',
      label: 'Q1 2019',
      complete: true,
      unit: 'quarter',
      count: 1,
    };
    expect((await ask('bookings', { period: early })).value).toBeNull();
    expect((await ask('churn', { period: early })).value).toBeNull();
  });

  test('as of an instant before the first sync is refused', async () => {
    await expect(ask('bookings', { asOf: '2020-01-01T00:00:00Z' })).rejects.toThrow('no data yet');
  });

  test('what changed later does not change what was known then', async () => {
    const [{ at } = { at: new Date() }] = await db.sql<{ at: Date }[]>`select clock_timestamp() as at`;
    salesforce.put('deal', 'w1', 2, {
      account_id: 'sf1',
      owner: 'Ann',
      amount: 300_000,
      is_won: true,
      is_closed: true,
      created_on: '2026-06-01',
      closed_on: '2026-07-01',
      source: 'Event',
      product: 'Core',
      probability: 100,
    });
    billing.remove('subscription', 'b', 2);
    await cycle(db, salesforce, now);
    await cycle(db, billing, now);
    await consume(db);
    expect((await ask('bookings')).value).toBe(3000);
    expect((await ask('bookings', { asOf: at.toISOString() })).value).toBe(1000.5);
    expect((await ask('bookings', { asOf: at.toISOString(), by: 'region' })).parts).toMatchObject([
      { name: 'EMEA', value: 1000.5 },
    ]);
    expect((await ask('churn')).value).toBe(0);
    expect((await ask('churn', { asOf: at.toISOString() })).value).toBe(25);
  });

  test('buckets equal what the facts say after every change', async () => {
    const [row] = await db.sql`
      select (select sum(value)::bigint from margin where measure = 'mrr' and dimension = '' and day <= '2026-11-22') as rolled,
        (select sum(mrr)::bigint from subscription where starts_on <= '2026-11-22' and (ends_on is null or ends_on > '2026-11-22')) as counted`;
    expect(row!.rolled).toBe(row!.counted);
  });
});
