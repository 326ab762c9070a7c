import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../../db/client.ts';
import { builtIn } from '../../../kpi/catalogue.ts';
import type { KpiDefinition } from '../../../kpi/definition.ts';
import { parseFormula, reads } from '../../../kpi/formula.ts';
import { readFigures } from '../../../kpi/read/read-figures.ts';
import { restate } from '../../../kpi/restate/restate.ts';
import { rollUp } from '../../../kpi/rollup/rollup.ts';
import type { EngineSettings } from '../../../kpi/settings.ts';
import { openTestDatabase, type TestDatabase } from '../../database.ts';
import { type Change, commitChanges, dataVersion } from '../changes.ts';

const timeZone = 'America/New_York';
const settings: EngineSettings = {
  catalogue: builtIn,
  calendar: { timeZone, weekStart: 'monday', fiscalYearStart: 'january' },
  currency: 'USD',
  minorPerUnit: 100,
  sources: [],
};
const period = { from: '2026-01-10', to: '2026-02-20' };
/** Every other figure, and what is made of it, is read from the records as they are now, and says so. */
const hasPast = ({ formula }: KpiDefinition): boolean =>
  formula.kind === 'arithmetic'
    ? reads(parseFormula(formula.text)).every(
        (read) => read.what !== 'kpi' || hasPast(builtIn.kpiByName.get(read.measure)!),
      )
    : formula.kind === 'span' || formula.kind === 'percentile';
const asked = builtIn.kpis.filter(hasPast);

let server: TestDatabase;
let db: Database;
beforeAll(async () => {
  server = await openTestDatabase();
  db = openDatabase(server.url, { name: 'test', max: 3 });
});
afterAll(async () => {
  await db.close();
  await server.close();
});

const day = fc
  .integer({ min: -200, max: 59 })
  .map((n) => new Date(Date.UTC(2026, 0, 1 + n)).toISOString().slice(0, 10));
const maybeDay = fc.option(day, { nil: null });
const id = fc.constantFrom('1', '2', '3', '4', 'base 1', 'base 2');
const cents = fc.integer({ min: 0, max: 90_000 });
const rows = {
  deal: fc.record({
    amount: fc.option(cents, { nil: null }),
    is_won: fc.boolean(),
    is_closed: fc.boolean(),
    created_on: day,
    closed_on: maybeDay,
    owner: fc.constantFrom('Ann', 'Ben', null),
  }),
  subscription: fc.record({
    mrr: cents,
    starts_on: day,
    ends_on: maybeDay,
    plan: fc.constantFrom('basic', 'pro'),
    account_id: id,
  }),
  ticket: fc
    .record({ on: day, wait: fc.option(fc.integer({ min: 1, max: 900_000 }), { nil: null }) })
    .map(({ on, wait }) => ({
      created_at: `${on}T03:00:00Z`,
      first_replied_at:
        wait === null ? null : new Date(Date.parse(`${on}T03:00:00Z`) + wait * 1000).toISOString(),
      solved_at: wait === null ? null : `${on}T23:00:00Z`,
    })),
  invoice: fc.record({ amount: cents, issued_on: day }),
  spend: fc.record({
    amount: cents,
    day,
    kind: fc.constantFrom('marketing', 'sales', 'cogs'),
  }),
};
const tables = Object.keys(rows) as (keyof typeof rows)[];
const op = fc.constantFrom('merged' as const, 'rolled_back' as const, undefined);

const change = fc.oneof(
  ...tables.map((table) =>
    (rows[table] as fc.Arbitrary<Record<string, unknown>>).chain((row) =>
      fc.record({ kind: fc.constant('put' as const), table: fc.constant(table), id, row: fc.constant(row) }),
    ),
  ),
  fc.record({ kind: fc.constant('delete' as const), table: fc.constantFrom(...tables), id, op }),
  fc.record({
    kind: fc.constant('stamp' as const),
    table: fc.constantFrom('deal' as const, 'subscription' as const, 'ticket' as const, 'invoice' as const),
    id,
    region: fc.constantFrom('EMEA', 'AMER', null),
    company: fc.integer({ min: 1, max: 3 }),
  }),
) as fc.Arbitrary<Change>;
const batches = fc.array(fc.array(change, { minLength: 2, maxLength: 14 }), { minLength: 2, maxLength: 4 });

/** Something of each kind, so that few figures are unknown. */
const base: Change[] = [1, 2, 3, 4].flatMap((n): Change[] =>
  (
    [
      [
        'deal',
        {
          amount: 1000 * n,
          is_won: n > 1,
          is_closed: true,
          created_on: '2026-01-05',
          closed_on: '2026-01-20',
        },
      ],
      [
        'subscription',
        {
          mrr: 500 * n,
          starts_on: '2025-02-01',
          ends_on: n === 1 ? '2026-02-01' : null,
          account_id: `b${n}`,
        },
      ],
      [
        'ticket',
        {
          created_at: '2026-01-15T03:00:00Z',
          first_replied_at: '2026-01-15T09:00:00Z',
          solved_at: '2026-01-16T09:00:00Z',
        },
      ],
      ['invoice', { amount: 700 * n, issued_on: '2026-01-12' }],
      ['spend', { amount: 100 * n, day: '2026-01-13', kind: n % 2 ? 'marketing' : 'cogs' }],
    ] as const
  ).map(([table, row]) => ({ kind: 'put', table, id: `base ${n}`, row })),
);

/** Something that changes each of them at last. */
const end: Change[] = [
  ...base
    .filter((one) => one.id === 'base 3')
    .map(({ table, id }): Change => ({ kind: 'delete', table, id, op: 'merged' })),
  ...base.filter((one) => one.id === 'base 4').map((one) => ({ ...one, id: 'late' })),
];

const sum = (all: readonly { amount: number }[]) => all.reduce((total, { amount }) => total + amount, 0);

test('for every KPI that has a past, the classes of every part add up to the difference of the two answers', async () => {
  const counts = { moved: 0, effects: 0 };
  await fc.assert(
    fc.asyncProperty(batches, fc.boolean(), async (all, filtered) => {
      const versions: number[] = [];
      for (const one of [base, ...all, end]) {
        // Every commit is moved back once for each later one: the versions lie an hour apart.
        await db.sql`update change_batch set committed_at = committed_at - interval '1 hour'`;
        await commitChanges(db, one);
        await rollUp(db, { measures: builtIn.measures, timeZone });
        versions.push(await dataVersion(db));
      }
      const last = versions.length - 1;
      const at = (i: number) => new Date(Date.now() + 1_800_000 - (last - i) * 3_600_000);
      for (const kpi of asked) {
        const filters =
          filtered && kpi.dimensions.includes('region')
            ? [{ dimension: 'region' as const, values: ['EMEA'] }]
            : [];
        const found = await restate(
          db.sql,
          { kpi, period, filters, from: at(0), to: at(last), most: 3 },
          settings,
        );
        for (const [told, asOf] of [
          [found.before, versions[0]!],
          [found.after, versions[last]!],
        ] as const) {
          const slice = { by: null, filters, asOf };
          const [figures] = await readFigures(db.sql, kpi, [period], slice, settings, '2026-11-22');
          expect([kpi.name, told]).toEqual([kpi.name, figures!.get('')?.value ?? null]);
        }
        for (const part of found.parts) {
          expect([kpi.name, part.label, sum(part.classes)]).toEqual([
            kpi.name,
            part.label,
            part.after - part.before,
          ]);
          const unknown = part.classes.filter((one) => one.class === 'unknown');
          expect([kpi.name, part.label, unknown]).toEqual([kpi.name, part.label, []]);
          counts.moved += Number(part.classes.length > 0);
        }
        if (!found.effects) continue;
        expect(Math.abs(sum(found.effects) - (found.after! - found.before!))).toBeLessThan(1e-6);
        expect(found.effects.filter((one) => one.class === 'unknown')).toEqual([]);
        counts.effects += found.effects.length;
      }
    }),
    { numRuns: 2, endOnFailure: true },
  );
  // There was something to be told; how many effects there are depends on the changes drawn.
  expect(counts.moved).toBeGreaterThan(20);
  expect(counts.effects).toBeGreaterThan(0);
}, 120_000);
