import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../../db/client.ts';
import { builtIn } from '../../../kpi/catalogue.ts';
import type { Filter } from '../../../kpi/question.ts';
import { type Restatement, restate } from '../../../kpi/restate/restate.ts';
import { rollUp } from '../../../kpi/rollup/rollup.ts';
import type { EngineSettings } from '../../../kpi/settings.ts';
import { verify } from '../../../kpi/verify/verify.ts';
import { openTestDatabase, type TestDatabase } from '../../database.ts';
import { type Change, commitChanges } from '../changes.ts';

const measures = { measures: builtIn.measures, timeZone: 'UTC' };
const settings: EngineSettings = {
  catalogue: builtIn,
  calendar: { timeZone: 'UTC', weekStart: 'monday', fiscalYearStart: 'january' },
  currency: 'USD',
  minorPerUnit: 100,
  sources: [],
};
const period = { from: '2026-01-01', to: '2026-02-01' };
const won = { is_won: true, is_closed: true, created_on: '2026-01-02', closed_on: '2026-01-09' };
const deal = (id: string, amount: number, more: Record<string, unknown> = {}): Change => ({
  kind: 'put',
  table: 'deal',
  id,
  row: { ...won, amount, ...more },
});
let server: TestDatabase;
let db: Database;

beforeEach(async () => {
  server = await openTestDatabase();
  db = openDatabase(server.url, { name: 'test', max: 3 });
  await commit([deal('1', 1000), deal('2', 500), deal('3', 300)]);
});
afterEach(async () => {
  await db.close();
  await server.close();
});

async function commit(changes: readonly Change[]): Promise<void> {
  await commitChanges(db, changes);
  await rollUp(db, measures);
}

/** An instant after everything so far and before everything to come: what was committed is moved an hour back. */
async function instant(): Promise<Date> {
  await db.sql`update change_batch set committed_at = committed_at - interval '1 hour'`;
  const [row] = await db.sql<{ at: Date }[]>`select clock_timestamp() - interval '30 minutes' as at`;
  return row!.at;
}

async function restated(name: string, from: Date, filters: readonly Filter[] = []): Promise<Restatement> {
  const kpi = builtIn.kpiByName.get(name)!;
  const to = new Date(from.getTime() + 7_200_000);
  return restate(db.sql, { kpi, period, filters, from, to, most: 5 }, settings);
}

const partOf = ({ parts }: Restatement, name: string) => parts.find((part) => part.name === name)!;
const sumOf = (part: ReturnType<typeof partOf>) => part.classes.reduce((sum, one) => sum + one.amount, 0);

test('late, corrected and deleted records are told apart, and add up to the difference', async () => {
  const from = await instant();
  await commit([deal('1', 1200), { kind: 'delete', table: 'deal', id: '2' }]);
  await commit([deal('4', 70), deal('1', 1250)]);
  const found = await restated('average_deal', from);
  const value = partOf(found, 'won_value');
  expect(value).toMatchObject({ before: 1800, after: 1620 });
  expect(value.classes).toEqual([
    { class: 'late', records: 1, amount: 70 },
    { class: 'changed', records: 1, amount: 250 },
    { class: 'deleted', records: 1, amount: -500 },
  ]);
  expect(sumOf(value)).toBe(value.after - value.before);
  expect(value.records[0]).toMatchObject({ class: 'deleted', system: 'test', id: '2', amount: -500 });
});

test('what was merged and what a rollback took out are told apart from what was deleted', async () => {
  const from = await instant();
  await commit([
    { kind: 'delete', table: 'deal', id: '1', op: 'merged' },
    { kind: 'delete', table: 'deal', id: '2', op: 'rolled_back' },
    { kind: 'delete', table: 'deal', id: '3' },
  ]);
  expect(partOf(await restated('average_deal', from), 'won_value').classes).toEqual([
    { class: 'merged', records: 1, amount: -1000 },
    { class: 'deleted', records: 1, amount: -300 },
    { class: 'rolled_back', records: 1, amount: -500 },
  ]);
});

test('what each kind of change did to a ratio adds up to its change', async () => {
  const from = await instant();
  await commit([deal('4', 70), { kind: 'delete', table: 'deal', id: '2' }]);
  const found = await restated('average_deal', from);
  // $18 over three deals; with the late one $18.70 over four; without the deleted one $13.70 over three.
  expect(found.effects?.map((one) => [one.class, Number(one.amount.toFixed(6))])).toEqual([
    ['late', -1.325],
    ['deleted', -0.108333],
  ]);
});

test('customers who turned out to be one are told as moved, not as lost', async () => {
  const subscription = (id: string, more: Record<string, unknown>): Change => ({
    kind: 'put',
    table: 'subscription',
    id,
    row: { mrr: 100, starts_on: '2025-06-01', account_id: id, ...more },
  });
  await commit([subscription('a', { ends_on: '2026-01-15' }), subscription('b', {}), subscription('c', {})]);
  const from = await instant();
  await commit([
    { kind: 'stamp', table: 'subscription', id: 'a', region: null, company: 1 },
    { kind: 'stamp', table: 'subscription', id: 'b', region: null, company: 1 },
    subscription('d', { ends_on: '2026-01-20' }),
  ]);
  const found = await restated('churn', from);
  const [lost, start] = found.parts;
  expect(lost).toMatchObject({ before: 1, after: 1 });
  expect(lost!.classes).toEqual([
    { class: 'late', records: 1, amount: 1 },
    { class: 'reattributed', records: 1, amount: -1 },
  ]);
  expect(start!.classes).toEqual([
    { class: 'late', records: 1, amount: 1 },
    { class: 'reattributed', records: 3, amount: -1 },
  ]);
  expect(found.effects!.reduce((sum, one) => sum + one.amount, 0)).toBeCloseTo(
    found.after! - found.before!,
    12,
  );
});

test('a KPI over other KPIs is explained down to what is stored, each over its own window', async () => {
  const put = (id: string, mrr: number): Change => ({
    kind: 'put',
    table: 'subscription',
    id,
    row: { mrr, starts_on: '2025-02-01', account_id: id },
  });
  await commit([put('a', 100), put('b', 50)]);
  const from = await instant();
  await commit([put('b', 80)]);
  const found = await restated('arpa', from);
  expect(found.parts.map((part) => [part.label, part.after - part.before])).toEqual([
    ['MRR at the end', 30],
    ['Customers: active customers', 0],
  ]);
  expect(found.effects).toEqual([{ class: 'changed', amount: expect.closeTo(0.15, 9) }]);
});

test('a record that moved into a part is told as moved, not as new money', async () => {
  const from = await instant();
  await commit([{ kind: 'stamp', table: 'deal', id: '3', region: 'EMEA', company: 1 }]);
  const filters = [{ dimension: 'region' as const, values: ['EMEA'] }];
  const part = partOf(await restated('average_deal', from, filters), 'won_value');
  expect(part).toMatchObject({
    before: 0,
    after: 300,
    classes: [{ class: 'reattributed', records: 1, amount: 300 }],
  });
});

test('a changed definition is named for what no record accounts for', async () => {
  const from = await instant();
  const redefined = builtIn.measures.map((measure) =>
    measure.name === 'won_value' ? { ...measure, when: `${measure.when} and f.amount > 400` } : measure,
  );
  await rollUp(db, { ...measures, measures: redefined });
  const part = partOf(await restated('average_deal', from), 'won_value');
  expect(part.classes).toEqual([{ class: 'definition', records: 0, amount: -300 }]);
});

test('a repair is named', async () => {
  await db.sql`update bucket set value = value + 70 where measure = 'won_value'`;
  const from = await instant();
  await verify(db, { settings: measures, only: null, ledger: true, repair: true });
  const part = partOf(await restated('average_deal', from), 'won_value');
  expect(part.classes).toEqual([{ class: 'repaired', records: 0, amount: -70 }]);
});

test('a ratio is restated with the sums it divides', async () => {
  const from = await instant();
  await commit([deal('9', 0, { is_won: false })]);
  const found = await restated('win_rate', from);
  expect([found.before, found.after]).toEqual([100, 75]);
  for (const part of found.parts) expect(sumOf(part)).toBe(part.after - part.before);
});

test('an instant before the first sync is refused with the reason', async () => {
  await expect(restated('win_rate', new Date('2020-01-01'))).rejects.toThrow(/no data yet on 2020-01-01/);
});
