import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../../db/client.ts';
import { builtIn } from '../../../kpi/catalogue.ts';
import { readSums } from '../../../kpi/read/measure-sums.ts';
import { rollUp } from '../../../kpi/rollup/rollup.ts';
import { verify } from '../../../kpi/verify/verify.ts';
import { openTestDatabase, type TestDatabase } from '../../database.ts';
import { commitChanges, dataVersion } from '../changes.ts';

const settings = { measures: builtIn.measures, timeZone: 'UTC' };
const all = { settings, only: null, ledger: true };
const period = { from: '2026-01-01', to: '2026-02-01' };
let server: TestDatabase;
let db: Database;

beforeEach(async () => {
  server = await openTestDatabase();
  db = openDatabase(server.url, { name: 'test', max: 3 });
  const won = { is_won: true, is_closed: true, created_on: '2026-01-02', closed_on: '2026-01-09' };
  await commitChanges(db, [
    { kind: 'put', table: 'deal', id: '1', row: { ...won, amount: 1000, owner: 'Ann' } },
    { kind: 'put', table: 'deal', id: '2', row: { ...won, amount: 500, owner: 'Ben' } },
    {
      kind: 'put',
      table: 'subscription',
      id: '1',
      row: { mrr: 900, starts_on: '2026-01-05', account_id: 'a' },
    },
  ]);
  await rollUp(db, settings);
});
afterEach(async () => {
  await db.close();
  await server.close();
});

const wonValue = async (asOf: number | null) => {
  const [sums] = await readSums(db.sql, [{ measure: 'won_value', at: 'period' }], [period], {
    by: null,
    filters: [],
    asOf,
  });
  return sums!.get('')?.get('won_value@period')?.value ?? null;
};

test('numbers that agree with the facts are left alone', async () => {
  expect(await verify(db, { ...all, repair: true })).toMatchObject({ differences: [], repaired: null });
});

test('a corrupted bucket is found, with what it is off by', async () => {
  await db.sql`update bucket set value = value + 70 where measure = 'won_value' and owner = 'Ann'`;
  const { differences } = await verify(db, { ...all, repair: false });
  expect(differences).toContainEqual({
    in: 'bucket',
    measure: 'won_value',
    rows: 1,
    value: -70,
    n: 0,
    days: ['2026-01-09', '2026-01-09'],
  });
});

test('a corrupted margin and a lost row of the ledger are found', async () => {
  await db.sql`update margin set value = 1 where measure = 'won_value' and dimension = 'owner' and name = 'Ben'`;
  await db.sql`delete from ledger`;
  const { differences } = await verify(db, { ...all, repair: false });
  expect(differences.map((one) => [one.in, one.rows, one.value])).toEqual([
    ['margin', 1, 499],
    ['ledger', 1, 900],
  ]);
});

test('a repair mends the present and leaves what was shown before as it was shown', async () => {
  await db.sql`update bucket set value = value + 70 where measure = 'won_value' and owner = 'Ann'`;
  await db.sql`update margin set value = value + 70 where measure = 'won_value' and dimension = ''`;
  const before = await dataVersion(db);
  const { repaired } = await verify(db, { ...all, repair: true });
  expect(repaired).toEqual({ measures: ['won_value'], ledger: false, dataVersion: before + 1 });
  expect([await wonValue(null), await wonValue(before), await wonValue(before + 1)]).toEqual([
    1500, 1570, 1500,
  ]);
  expect((await verify(db, { ...all, repair: false })).differences).toEqual([]);
});

test('only the measures asked for are compared', async () => {
  await db.sql`update bucket set value = value + 70 where measure = 'won_value'`;
  const found = await verify(db, { settings, only: ['mrr'], ledger: false, repair: true });
  expect(found).toMatchObject({ measures: 1, differences: [], repaired: null });
});
