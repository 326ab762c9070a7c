/** Tables against a second, independent calculation over the raw records that the stand-ins serve. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { builtIn } from '../../kpi/catalogue.ts';
import type { CohortQuestion } from '../../kpi/cohort/cohort-question.ts';
import { cohortTable } from '../../kpi/cohort/cohort-table.ts';
import { readCohorts } from '../../kpi/cohort/read-cohorts.ts';
import { recordsTable } from '../../kpi/drill/records-table.ts';
import { answer } from '../../kpi/engine.ts';
import { type FunnelQuestion, personStages, stagesBetween } from '../../kpi/funnel/funnel-question.ts';
import { funnelTable } from '../../kpi/funnel/funnel-table.ts';
import { readDealFunnels } from '../../kpi/funnel/read-deal-funnel.ts';
import { readFunnel } from '../../kpi/funnel/read-funnel.ts';
import type { Period, Question } from '../../kpi/question.ts';
import type { EngineSettings } from '../../kpi/settings.ts';
import { type DemoCompany, openDemoCompany } from '../demo-company.ts';
import { monthsAfter, secondCohort } from './second/cohorts.ts';
import { secondDealFunnel } from './second/deal-funnel.ts';
import { secondFunnel } from './second/funnel.ts';

const noon = Date.parse('2026-11-05T17:00:00Z');
const zone = 'America/New_York';
let company: DemoCompany;
let settings: EngineSettings;

beforeAll(async () => {
  company = await openDemoCompany({
    seed: 7,
    scale: 0.05,
    anchorDay: '2026-11-04',
    timeZone: zone,
    now: noon,
  });
  await company.sync();
  settings = {
    catalogue: builtIn,
    calendar: { timeZone: zone, weekStart: 'monday', fiscalYearStart: 'january' },
    currency: 'USD',
    minorPerUnit: 100,
    sources: [{ name: 'billing', title: 'Billing' }],
  };
}, 180_000);
afterAll(async () => {
  await company?.close();
});

const period = (from: string, to: string, unit: Period['unit'] = 'month', count = 1): Period => ({
  from,
  to,
  label: `${from}–${to}`,
  complete: true,
  unit,
  count,
});
const months = (from: string, n: number) =>
  Array.from({ length: n }, (_v, i) => ({ from: monthsAfter(from, i), to: monthsAfter(from, i + 1) }));

describe('cohorts', () => {
  const spans = months('2024-01-01', 34);
  const ages = 25;

  test('keep the customers and the revenue that the billing tables say, at every age', async () => {
    const read = await readCohorts(company.db.sql, { cohorts: spans, filters: [], asOf: null, ages });
    const second = spans.map((span) => secondCohort(company.world, span, ages));
    expect(second.reduce((sum, { customers }) => sum + customers, 0)).toBeGreaterThan(30);
    expect(read).toEqual(second);
  });

  test('of one plan hold who began with it, with its share of what they pay later', async () => {
    const plans = await company.db.sql<{ plan: string }[]>`select distinct plan from ledger where plan <> ''`;
    for (const { plan } of plans) {
      const filters = [{ dimension: 'plan' as const, values: [plan] }];
      const read = await readCohorts(company.db.sql, { cohorts: spans, filters, asOf: null, ages });
      for (const [i, cohort] of read.entries()) {
        const second = secondCohort(company.world, spans[i]!, ages, plan);
        expect([plan, i, cohort.customers, cohort.active]).toEqual([
          plan,
          i,
          second.customers,
          second.active,
        ]);
        expect(cohort.mrr).toBeCloseTo(second.mrr, 6);
        for (let age = 0; age < ages; age++) expect(cohort.kept[age]).toBeCloseTo(second.kept[age]!, 6);
      }
    }
  });

  const asked: CohortQuestion = {
    kind: 'cohorts',
    kpi: 'churn',
    of: 'customers',
    grain: 'month',
    period: period('2025-11-01', '2026-11-01', 'month', 12),
    filters: [],
    asOf: null,
    reading: 'Customer retention by cohort',
    repairs: [],
  };
  const table = (change: Partial<CohortQuestion> = {}) =>
    cohortTable(company.db, { ...asked, ...change }, settings, new Date(noon));

  test('are as large as the KPI "New customers" says', async () => {
    const { rows } = await table();
    for (const [i, { from, to }] of months('2025-11-01', 12).entries()) {
      const question: Question = {
        kpi: 'new_customers',
        period: period(from, to),
        comparison: null,
        by: null,
        top: null,
        filters: [],
        asOf: null,
        reading: '',
        repairs: [],
      };
      const { value } = await answer(company.db, question, settings, new Date(noon));
      expect([from, rows[i]![1]]).toEqual([from, value ?? 0]);
    }
  });

  test('are blank at ages that not all of their customers have reached, and never 0 for it', async () => {
    const { rows, columns } = await table();
    // October 2026 ended on 31 October: on 5 November all of it is of age 0, and none of age 1.
    expect(columns.map(({ label }) => label).slice(0, 4)).toEqual(['Cohort', 'Customers', '0 mo', '1 mo']);
    expect(rows[11]!.slice(2)).toEqual([100, ...Array(11).fill(null)]);
    for (const [i, row] of rows.slice(0, 12).entries())
      expect(row.slice(2).map((cell) => cell !== null || row[1] === 0)).toEqual(
        Array.from({ length: 12 }, (_v, age) => age < 12 - i || row[1] === 0),
      );
  });

  test('have a last row that divides the sums of all that are old enough', async () => {
    const { rows } = await table({ of: 'revenue' });
    const spansOfYear = months('2025-11-01', 12);
    for (let age = 0; age < 12; age++) {
      const old = spansOfYear.slice(0, 12 - age).map((span) => secondCohort(company.world, span, age + 1));
      const part = old.reduce((sum, one) => sum + one.kept[age]!, 0);
      const whole = old.reduce((sum, one) => sum + one.mrr, 0);
      expect(rows.at(-1)![age + 2]).toBeCloseTo((100 * part) / whole, 9);
    }
  });

  test('by quarter have ages in quarters', async () => {
    const { rows, columns } = await table({ grain: 'quarter', period: period('2025-07-01', '2026-07-01') });
    expect(columns.map(({ label }) => label)).toEqual([
      'Cohort',
      'Customers',
      '0 mo',
      '3 mo',
      '6 mo',
      '9 mo',
      '12 mo',
    ]);
    const second = secondCohort(company.world, { from: '2025-07-01', to: '2025-10-01' }, 13);
    expect(rows[0]!.slice(1)).toEqual([
      second.customers,
      ...[0, 3, 6, 9, 12].map((age) => (100 * second.active[age]!) / second.customers),
    ]);
  });

  test('as of an earlier version are what the ledger said then', async () => {
    const [at] = await company.db.sql<{ seq: number }[]>`select max(seq)::bigint as seq from ledger_delta`;
    const before = await readCohorts(company.db.sql, { cohorts: spans, filters: [], asOf: null, ages });
    await company.db.inTransaction(async (tx) => {
      await tx`insert into ledger (customer, day, region, segment, owner, source, plan, product, value, n) values ('late', '2025-03-03', '', '', '', '', 'Pro', '', 500, 1)`;
      await tx`insert into ledger_delta (customer, day, region, segment, owner, source, plan, product, value, n, seq) values ('late', '2025-03-03', '', '', '', '', 'Pro', '', 500, 1, ${at!.seq + 1})`;
    });
    try {
      const now = await readCohorts(company.db.sql, { cohorts: spans, filters: [], asOf: null, ages });
      expect(now[14]!.customers).toBe(before[14]!.customers + 1);
      expect(await readCohorts(company.db.sql, { cohorts: spans, filters: [], asOf: at!.seq, ages })).toEqual(
        before,
      );
    } finally {
      await company.db.sql`delete from ledger where customer = 'late'`;
      await company.db.sql`delete from ledger_delta where customer = 'late'`;
    }
  });
});

describe('a funnel', () => {
  const asked: FunnelQuestion = {
    kind: 'funnel',
    kpi: 'mqls',
    of: { who: 'people', from: 'lead', to: 'customer' },
    withinDays: 90,
    period: period('2026-04-01', '2026-07-01', 'quarter'),
    by: null,
    filters: [],
    asOf: null,
    reading: 'Funnel',
    repairs: [],
  };
  const table = (change: Partial<FunnelQuestion> = {}) =>
    funnelTable(company.db, { ...asked, ...change }, settings, new Date(noon));

  test.each([
    ['2026-04-01', '2026-07-01', 90, 0],
    ['2026-07-01', '2026-10-01', 30, 0],
    ['2025-01-01', '2026-01-01', 365, 0],
    ['2026-07-01', '2026-10-01', 90, 1],
    ['2026-10-01', '2026-11-01', 14, 2],
    ['2023-01-01', '2023-02-01', 90, 0],
  ])(
    'of %s to %s within %i days from stage %i has the people that HubSpot’s contacts say',
    async (from, to, withinDays, start) => {
      const second = secondFunnel(company.world, { span: { from, to }, withinDays, now: noon, from: start });
      const [read] = await readFunnel(company.db.sql, {
        stages: personStages.slice(start),
        period: { from, to },
        withinDays,
        by: null,
        filters: [],
        timeZone: zone,
        now: new Date(noon),
      });
      expect(read?.steps.map(({ count }) => count) ?? second.reached.map(() => 0)).toEqual(second.reached);
      expect(read?.immature ?? 0).toBe(second.immature);
      for (const [i, gaps] of second.gaps.entries()) {
        const sorted = [...gaps].sort((a, b) => a - b);
        const middle = (sorted.length - 1) / 2;
        const median =
          sorted.length === 0 ? null : (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
        if (median === null) expect(read?.steps[i]?.medianDays ?? null).toBeNull();
        else expect(read!.steps[i]!.medianDays).toBeCloseTo(median, 6);
      }
    },
  );

  test('begins with as many leads as the KPI "New leads" says', async () => {
    const question: Question = { ...asked, kpi: 'new_leads', comparison: null, top: null, reading: '' };
    const { value } = await answer(company.db, question, settings, new Date(noon));
    expect(value).toBeGreaterThan(0);
    expect((await table()).rows[0]![1]).toBe(value);
  });

  test('has an end-to-end rate that is the product of its steps, in every part', async () => {
    for (const by of [null, 'source', 'region', 'segment'] as const)
      for (const withinDays of [7, 30, 90, 400]) {
        const funnels = await readFunnel(company.db.sql, {
          stages: stagesBetween('lead', 'customer'),
          period: period('2025-06-01', '2026-11-01'),
          withinDays,
          by,
          filters: [],
          timeZone: zone,
          now: new Date(noon),
        });
        for (const { steps } of funnels) {
          const people = steps.map((step) => step.count);
          for (let i = 1; i < people.length; i++) expect(people[i]).toBeLessThanOrEqual(people[i - 1]!);
          if (people.includes(0)) continue;
          const product = people.slice(1).reduce((rate, n, i) => rate * (n / people[i]!), 1);
          expect(product).toBeCloseTo(people.at(-1)! / people[0]!, 12);
        }
      }
  });

  test('by source has parts that add up to the whole', async () => {
    const whole = (await table()).rows.map((row) => row[1]);
    const { rows } = await table({ by: 'source' });
    expect(rows.length).toBeGreaterThan(2);
    for (const [i, people] of whole.entries()) {
      expect(rows.slice(0, -1).reduce((sum, row) => sum + Number(row[i + 1]), 0)).toBe(people);
      expect(rows.at(-1)![i + 1]).toBe(people);
    }
  });

  test('tells how much of a young cohort may still get further', async () => {
    const young = await table({ period: period('2026-10-01', '2026-11-01') });
    expect(young.warnings.join(' ')).toMatch(/^Not complete: 100/);
    expect((await table({ period: period('2026-01-01', '2026-04-01') })).warnings.join(' ')).not.toContain(
      'Not complete',
    );
  });

  test('without anybody says so, and has no rate', async () => {
    const nobody = await table({ period: period('2023-01-01', '2023-02-01') });
    expect(nobody.sentence).toBe('Nobody entered the lead stage in 2023-01-01–2023-02-01.');
    expect(nobody.rows.map((row) => row.slice(1))).toEqual([
      [0, null, null, null],
      ...Array(4).fill([0, null, null, null]),
    ]);
  });
});

describe('a funnel of deals', () => {
  const asked: FunnelQuestion = {
    kind: 'funnel',
    kpi: 'stage_conversion',
    of: { who: 'deals' },
    withinDays: 180,
    period: period('2026-04-01', '2026-07-01', 'quarter'),
    by: null,
    filters: [],
    asOf: null,
    reading: 'Deal funnel',
    repairs: [],
  };
  const table = (change: Partial<FunnelQuestion> = {}) =>
    funnelTable(company.db, { ...asked, ...change }, settings, new Date(noon));

  test.each([
    ['2026-04-01', '2026-07-01', 180],
    ['2026-07-01', '2026-10-01', 30],
    ['2025-01-01', '2026-01-01', 365],
    ['2026-10-01', '2026-11-01', 14],
    ['2023-01-01', '2023-02-01', 90],
  ])(
    'of %s to %s within %i days has the deals that Salesforce’s history says',
    async (from, to, withinDays) => {
      for (const by of [null, 'owner', 'source', 'product'] as const) {
        const second = secondDealFunnel(company.world, { span: { from, to }, withinDays, now: noon, by });
        const { funnels, stages } = await readDealFunnels(company.db.sql, {
          period: { from, to },
          withinDays,
          by,
          filters: [],
          timeZone: zone,
          now: new Date(noon),
        });
        expect(funnels.map(({ part }) => part).sort()).toEqual([...second.keys()].sort());
        for (const { part, steps, immature } of funnels) {
          const expected = second.get(part)!;
          // Only stages that somebody in the cohort came to are named.
          const names = stages.map(({ one }) => one);
          expect(names.map((name, i) => [name, steps[i]!.count])).toEqual(
            names.map((name) => [name, expected.reached.get(name) ?? 0]),
          );
          expect(immature).toBe(expected.immature);
          for (const [i, name] of names.entries()) {
            const median = expected.medians.get(name) ?? null;
            if (median === null || i === 0) expect(steps[i]!.medianDays).toBeNull();
            else expect(steps[i]!.medianDays).toBeCloseTo(median, 6);
          }
        }
      }
    },
  );

  test('has a row for each stage, in order, the win last', async () => {
    const { rows, columns, sentence } = await table();
    expect(rows.map(([name]) => name)).toEqual([
      'Prospecting',
      'Qualification',
      'Proposal',
      'Negotiation',
      'Closed Won',
    ]);
    expect(columns[1]).toEqual({ label: 'Deals', unit: 'count' });
    expect(sentence).toMatch(/ deals of .* reached Closed Won within 180 days: \d+\. The narrowest step is /);
  });

  test('by owner has parts that add up to the whole', async () => {
    const whole = (await table()).rows.map((row) => row[1]);
    const { rows } = await table({ by: 'owner' });
    for (const [i, n] of whole.entries())
      expect(rows.slice(0, -1).reduce((sum, row) => sum + Number(row[i + 1]), 0)).toBe(n);
  });

  test('of a time before the company says that there is none', async () => {
    const none = await table({ period: period('2023-01-01', '2023-02-01') });
    expect(none.sentence).toBe('No deal entered the pipeline in 2023-01-01–2023-02-01.');
    expect(none.rows).toEqual([]);
  });
});

describe('records', () => {
  const question = (kpi: string): Question => ({
    kpi,
    period: period('2026-07-01', '2026-10-01', 'quarter'),
    comparison: null,
    by: null,
    top: null,
    filters: [],
    asOf: null,
    reading: `${kpi} Q3`,
    repairs: [],
  });
  const records = async (kpi: string, most: number) => {
    const figure = await answer(company.db, question(kpi), settings, new Date(noon));
    const table = await recordsTable({
      db: company.db,
      figure,
      settings,
      now: new Date(noon),
      most,
      linkOf: ({ system, id }) => `https://${system}.example/${id}`,
    });
    return { figure, table };
  };

  test('of bookings add up to the number', async () => {
    const { figure, table } = await records('bookings', 10_000);
    const amount = table.columns.findIndex(({ label }) => label === 'Amount');
    expect(figure.value).toBeGreaterThan(0);
    expect(table.rows.reduce((sum, row) => sum + Number(row[amount]), 0)).toBeCloseTo(figure.value!, 6);
    expect(table.links).toHaveLength(table.rows.length);
  });

  test.each(['win_rate', 'churn', 'new_customers', 'tickets_created', 'revenue_churn'])(
    'of %s are, part by part, what the answer’s components say',
    async (kpi) => {
      const { figure, table } = await records(kpi, 10_000);
      const named = table.columns.findIndex(({ label }) => label === 'Counted as');
      for (const { label, value, unit } of figure.components) {
        const own = table.rows.filter((row) => named < 0 || row[named] === label);
        const amount = table.columns.findIndex(
          (column) => column.unit === unit && column.label !== 'Record’s amount',
        );
        const total = own.reduce((sum, row) => sum + (amount < 0 ? 1 : Number(row[amount] ?? 1)), 0);
        expect([label, total]).toEqual([label, expect.closeTo(value ?? 0, 6)]);
      }
    },
  );

  test('are at most as many as asked for, shared among the parts, the rest counted', async () => {
    const { table } = await records('win_rate', 6);
    expect(table.rows).toHaveLength(6);
    expect(new Set(table.rows.map((row) => row[2])).size).toBe(2);
    expect(table.notes[0]).toMatch(/records; \d+ more are in the export$/);
    expect(table.sentence).toMatch(/The largest 6 of \d+ records behind it:$/);
  });
});
