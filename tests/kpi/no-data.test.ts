/** Every KPI on an empty database, on records that say nothing and on one record: a stated answer, never NaN or a 0 made up. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../db/client.ts';
import type { Answer } from '../../kpi/answer.ts';
import { builtIn } from '../../kpi/catalogue.ts';
import type { FactTable } from '../../kpi/definition.ts';
import { answer } from '../../kpi/engine.ts';
import type { Dimension, Period, Question } from '../../kpi/question.ts';
import { openTestDatabase, type TestDatabase } from '../database.ts';
import { consume } from '../run-cycle.ts';

const tables: readonly FactTable[] = [
  'account',
  'person',
  'deal',
  'deal_stage',
  'campaign',
  'touch',
  'spend',
  'email_send',
  'ticket',
  'ticket_event',
  'conversation',
  'activity',
  'subscription',
  'invoice',
  'payment',
  'quota',
  'forecast',
  'survey',
];

const period = (label: string, from: string, to: string, complete = true): Period => ({
  from,
  to,
  label,
  complete,
  unit: 'quarter',
  count: 1,
});
const periods = [
  period('Q3 2026', '2026-07-01', '2026-10-01'),
  period('Q4 2026 to date', '2026-10-01', '2026-11-06', false),
  period('Q1 1999', '1999-01-01', '1999-04-01'),
  period('Q1 2031', '2031-01-01', '2031-04-01', false),
];

const ask = (db: Database, kpi: string, when: Period, by: Dimension | null): Promise<Answer> => {
  const question: Question = {
    kpi,
    period: when,
    comparison: { kind: 'custom', period: period('before', '2026-04-01', '2026-07-01') },
    by,
    top: null,
    filters: [],
    asOf: null,
    reading: kpi,
    repairs: [],
  };
  const settings = {
    calendar: { timeZone: 'America/New_York', weekStart: 'monday', fiscalYearStart: 'january' },
    currency: 'USD',
    minorPerUnit: 100,
    catalogue: builtIn,
    sources: [],
  } as const;
  return answer(db, question, settings, new Date('2026-11-05T17:00:00Z'));
};

/** All answers that the catalogue gives, in turns that a small pool can serve. */
async function answers(db: Database): Promise<Answer[]> {
  const out: Answer[] = [];
  for (const kpi of builtIn.kpis)
    out.push(
      ...(await Promise.all(
        periods.flatMap((when) => [null, kpi.dimensions[0] ?? null].map((by) => ask(db, kpi.name, when, by))),
      )),
    );
  return out;
}

/** Every number in an answer, with the way to it. */
function numbersIn(value: unknown, path = ''): [string, number][] {
  if (typeof value === 'number') return [[path, value]];
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, inner]) => numbersIn(inner, `${path}.${key}`));
}

const unsound = (given: readonly Answer[]) =>
  given.flatMap((one) =>
    numbersIn(one)
      .filter(([, value]) => !Number.isFinite(value))
      .map(([path, value]) => `${one.kpi} ${one.period.label}${path}: ${value}`),
  );
const valued = (given: readonly Answer[]) =>
  given
    .filter((one) => one.value !== null || one.series.some((point) => point.value !== null))
    .map((one) => `${one.kpi} ${one.period.label}: ${one.value}`);
const unsaid = (given: readonly Answer[]) =>
  given.filter((one) => one.value === null && !/not enough data/i.test(one.sentence)).map((one) => one.kpi);

let home: TestDatabase;
let db: Database;
beforeAll(async () => {
  home = await openTestDatabase();
  db = openDatabase(home.url, { name: 'test', max: 4 });
});
afterAll(async () => {
  await db.close();
  await home.close();
});

describe('no KPI makes up a number', () => {
  test('on an empty database', { timeout: 60_000 }, async () => {
    await consume(db, 'America/New_York');
    const given = await answers(db);
    expect({ unsound: unsound(given), valued: valued(given), unsaid: unsaid(given) }).toEqual({
      unsound: [],
      valued: [],
      unsaid: [],
    });
  });

  test('on records that hold nothing but their id', { timeout: 60_000 }, async () => {
    for (const table of tables)
      for (const id of ['a', 'b']) await db.sql`insert into ${db.sql(table)} ${db.sql({ system: 'x', id })}`;
    await db.sql`delete from measure_state`;
    await consume(db, 'America/New_York');
    const given = await answers(db);
    expect({ unsound: unsound(given), valued: valued(given), unsaid: unsaid(given) }).toEqual({
      unsound: [],
      valued: [],
      unsaid: [],
    });
  });

  test('on one record of each kind, where every amount is 0', { timeout: 60_000 }, async () => {
    const one = {
      deal: {
        amount: 0,
        created_on: '2026-08-01',
        closed_on: '2026-08-01',
        is_closed: true,
        is_won: true,
        company: 1,
      },
      deal_stage: {
        deal_id: 'one',
        stage: 'New',
        probability: 10,
        close_on: '2026-08-01',
        entered_at: '2026-08-01T12:00:00Z',
      },
      touch: { company: 1, responded: true, touched_at: '2026-07-30T12:00:00Z' },
      spend: { day: '2026-08-01', kind: 'marketing', amount: 0 },
      person: {
        lead_at: '2026-08-01T12:00:00Z',
        mql_at: '2026-08-01T12:00:00Z',
        sql_at: '2026-08-01T12:00:00Z',
      },
      email_send: { sent_at: '2026-08-01T12:00:00Z', delivered: 0, opened: 0, clicked: 0 },
      subscription: { mrr: 0, starts_on: '2026-08-01', company: 1 },
      invoice: { amount: 0, issued_on: '2026-08-01', due_on: '2026-08-31' },
      payment: { amount: 0, paid_on: '2026-08-01' },
      quota: { amount: 0, starts_on: '2026-07-01' },
      forecast: { amount: 0, period_starts_on: '2026-07-01', as_of: '2026-07-01' },
      ticket: { created_at: '2026-08-01T12:00:00Z', status: 'new' },
    } satisfies Partial<Record<FactTable, object>>;
    for (const [table, values] of Object.entries(one))
      await db.sql`insert into ${db.sql(table)} ${db.sql({ system: 'x', id: 'one', ...values })}`;
    await db.sql`delete from measure_state`;
    await consume(db, 'America/New_York');
    const given = await answers(db);
    expect({ unsound: unsound(given), unsaid: unsaid(given) }).toEqual({ unsound: [], unsaid: [] });
    const q3 = new Map(
      given
        .filter(({ period: { label }, question }) => label === 'Q3 2026' && question.by === null)
        .map(({ kpi, value }) => [kpi, value]),
    );
    // Nothing was spent, promised or sent: ratios over it are unknown.
    for (const kpi of [
      'roas',
      'marketing_roi',
      'cac',
      'quota_attainment',
      'pipeline_coverage',
      'ltv',
      'arpa',
    ])
      expect([kpi, q3.get(kpi)]).toEqual([kpi, null]);
    expect(q3.get('bookings')).toBe(0);
    expect(q3.get('win_rate')).toBe(100);
  });

  test('before the first record and in the future', async () => {
    const given = (await answers(db)).filter(({ period: { label } }) => /1999|2031/.test(label));
    expect(given.filter((one) => one.value !== null).map((one) => `${one.kpi} ${one.period.label}`)).toEqual(
      [],
    );
  });
});
