import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../db/client.ts';
import { type ConfiguredRates, keepRates } from '../../sync/resolve/keep-rates.ts';
import { openSource } from '../../sync/sources/registry.ts';
import { openTestDatabase, type TestDatabase } from '../database.ts';
import { consume, cycle } from '../run-cycle.ts';

let own: TestDatabase;
let db: Database;
let folder: string;
beforeEach(async () => {
  own = await openTestDatabase();
  db = openDatabase(own.url, { name: 'herald-test', max: 2 });
  folder = await mkdtemp(path.join(tmpdir(), 'herald-currency-'));
  await put('rates.csv', ['code,from,perEuro']);
});
afterEach(async () => {
  await db.close();
  await own.close();
  await rm(folder, { recursive: true });
});

const put = (file: string, lines: string[]) => writeFile(path.join(folder, file), `${lines.join('\n')}\n`);
const at = (minute: number) => new Date(Date.UTC(2026, 10, 22, 10, minute));

let minute = 0;
async function sync(rates: ConfiguredRates = {}) {
  await keepRates(db, 'EUR', rates);
  const source = await openSource({
    name: 'erp',
    companyCurrency: 'EUR',
    settings: {
      kind: 'csv',
      folder,
      decimal: '.',
      streams: {
        rates: {
          file: 'rates.csv',
          key: 'code',
          entity: 'exchange_rate',
          map: { currency: 'code', day: 'from', inverse: 'perEuro' },
        },
        deals: {
          file: 'deals.csv',
          key: 'id',
          entity: 'deal',
          map: {
            amount: { field: 'amount', type: 'money' },
            currency: 'currency',
            is_won: { constant: true },
            is_closed: { constant: true },
            created_on: 'closed',
            closed_on: 'closed',
          },
        },
      },
    },
  });
  const report = await cycle(db, source, at(minute++));
  await consume(db);
  return report;
}

const deals = async () =>
  Object.fromEntries(
    (
      await db.sql<{ id: string; amount: number | null; original: number | null; currency: string }[]>`
        select id, amount, original_amount as original, currency from deal order by id`
    ).map(({ id, amount, original, currency }) => [id, [amount, original, currency]]),
  );
const won = async () => {
  const [row] = await db.sql<{ value: number | null; n: number | null }[]>`
    select sum(value)::bigint as value, sum(n)::bigint as n from margin where measure = 'won_value' and dimension = ''`;
  return [row!.value, row!.n];
};

describe('amounts in several currencies', () => {
  test('are summed in the company’s, each at the rate of its day, and the original is kept', async () => {
    await put('deals.csv', [
      'id,amount,currency,closed',
      'home,100.00,EUR,2026-03-01',
      'early,100.00,GBP,2026-01-31',
      'late,100.00,GBP,2026-02-01',
      'yen,1000,JPY,2026-03-01',
      'dinar,1.000,KWD,2026-03-01',
    ]);
    await sync({ GBP: { '2025-01-01': 1.1, '2026-02-01': 1.25 }, JPY: 0.006125, KWD: 3 });
    expect(await deals()).toEqual({
      home: [10_000, null, 'EUR'],
      early: [11_000, 10_000, 'GBP'],
      late: [12_500, 10_000, 'GBP'],
      // 1,000 yen × 0.006125 = 6.125 euros, half away from zero.
      yen: [613, 1_000, 'JPY'],
      dinar: [300, 1_000, 'KWD'],
    });
    expect(await won()).toEqual([10_000 + 11_000 + 12_500 + 613 + 300, 5]);
  });

  test('a correction of a rate is a correction of the sums', async () => {
    await put('deals.csv', ['id,amount,currency,closed', 'a,100.00,GBP,2026-03-01', 'b,5.00,EUR,2026-03-01']);
    await sync({ GBP: 1.25 });
    const before = await won();
    await sync({ GBP: 1.5 });
    const after = await won();
    await sync({ GBP: 1.25 });
    expect([before, after, await won()]).toEqual([
      [13_000, 2],
      [15_500, 2],
      [13_000, 2],
    ]);
  });

  test('an amount without a rate is left out until there is one, and never summed as it is', async () => {
    await put('deals.csv', ['id,amount,currency,closed', 'a,100.00,CHF,2026-03-01', 'b,5.00,EUR,2026-03-01']);
    await sync();
    expect([await deals(), await won()]).toEqual([
      { a: [null, 10_000, 'CHF'], b: [500, null, 'EUR'] },
      [500, 1],
    ]);
    await sync({ CHF: { '2026-03-02': 1 } });
    expect(await won()).toEqual([500, 1]);
    await sync({ CHF: { '2026-03-01': 1 } });
    expect(await won()).toEqual([10_500, 2]);
    await sync();
    expect(await won()).toEqual([500, 1]);
  });

  test('rates come from a file as well, as units for one of ours', async () => {
    await put('deals.csv', ['id,amount,currency,closed', 'a,100.00,USD,2026-03-01']);
    await put('rates.csv', ['code,from,perEuro', 'USD,2026-01-01,1.25']);
    await sync();
    expect(await deals()).toEqual({ a: [8_000, 10_000, 'USD'] });
  });

  test('a rate of zero is quarantined', async () => {
    await put('deals.csv', ['id,amount,currency,closed', 'a,1.00,EUR,2026-03-01']);
    await put('rates.csv', ['code,from,perEuro', 'USD,2026-01-01,0']);
    expect((await sync()).quarantined).toBe(1);
  });

  test('a record that changes its currency changes its amount', async () => {
    await put('deals.csv', ['id,amount,currency,closed', 'a,100.00,EUR,2026-03-01']);
    await sync({ GBP: 2 });
    await put('deals.csv', ['id,amount,currency,closed', 'a,100.00,GBP,2026-03-01 ']);
    await sync({ GBP: 2 });
    const foreign = await deals();
    await put('deals.csv', ['id,amount,currency,closed', 'a,100.00,EUR,2026-03-01']);
    await sync({ GBP: 2 });
    expect([foreign, await deals()]).toEqual([{ a: [20_000, 10_000, 'GBP'] }, { a: [10_000, null, 'EUR'] }]);
  });

  test('the same rates twice make no version', async () => {
    await keepRates(db, 'EUR', { GBP: 2 });
    const version = async () => (await db.sql<{ seq: number }[]>`select seq from data_version`)[0]!.seq;
    const before = await version();
    await keepRates(db, 'EUR', { GBP: 2 });
    expect(await version()).toBe(before);
  });

  test('another company currency over old amounts is refused', async () => {
    await keepRates(db, 'EUR', {});
    await expect(keepRates(db, 'USD', {})).rejects.toThrow(
      'The amounts in this database are in EUR, and company.currency is USD.',
    );
  });
});
