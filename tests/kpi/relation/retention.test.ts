/** Retention by group, held against plain loops over what billing and the help desk themselves serve. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { builtIn } from '../../../kpi/catalogue.ts';
import { answer } from '../../../kpi/engine.ts';
import type { Filter, Period } from '../../../kpi/question.ts';
import { byCampaign, byTickets } from '../../../kpi/relation/groupings.ts';
import { readRetention } from '../../../kpi/relation/read-retention.ts';
import { relateKpis } from '../../../kpi/relation/relate-kpis.ts';
import { relateRetention } from '../../../kpi/relation/relate-retention.ts';
import { groupLine, sayRetention } from '../../../kpi/relation/say-retention.ts';
import type { EngineSettings } from '../../../kpi/settings.ts';
import { type DemoCompany, openDemoCompany } from '../../demo-company.ts';
import { dayReader, live } from '../second/raw.ts';

const timeZone = 'America/New_York';
const year: Period = {
  from: '2025-11-01',
  to: '2026-11-01',
  label: 'the last 12 months',
  complete: true,
  unit: 'month',
  count: 12,
};
const settings: EngineSettings = {
  calendar: { timeZone, weekStart: 'monday', fiscalYearStart: 'january' },
  currency: 'USD',
  minorPerUnit: 100,
  catalogue: builtIn,
  sources: [],
};
const tickets = builtIn.measureByName.get('tickets_created')!;
let company: DemoCompany;
beforeAll(async () => {
  company = await openDemoCompany({
    seed: 7,
    scale: 0.02,
    anchorDay: '2026-11-04',
    timeZone,
    now: Date.parse('2026-11-05T17:00:00Z'),
  });
  await company.sync();
}, 120_000);
afterAll(() => company?.close());

type Subscription = { customer_id: string; mrr_cents: number; started_on: string; ended_on: string | null };

/** Customers of the first day with their tickets of the year, from the raw records; who is who is the resolver's word. */
async function rawCustomers() {
  const { db, world } = company;
  const resolved = async (table: 'subscription' | 'ticket', id: string, system: string) => {
    const rows = await db.sql.unsafe<{ id: string; company: number | null }[]>(
      `select ${id} as id, company from ${table} where system = $1`,
      [system],
    );
    return new Map(rows.map((row) => [row.id, row.company]));
  };
  const customerOf = await resolved('subscription', 'account_id', 'billing');
  const companyOfTicket = await resolved('ticket', 'id', 'zendesk');
  const paid = (edge: string) => {
    const cents = new Map<string, number>();
    for (const s of live<Subscription>(world.billing, 'subscriptions')) {
      if (s.started_on >= edge || (s.ended_on !== null && s.ended_on < edge)) continue;
      const firm = customerOf.get(s.customer_id);
      const key = firm == null ? `alone ${s.customer_id}` : String(firm);
      cents.set(key, (cents.get(key) ?? 0) + s.mrr_cents);
    }
    return cents;
  };
  const dayOf = dayReader(timeZone);
  const opened = new Map<string, number>();
  for (const ticket of live<{ id: number; created_at: string }>(world.zendesk, 'tickets')) {
    const day = dayOf(ticket.created_at);
    const firm = companyOfTicket.get(String(ticket.id));
    if (firm == null || day < year.from || day >= year.to) continue;
    opened.set(String(firm), (opened.get(String(firm)) ?? 0) + 1);
  }
  const [before, after] = [paid(year.from), paid(year.to)];
  return [...before]
    .filter(([, cents]) => cents > 0)
    .map(([key, cents]) => ({ cents, now: Math.max(0, after.get(key) ?? 0), tickets: opened.get(key) ?? 0 }));
}

describe('customers by the tickets they opened', () => {
  test('are those that the raw records give, ticket for ticket and cent for cent', async () => {
    const expected = new Map<
      number,
      { customers: number; lost: number; start_mrr: number; end_mrr: number }
    >();
    for (const { cents, now, tickets: n } of await rawCustomers()) {
      const group = expected.get(n) ?? { customers: 0, lost: 0, start_mrr: 0, end_mrr: 0 };
      group.customers += 1;
      group.lost += now > 0 ? 0 : 1;
      group.start_mrr += cents;
      group.end_mrr += now;
      expected.set(n, group);
    }
    const rows = await readRetention(company.db.sql, {
      period: year,
      filters: [],
      grouping: byTickets(tickets, year, timeZone),
    });
    const found = new Map(rows.map(({ key, linked: _linked, ...rest }) => [Number(key ?? 0), { ...rest }]));
    expect(expected.size).toBeGreaterThan(3);
    expect([...found].sort(([a], [b]) => a - b)).toEqual([...expected].sort(([a], [b]) => a - b));
  });

  test.each<[string, Filter[]]>([
    ['', []],
    [' of one segment', [{ dimension: 'segment', values: ['SMB'] }]],
    [' of one plan', [{ dimension: 'plan', values: ['Growth'] }]],
  ])('are together the customers of churn%s', async (_name, filters) => {
    const churn = await answer(
      company.db,
      {
        kpi: 'churn',
        period: year,
        comparison: null,
        by: null,
        top: null,
        filters,
        asOf: null,
        reading: '',
        repairs: [],
      },
      settings,
      company.now(),
    );
    for (const by of ['ticket_load', 'campaign'] as const) {
      const { groups, unlinked } = await relateRetention(
        company.db.sql,
        { by, period: year, filters },
        settings,
      );
      const sum = (pick: (group: (typeof groups)[number]) => number) =>
        groups.reduce((all, group) => all + pick(group), 0);
      const component = (name: string) => churn.components.find((one) => one.name === name)!.value;
      expect(sum((group) => group.customers) + unlinked).toBe(component('start_customers'));
      if (unlinked === 0) expect(sum((group) => group.lost)).toBe(component('lost_customers'));
    }
  });

  test('are told with every group’s figures, and as an association', async () => {
    const found = await relateRetention(
      company.db.sql,
      { by: 'ticket_load', period: year, filters: [] },
      settings,
    );
    expect(found.groups.length).toBeGreaterThan(2);
    expect(sayRetention(found)).toMatch(/association|Too few/);
    expect(groupLine(found.groups[0]!)).toMatch(/% of \d+ customers stayed, \d+ left \(95\s% interval/);
    for (const { low, retention, high } of found.groups) {
      expect(low).toBeLessThanOrEqual(retention);
      expect(retention).toBeLessThanOrEqual(high);
    }
  });
});

test('a customer has one campaign of origin: that of its first touch before it first paid', async () => {
  const { db } = company;
  const values: unknown[] = [];
  const rows = await db.sql.unsafe<{ customer: string; key: string }[]>(
    byCampaign(timeZone)(values),
    values as never[],
  );
  const dayOf = dayReader(timeZone);
  const touches = await db.sql<
    { company: number; touched_at: Date; campaign_id: string; system: string; name: string | null }[]
  >`
    select t.company, t.touched_at, t.campaign_id, t.system, c.name from touch t left join campaign c using (system)
    where c.id = t.campaign_id and t.responded and t.company is not null order by t.touched_at, t.system, t.id`;
  const paid = new Map(
    (
      await db.sql<
        { customer: string; day: string }[]
      >`select customer, min(day)::text as day from ledger where value > 0 group by 1`
    ).map((row) => [row.customer, row.day]),
  );
  const expected = new Map<string, string>();
  for (const touch of touches) {
    const customer = `c${touch.company}`;
    const first = paid.get(customer);
    if (!first || expected.has(customer) || dayOf(touch.touched_at.getTime()) > first) continue;
    expected.set(customer, touch.name || touch.campaign_id);
  }
  expect(expected.size).toBeGreaterThan(5);
  expect(new Map(rows.map(({ customer, key }) => [customer, key]))).toEqual(expected);
});

describe('two KPIs of the company', () => {
  const relate = (first: string, second: string, more: object = {}) =>
    relateKpis(
      company.db.sql,
      { first, second, filters: [], window: null, ...more },
      settings,
      company.now(),
    );

  test('are compared by month over two years where one of them has no weeks', async () => {
    const found = await relate('tickets_created', 'churn');
    expect(found).toMatchObject({
      grain: 'month',
      buckets: 24,
      window: { from: '2024-11-01', to: '2026-11-01' },
    });
    expect(found.courses.first).toHaveLength(24);
  });

  test('have the courses that single questions give', async () => {
    const { courses } = await relate('tickets_created', 'churn');
    const may = await answer(
      company.db,
      {
        kpi: 'churn',
        period: {
          from: '2026-05-01',
          to: '2026-06-01',
          label: 'May',
          complete: true,
          unit: 'month',
          count: 1,
        },
        comparison: null,
        by: null,
        top: null,
        filters: [],
        asOf: null,
        reading: '',
        repairs: [],
      },
      settings,
      company.now(),
    );
    expect(courses.second[courses.days.indexOf('2026-05-01')]).toBe(may.value);
  });

  test('that are computed from the same records say so', async () => {
    const found = await relate('mrr', 'arr');
    expect(found.shared).toEqual(['MRR']);
    expect(found.found).toMatchObject({ kind: 'related', best: { lag: 0, rho: 1 } });
  });

  test('get no claim from a quarter', async () => {
    const { found } = await relate('tickets_created', 'churn', {
      window: { from: '2026-07-01', to: '2026-10-01' },
    });
    expect(found).toEqual({ kind: 'too_short', points: 3, fewest: 18 });
  });

  test('are two, not one', async () => {
    await expect(relate('churn', 'churn')).rejects.toThrow('named twice');
  });

  test('are not compared where one of them cannot be narrowed', async () => {
    const filters: Filter[] = [{ dimension: 'priority', values: ['urgent'] }];
    await expect(relate('tickets_created', 'churn', { filters })).rejects.toThrow('Churn cannot be narrowed');
  });
});
