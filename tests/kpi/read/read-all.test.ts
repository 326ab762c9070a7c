import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, openDatabase, type Queryable } from '../../../db/client.ts';
import { builtIn } from '../../../kpi/catalogue.ts';
import { readAll, readFigures } from '../../../kpi/read/read-figures.ts';
import type { Slice } from '../../../kpi/read/slice.ts';
import { rollUp } from '../../../kpi/rollup/rollup.ts';
import type { EngineSettings } from '../../../kpi/settings.ts';
import { openTestDatabase, type TestDatabase } from '../../database.ts';
import { commitChanges } from '../changes.ts';

const settings: EngineSettings = {
  catalogue: builtIn,
  calendar: { timeZone: 'UTC', weekStart: 'monday', fiscalYearStart: 'january' },
  currency: 'USD',
  minorPerUnit: 100,
  sources: [],
};
const periods = [
  { from: '2026-01-01', to: '2026-04-01' },
  { from: '2026-03-01', to: '2026-04-01' },
];
const slices: Slice[] = [
  { by: null, filters: [], asOf: null },
  { by: 'region', filters: [{ dimension: 'segment', values: ['SMB'] }], asOf: null },
];

let server: TestDatabase;
let db: Database;
beforeAll(async () => {
  server = await openTestDatabase();
  db = openDatabase(server.url, { name: 'test', max: 1 });
  const days = ['2025-11-20', '2026-01-10', '2026-02-14', '2026-03-09', '2026-03-30'];
  await commitChanges(
    db,
    days.flatMap((day, i) => [
      {
        kind: 'put' as const,
        table: 'deal' as const,
        id: String(i),
        row: {
          amount: 1000 * i,
          is_won: i % 2 === 0,
          is_closed: true,
          created_on: '2025-11-01',
          closed_on: day,
        },
      },
      {
        kind: 'put' as const,
        table: 'subscription' as const,
        id: String(i),
        row: {
          mrr: 500 * (i + 1),
          starts_on: day,
          ends_on: i === 1 ? '2026-03-15' : null,
          account_id: String(i),
        },
      },
      {
        kind: 'put' as const,
        table: 'ticket' as const,
        id: String(i),
        row: {
          created_at: `${day}T09:00:00Z`,
          first_replied_at: `${day}T1${i}:00:00Z`,
          solved_at: `${day}T2${i % 4}:00:00Z`,
        },
      },
      ...(['deal', 'subscription', 'ticket'] as const).map((table) => ({
        kind: 'stamp' as const,
        table,
        id: String(i),
        region: i < 3 ? 'EMEA' : 'AMER',
        company: i,
      })),
    ]),
  );
  await db.sql`update deal set segment = 'SMB'`;
  await rollUp(db, { measures: builtIn.measures, timeZone: 'UTC' });
});
afterAll(async () => {
  await db.close();
  await server.close();
});

const fitting = ({ by, filters }: Slice) =>
  builtIn.kpis.filter(({ dimensions }) =>
    [by, ...filters.map(({ dimension }) => dimension)].every(
      (one) => one === null || dimensions.includes(one),
    ),
  );

test.each(slices)('KPIs read together have the figures of each read alone, by $by', async (slice) => {
  const kpis = fitting(slice);
  const together = await readAll(db.sql, kpis, periods, slice, settings, '2026-04-02');
  for (const [i, kpi] of kpis.entries()) {
    const alone = await readFigures(db.sql, kpi, periods, slice, settings, '2026-04-02');
    expect([kpi.name, together[i]]).toEqual([kpi.name, alone]);
  }
});

/** Counts the statements that go through it. */
function counting(sql: Queryable): { sql: Queryable; statements: () => number } {
  let n = 0;
  const counted = new Proxy(sql, {
    apply(target, self, args) {
      n++;
      return Reflect.apply(target as unknown as (...all: unknown[]) => unknown, self, args);
    },
    get(target, name) {
      const value = Reflect.get(target, name) as unknown;
      if (name !== 'unsafe') return value;
      return (...args: unknown[]) => {
        n++;
        return (value as (...all: unknown[]) => unknown).apply(target, args);
      };
    },
  });
  return { sql: counted, statements: () => n };
}

test('sums and customers of many KPIs take as many statements as those of a few', async () => {
  const whole = slices[0]!;
  const read = async (names: readonly string[]) => {
    const { sql, statements } = counting(db.sql);
    const kpis = names.map((name) => builtIn.kpiByName.get(name)!);
    await readAll(sql, kpis, periods, whole, settings, '2026-04-02');
    return statements();
  };
  const few = await read(['bookings', 'churn']);
  const many = await read([
    'bookings',
    'churn',
    'win_rate',
    'nrr',
    'grr',
    'mrr',
    'open_pipeline',
    'ltv',
    'arpa',
    'new_leads',
  ]);
  // Buckets, first days, customers.
  expect([few, many]).toEqual([3, 3]);
});
