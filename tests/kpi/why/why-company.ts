/** Customers and deals in a real database, with moves planted in known places. */
import { type Database, openDatabase } from '../../../db/client.ts';
import type { CalendarSettings } from '../../../kpi/calendar.ts';
import { builtIn } from '../../../kpi/catalogue.ts';
import type { Period, Question } from '../../../kpi/question.ts';
import type { EngineSettings } from '../../../kpi/settings.ts';
import { openTestDatabase } from '../../database.ts';
import { MemorySource } from '../../memory-source.ts';
import { consume, cycle } from '../../run-cycle.ts';

export const now = new Date('2026-11-22T10:00:00Z');
const calendar: CalendarSettings = { timeZone: 'UTC', weekStart: 'monday', fiscalYearStart: 'january' };
export const engine: EngineSettings = {
  calendar,
  currency: 'USD',
  minorPerUnit: 100,
  catalogue: builtIn,
  sources: [
    { name: 'billing', title: 'Billing' },
    { name: 'salesforce', title: 'Salesforce' },
  ],
};

export const q3: Period = {
  from: '2026-07-01',
  to: '2026-10-01',
  label: 'Q3 2026',
  complete: true,
  unit: 'quarter',
  count: 1,
};
export const q2: Period = {
  from: '2026-04-01',
  to: '2026-07-01',
  label: 'Q2 2026',
  complete: true,
  unit: 'quarter',
  count: 1,
};
export const october: Period = {
  from: '2026-10-01',
  to: '2026-11-01',
  label: 'October 2026',
  complete: true,
  unit: 'month',
  count: 1,
};
export const september: Period = {
  from: '2026-09-01',
  to: '2026-10-01',
  label: 'September 2026',
  complete: true,
  unit: 'month',
  count: 1,
};

export function question(kpi: string, more: Partial<Question> = {}): Question {
  return {
    kpi,
    period: q3,
    comparison: { kind: 'previous', period: q2 },
    by: null,
    top: null,
    filters: [],
    asOf: null,
    reading: kpi,
    repairs: [],
    ...more,
  };
}

const regions = ['EMEA', 'AMER', 'APAC', 'LATAM'];
const segments = ['SMB', 'Mid-Market', 'Enterprise'];

/**
 * 120 customers, 40 in each segment, 10 in each of its regions. Churn in Q2: 1 of each segment. In Q3: 9 more of SMB,
 * spread over the regions; one of each other segment.
 */
export async function openWhyCompany() {
  const home = await openTestDatabase();
  const db: Database = openDatabase(home.url, { name: 'herald-test', max: 4 });
  const billing = new MemorySource('billing', ['account', 'subscription']);
  const salesforce = new MemorySource('salesforce', ['account', 'deal']);
  for (const [s, segment] of segments.entries())
    for (let i = 0; i < 40; i++) {
      const id = `${s}-${i}`;
      const domain = `c${s}x${i}.example`;
      billing.put('account', id, 1, { name: `Customer ${id}`, domain });
      salesforce.put('account', `sf${id}`, 1, {
        name: `Customer ${id}`,
        domain,
        region: regions[(i + s) % 4]!,
        segment,
      });
      const left = i === 0 ? '2026-05-10' : i <= (s === 0 ? 9 : 1) ? '2026-08-10' : null;
      billing.put('subscription', id, 1, {
        account_id: id,
        subscription_id: id,
        plan: (i + s) % 2 ? 'Growth' : 'Starter',
        product: 'Core',
        mrr: 10_000,
        currency: 'USD',
        starts_on: '2025-01-10',
        ends_on: left,
      });
    }
  // Two plans at once: plan and product then do not add up to the customers there are.
  billing.put('subscription', '2-39b', 1, {
    account_id: '2-39',
    subscription_id: '2-39b',
    plan: 'Starter',
    product: 'Edge',
    mrr: 5_000,
    currency: 'USD',
    starts_on: '2025-01-10',
    ends_on: null,
  });
  let n = 0;
  const deal = (region: number, segment: number, amount: number, on: string, won = true) =>
    salesforce.put('deal', `d${n++}`, 1, {
      account_id: `sf${segment}-${region}`,
      owner: 'Ann',
      amount: Math.round(amount * 100),
      is_won: won,
      is_closed: true,
      created_on: on.replace(/..$/, '01'),
      closed_on: on,
      source: 'Event',
      product: 'Core',
      probability: won ? 100 : 0,
    });
  // Bookings: every region and segment grew by a tenth from Q2 to Q3; sizes differ.
  for (let region = 0; region < 4; region++)
    for (let segment = 0; segment < 3; segment++) {
      const size = 1000 * (region + 1) * (segment + 1);
      deal(region, segment, size, '2026-05-15');
      deal(region, segment, 1.1 * size, '2026-08-15');
    }
  deal(0, 0, 500, '2026-05-20', false);
  // September to October: twice the deals at the same size; cycle 10 days, then 20.
  deal(0, 0, 1000, '2026-09-11');
  deal(0, 0, 700, '2026-09-11', false);
  for (let i = 0; i < 2; i++) {
    deal(1, 1, 1500, '2026-10-21');
    deal(1, 1, 700, '2026-10-21', false);
  }
  // November against January: 10,000 more in Enterprise, all of it in APAC; 1,000 more in SMB, in all regions.
  for (const month of ['01', '11']) {
    for (let i = 0; i < 2; i++) deal(1, 1, 1500, `2026-${month}-11`);
    for (const region of [1, 2]) deal(region, 2, 500, `2026-${month}-12`);
  }
  deal(0, 2, 10_000, '2026-11-12');
  for (const region of [0, 1, 2, 3]) deal(region, 0, 250, '2026-11-13');
  salesforce.put('deal', 'open', 1, {
    account_id: 'sf0-1',
    owner: 'Ann',
    amount: 90_000,
    is_won: false,
    is_closed: false,
    created_on: '2026-06-01',
    closed_on: '2026-12-24',
    source: 'Event',
    product: 'Core',
    probability: 20,
  });
  await cycle(db, billing, now);
  await cycle(db, salesforce, now);
  await consume(db);
  return {
    db,
    billing,
    salesforce,
    async sync() {
      await cycle(db, billing, now);
      await cycle(db, salesforce, now);
      await consume(db);
    },
    async close() {
      await db.close();
      await home.close();
    },
  };
}
