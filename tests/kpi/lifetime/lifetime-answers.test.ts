/** Predicted lifetime value as it is asked for: contracts by survival, buyers by their purchases, too few by words. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../../db/client.ts';
import { builtIn } from '../../../kpi/catalogue.ts';
import { answer } from '../../../kpi/engine.ts';
import { forecastValue } from '../../../kpi/lifetime/forecast-value.ts';
import { summarisePurchases } from '../../../kpi/lifetime/purchase-summary.ts';
import type { Dimension } from '../../../kpi/question.ts';
import { openTestDatabase, type TestDatabase } from '../../database.ts';
import { consume } from '../../run-cycle.ts';
import { calibration, cdnowPurchases } from './cdnow.ts';

let home: TestDatabase;
let db: Database;

const ask = (kpi: string, from: string, to: string, by: Dimension | null = null) =>
  answer(
    db,
    {
      kpi,
      period: { from, to, label: 'the quarter', complete: true, unit: 'quarter', count: 1 },
      comparison: null,
      by,
      top: null,
      filters: [],
      asOf: null,
      reading: kpi,
      repairs: [],
    },
    {
      calendar: { timeZone: 'UTC', weekStart: 'monday', fiscalYearStart: 'january' },
      currency: 'USD',
      minorPerUnit: 100,
      catalogue: builtIn,
      sources: [],
    },
    new Date('2026-11-05T12:00:00Z'),
  );

beforeAll(async () => {
  home = await openTestDatabase();
  db = openDatabase(home.url, { name: 'test', max: 2 });
});
afterAll(async () => {
  await db.close();
  await home.close();
});

/** Half of what is invoiced is left in every year. */
async function begin(): Promise<void> {
  await db.sql`truncate subscription, invoice, payment, spend, ledger, ledger_delta, bucket, margin, measure_state`;
  await db.sql`
    insert into invoice (system, id, issued_on, amount)
    select 'billing', 'i' || n, date '1996-01-15' + n * 90, 100000 from generate_series(0, 125) n`;
  await db.sql`
    insert into spend (system, id, day, kind, amount)
    select 'files', 'c' || n, date '1996-01-15' + n * 90, 'cogs', 50000 from generate_series(0, 125) n`;
}

describe('subscribers', () => {
  beforeEach(begin);

  /** `n` customers at $100 a month since January 2022; one in four left after a year. */
  const subscribe = (n: number) => db.sql`
    insert into subscription (system, id, company, segment, mrr, starts_on, ends_on)
    select 'billing', 's' || n, n, case when n % 2 = 0 then 'SMB' else 'Enterprise' end, 10000, date '2022-01-01',
      case when n % 4 = 0 then date '2023-01-01' end from generate_series(1, ${n}) n`;

  test('are worth what stays of them, month by month, discounted', async () => {
    await subscribe(40);
    await consume(db);
    const { value, warnings } = await ask('predicted_ltv', '2026-07-01', '2026-10-01');
    // $100 × 50 % in months 0 to 11; three in four of them from month 12 on (365 days are 11.99 months).
    let expected = 0;
    for (let month = 0; month < 24; month++) expected += (50 * (month < 12 ? 1 : 0.75)) / 1.1 ** (month / 12);
    expect(value).toBeCloseTo(expected, 6);
    expect(warnings[0]).toContain('Kaplan–Meier survival of 40 subscribers');
  });

  test('have a standard error that is Greenwood’s of what comes after the step', async () => {
    await subscribe(40);
    await consume(db);
    const { components } = await ask('predicted_ltv', '2026-07-01', '2026-10-01');
    let after = 0;
    for (let month = 12; month < 24; month++) after += (50 * 0.75) / 1.1 ** (month / 12);
    const error = Math.sqrt((after ** 2 * 10) / (40 * 30));
    expect(components.find(({ name }) => name === 'standard_error')!.value).toBeCloseTo(error, 9);
  });

  test('are told apart by segment', async () => {
    await subscribe(80);
    await consume(db);
    const { parts } = await ask('predicted_ltv', '2026-07-01', '2026-10-01', 'segment');
    expect(parts.map(({ name }) => name)).toEqual(['Enterprise', 'SMB']);
    expect(parts[0]!.value).toBeGreaterThan(parts[1]!.value!);
  });

  test('that are too few give no figure, and the number of them', async () => {
    await subscribe(12);
    await consume(db);
    const { value, warnings } = await ask('predicted_ltv', '2026-07-01', '2026-10-01');
    expect([value, warnings[0]]).toEqual([null, 'Not enough data: 12 of 30 customers.']);
  });

  test('that were not watched for as long as is forecast give no figure', async () => {
    await subscribe(40);
    await consume(db);
    const { value, warnings } = await ask('predicted_ltv', '2022-07-01', '2022-10-01');
    expect(value).toBeNull();
    expect(warnings[0]).toContain('watched for 8 of the 24 months');
  });
});

describe('buyers of CDNOW', () => {
  beforeAll(async () => {
    await begin();
    const bought = cdnowPurchases();
    await db.sql`
      insert into payment (system, id, account_id, paid_on, amount)
      select 'billing', 'p' || l.n, l.customer, l.day::date, round(l.dollars * 100)::bigint
      from unnest(${bought.map((_one, i) => i)}::int[], ${bought.map((one) => one.customer)}::text[],
        ${bought.map((one) => one.day)}::text[], ${bought.map((one) => one.amount)}::numeric[]) as l(n, customer, day, dollars)`;
    await consume(db);
  });

  test('are worth what the published models expect of them', { timeout: 30_000 }, async () => {
    const { value, warnings } = await ask('predicted_ltv', '1997-07-01', '1997-10-01');
    const models = {
      buying: { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 },
      spending: { p: 6.25, q: 3.74, gamma: 15.44 },
    };
    const terms = {
      periods: 24,
      periodLength: 365.25 / 12 / 7,
      margin: 0.5,
      discount: 1.1 ** (1 / 12) - 1,
    };
    const customers = summarisePurchases(
      cdnowPurchases().filter(({ amount }) => amount > 0),
      calibration,
    );
    const expected =
      customers.reduce((total, customer) => total + forecastValue(models, customer, terms)!, 0) /
      customers.length;
    // The published parameters are rounded to three digits.
    expect(Math.abs(value! / expected - 1)).toBeLessThan(0.005);
    expect(warnings[0]).toContain('BG/NBD and gamma-gamma');
  });

  test('are the same under their own name', { timeout: 30_000 }, async () => {
    const [one, other] = [
      await ask('predicted_ltv', '1997-07-01', '1997-10-01'),
      await ask('predicted_buyer_value', '1997-07-01', '1997-10-01'),
    ];
    expect(one.value).toBe(other.value);
  });
});
