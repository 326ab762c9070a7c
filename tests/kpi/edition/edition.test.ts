import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../../db/client.ts';
import type { Answer } from '../../../kpi/answer.ts';
import { builtIn, type Catalogue, createCatalogue } from '../../../kpi/catalogue.ts';
import { cohortTable } from '../../../kpi/cohort/cohort-table.ts';
import type { KpiDefinition, Measure } from '../../../kpi/definition.ts';
import { kpis } from '../../../kpi/definitions/index.ts';
import { measures } from '../../../kpi/definitions/measures.ts';
import { keepKpis } from '../../../kpi/edition/keep-kpis.ts';
import { answer } from '../../../kpi/engine.ts';
import type { Dimension } from '../../../kpi/question.ts';
import { restate } from '../../../kpi/restate/restate.ts';
import { rollUp } from '../../../kpi/rollup/rollup.ts';
import type { EngineSettings } from '../../../kpi/settings.ts';
import { openTestDatabase, type TestDatabase } from '../../database.ts';
import { type Change, commitChanges } from '../changes.ts';

const period = {
  from: '2026-01-01',
  to: '2026-02-01',
  label: 'January 2026',
  unit: 'month',
  count: 1,
} as const;
const now = () => new Date();
let catalogue: Catalogue;
let server: TestDatabase;
let db: Database;

const settings = (): EngineSettings => ({
  catalogue,
  calendar: { timeZone: 'UTC', weekStart: 'monday', fiscalYearStart: 'january' },
  currency: 'USD',
  minorPerUnit: 100,
  sources: [
    { name: 'test', title: 'CRM', fills: { deal: ['*'], subscription: ['*'] } },
    { name: 'desk', title: 'Zendesk', fills: { ticket: ['*'] } },
  ],
});
const deal = (id: string, amount: number): Change => ({
  kind: 'put',
  table: 'deal',
  id,
  row: {
    is_won: true,
    is_closed: true,
    created_on: '2026-01-02',
    closed_on: '2026-01-09',
    amount,
    region: 'EMEA',
  },
});

beforeEach(async () => {
  server = await openTestDatabase();
  db = openDatabase(server.url, { name: 'test', max: 3 });
  catalogue = builtIn;
  await commit([deal('1', 100_000), deal('2', 50_000)]);
});
afterEach(async () => {
  await db.close();
  await server.close();
});

async function count(): Promise<void> {
  await keepKpis(db, catalogue.kpis);
  await rollUp(db, { measures: catalogue.measures, timeZone: 'UTC' });
}

async function commit(changes: readonly Change[]): Promise<void> {
  await commitChanges(db, changes);
  await count();
}

/** An instant after everything so far and before everything to come. */
async function instant(): Promise<string> {
  await db.sql`update change_batch set committed_at = committed_at - interval '1 hour'`;
  return new Date(Date.now() - 1_800_000).toISOString();
}

const ask = (kpi: string, asOf: string | null, by: Dimension | null = null): Promise<Answer> =>
  answer(
    db,
    {
      kpi,
      period: { ...period, kind: 'calendar', complete: true } as never,
      comparison: null,
      by,
      filters: [],
      top: null,
      asOf,
      repairs: [],
      reading: '',
    } as never,
    settings(),
    now(),
  );

const known = (name: string): KpiDefinition => builtIn.kpiByName.get(name)!;
const big: Measure = {
  ...builtIn.measureByName.get('deals_won')!,
  name: 'big_deals',
  when: `${builtIn.measureByName.get('deals_won')!.when} and f.amount > 70000`,
};
const own = (text: string): KpiDefinition => ({
  ...known('average_deal'),
  name: 'own_kpi',
  title: 'Own KPI',
  formula: { kind: 'arithmetic', text },
});
const redefine = (name: string, version: string, text: string): Catalogue =>
  createCatalogue(
    kpis.map((kpi) => (kpi.name === name ? { ...kpi, version, formula: { kind: 'arithmetic', text } } : kpi)),
    measures,
  );

test('a KPI over a measure that was added later was not counted before, and is not told as 0', async () => {
  const before = await instant();
  await commit([deal('3', 90_000)]);
  catalogue = createCatalogue([...kpis, own('big_deals')], [...measures, big]);
  await count();
  await expect(ask('own_kpi', before)).rejects.toThrow(
    /^Own KPI was not counted yet then: it is since \d{4}-\d\d-\d\d \d\d:\d\d UTC\. Ask for a later date/,
  );
  expect((await ask('own_kpi', null)).value).toBe(2);
  expect((await ask('own_kpi', await instant())).value).toBe(2);
});

test('a KPI that was added later over what was counted all along is told from what was known then', async () => {
  const before = await instant();
  await commit([deal('3', 90_000)]);
  catalogue = createCatalogue([...kpis, own('won_value')], measures);
  await count();
  expect((await ask('own_kpi', before)).value).toBe(1500);
});

test('a breakdown by a dimension that was added later is refused, the whole is told', async () => {
  const without = measures.map((measure) =>
    measure.name === 'won_value'
      ? { ...measure, dimensions: measure.dimensions.filter((name) => name !== 'region') }
      : measure,
  );
  catalogue = createCatalogue(kpis, without);
  await count();
  const before = await instant();
  catalogue = builtIn;
  await commit([deal('3', 90_000)]);
  await expect(ask('bookings', before, 'region')).rejects.toThrow('was not counted by region yet then');
  expect((await ask('bookings', before)).value).toBe(1500);
  expect((await ask('bookings', await instant(), 'region')).parts).toMatchObject([
    { name: 'EMEA', value: 2400 },
  ]);
});

test('what a source brought that was added later is unknown before, and the answer says so', async () => {
  const before = await instant();
  await db.sql`insert into change_batch (source) values ('desk')`;
  await commit([{ kind: 'put', table: 'ticket', id: '1', row: { created_at: '2026-01-05T10:00:00Z' } }]);
  const then = await ask('tickets_created', before);
  expect(then.value).toBeNull();
  expect(then.warnings).toContain('Zendesk had not been read by then: its records are not in it.');
  const later = await ask('tickets_created', await instant());
  expect([later.value, later.warnings.filter((one) => one.includes('not been read'))]).toEqual([1, []]);
});

test('a stock before its first record is unknown, not 0', async () => {
  const before = await instant();
  await commit([{ kind: 'put', table: 'subscription', id: '1', row: { mrr: 100, starts_on: '2025-01-01' } }]);
  expect((await ask('mrr', before)).value).toBeNull();
  expect((await ask('customers', before)).value).toBeNull();
  expect((await ask('mrr', null)).value).toBe(1);
});

test('as of a past day a KPI is what was told then, though it is defined otherwise now', async () => {
  const before = await instant();
  catalogue = redefine('average_deal', '7', 'won_value / (deals_won + 1)');
  await count();
  const then = await ask('average_deal', before);
  expect(then.value).toBe(750);
  expect(then.definition.version).toBe(known('average_deal').version);
  expect(then.warnings).toContain(
    `By the definition that was in force then (version ${known('average_deal').version}); today’s is version 7.`,
  );
  expect((await ask('average_deal', null)).value).toBe(500);
});

test('a definition that has been another is followed into the KPIs that name it', async () => {
  await commit([{ kind: 'put', table: 'subscription', id: '1', row: { mrr: 100, starts_on: '2025-01-01' } }]);
  catalogue = createCatalogue([...kpis, own('kpi(mrr) * 2')], measures);
  await count();
  const before = await instant();
  const { kpis: redefined } = redefine('mrr', '9', 'mrr@end * 10');
  catalogue = createCatalogue([...redefined, own('kpi(mrr) * 2')], measures);
  await count();
  expect((await ask('own_kpi', before)).value).toBe(2);
  expect((await ask('own_kpi', null)).value).toBe(20);
});

test('a definition over what is no longer counted is refused, not told by another', async () => {
  catalogue = createCatalogue([...kpis, own('big_deals')], [...measures, big]);
  await count();
  const before = await instant();
  catalogue = createCatalogue([...kpis, own('won_value')], measures);
  await count();
  await expect(ask('own_kpi', before)).rejects.toThrow('defined by what Herald no longer counts');
});

test('cohorts as of a day before subscriptions were counted are refused', async () => {
  const first = await openTestDatabase();
  const fresh = openDatabase(first.url, { name: 'test', max: 2 });
  await commitChanges(fresh, [deal('1', 100)]);
  await fresh.sql`update change_batch set committed_at = committed_at - interval '1 hour'`;
  await commitChanges(fresh, [deal('2', 100)]);
  await rollUp(fresh, { measures: builtIn.measures, timeZone: 'UTC' });
  const question = {
    kind: 'cohorts',
    kpi: 'churn',
    of: 'customers',
    grain: 'month',
    period: { ...period, kind: 'calendar', complete: true },
    filters: [],
    asOf: new Date(Date.now() - 1_800_000).toISOString(),
    repairs: [],
    reading: '',
  } as never;
  await expect(cohortTable(fresh, question, settings(), now())).rejects.toThrow('not counted yet then');
  await fresh.close();
  await first.close();
});

test('a restatement names a changed definition and what it did, apart from what the records did', async () => {
  const from = new Date(await instant());
  await commit([deal('3', 90_000)]);
  catalogue = redefine('average_deal', '7', 'won_value / (deals_won + 1)');
  await count();
  const found = await restate(
    db.sql,
    { kpi: catalogue.kpiByName.get('average_deal')!, period, filters: [], from, to: now(), most: 3 },
    settings(),
  );
  expect([found.before, found.after, found.redefined]).toEqual([
    750,
    600,
    { from: known('average_deal').version, to: '7' },
  ]);
  expect(found.effects).toEqual([
    { class: 'definition', amount: -250 },
    { class: 'late', amount: 100 },
  ]);
});

test('a restatement to a definition over what was not counted at first is all the definition’s', async () => {
  catalogue = createCatalogue([...kpis, own('won_value')], measures);
  await count();
  const from = new Date(await instant());
  await commit([deal('3', 90_000)]);
  catalogue = createCatalogue([...kpis, own('big_deals')], [...measures, big]);
  await count();
  const found = await restate(
    db.sql,
    { kpi: catalogue.kpiByName.get('own_kpi')!, period, filters: [], from, to: now(), most: 3 },
    settings(),
  );
  expect(found).toMatchObject({
    before: 1500,
    after: 2,
    effects: [{ class: 'definition', amount: -1498 }],
    parts: [],
  });
});
