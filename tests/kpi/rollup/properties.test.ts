import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../../db/client.ts';
import { builtIn } from '../../../kpi/catalogue.ts';
import type { Measure } from '../../../kpi/definition.ts';
import { readSums } from '../../../kpi/read/measure-sums.ts';
import { readSketchPercentile } from '../../../kpi/read/sketch-percentile.ts';
import { distributionsOf } from '../../../kpi/rollup/distribution.ts';
import { rollUp } from '../../../kpi/rollup/rollup.ts';
import { readSpans } from '../../../kpi/span/figures.ts';
import { verify } from '../../../kpi/verify/verify.ts';
import { openTestDatabase, type TestDatabase } from '../../database.ts';
import { type Change, commitChanges, dataVersion } from '../changes.ts';

const tables = ['deal', 'subscription', 'ticket'] as const;
const measures: readonly Measure[] = builtIn.measures.filter((measure) =>
  ['won_value', 'deals_won', 'open_value', 'mrr', 'tickets_created', 'backlog'].includes(measure.name),
);
const sizes = distributionsOf(builtIn.kpis.filter((kpi) => kpi.name === 'first_response'));
const settings = { measures: [...measures, ...sizes], timeZone: 'America/New_York' };
const period = { from: '2026-01-10', to: '2026-02-20' };

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
  .integer({ min: 0, max: 59 })
  .map((n) => new Date(Date.UTC(2026, 0, 1 + n)).toISOString().slice(0, 10));
const id = fc.integer({ min: 1, max: 8 }).map(String);
const region = fc.constantFrom('EMEA', 'AMER', null);
const amount = fc.oneof(fc.integer({ min: 0, max: 1_000_000 }), fc.constant(null));
const maybeDay = fc.option(day, { nil: null });

const deal = fc.record({
  amount,
  is_won: fc.boolean(),
  is_closed: fc.boolean(),
  created_on: day,
  closed_on: maybeDay,
  owner: fc.constantFrom('Ann', 'Ben', null),
});
const subscription = fc.record({
  mrr: fc.integer({ min: 0, max: 9_000 }),
  starts_on: day,
  ends_on: maybeDay,
  plan: fc.constantFrom('basic', 'pro'),
  account_id: id,
});
const ticket = fc
  .record({
    on: day,
    wait: fc.option(fc.integer({ min: 1, max: 900_000 }), { nil: null }),
    solved: fc.boolean(),
  })
  .map(({ on, wait, solved }) => {
    const created = Date.parse(`${on}T03:00:00Z`);
    const after = (seconds: number) => new Date(created + seconds * 1000).toISOString();
    return {
      created_at: after(0),
      first_replied_at: wait === null ? null : after(wait),
      solved_at: solved ? after(90_000) : null,
    };
  });

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ kind: fc.constant('put' as const), table: fc.constant('deal' as const), id, row: deal }),
  fc.record({
    kind: fc.constant('put' as const),
    table: fc.constant('subscription' as const),
    id,
    row: subscription,
  }),
  fc.record({ kind: fc.constant('put' as const), table: fc.constant('ticket' as const), id, row: ticket }),
  fc.record({ kind: fc.constant('delete' as const), table: fc.constantFrom(...tables), id }),
  fc.record({
    kind: fc.constant('stamp' as const),
    table: fc.constantFrom(...tables),
    id,
    region,
    company: fc.integer({ min: 1, max: 3 }),
  }),
);
const batches = fc.array(fc.array(change, { minLength: 1, maxLength: 8 }), { minLength: 2, maxLength: 6 });

/** Everything that is read of one data version. */
async function readAll(asOf: number | null) {
  const slice = { by: 'region' as const, filters: [], asOf };
  const sums = await readSums(
    db.sql,
    measures.map(({ name, kind }) => ({ measure: name, at: kind === 'stock' ? 'end' : 'period' })),
    [period],
    slice,
  );
  // A part whose records have all left reads as nothing or as zero.
  const shown = [...sums[0]!].flatMap(([part, read]) =>
    [...read]
      .filter(([, sum]) => sum.value !== 0 || sum.n !== 0)
      .map(([key, sum]) => `${part} ${key} ${sum.value} ${sum.n}`),
  );
  const [medians] = await readSketchPercentile(db.sql, {
    measure: sizes[0]!.name,
    p: 0.5,
    periods: [period],
    slice,
  });
  const [customers] = await readSpans(db.sql, {
    of: 'active_customers',
    periods: [period],
    slice: { ...slice, by: null },
    minorPerUnit: 100,
    kept: new Map(),
  });
  return { sums: shown.sort(), medians: [...medians!].sort(), customers: [...customers!] };
}

test('deltas add up to what the facts say, and a past data version reads as it read then, whatever happens', async () => {
  await fc.assert(
    fc.asyncProperty(batches, fc.boolean(), async (all, redefine) => {
      const then = new Map<number, unknown>();
      for (const one of all) {
        await commitChanges(db, one);
        await rollUp(db, settings);
        then.set(await dataVersion(db), await readAll(null));
      }
      const found = await verify(db, { settings, only: null, ledger: true, repair: false });
      expect(found.differences).toEqual([]);
      const [sum] = await db.sql`
        select count(*)::int as n from (select measure, day, region, segment, owner, source, plan, product, priority, channel, bin, sum(value), sum(n) from (
          select measure, day, region, segment, owner, source, plan, product, priority, channel, bin, value, n from bucket
          union all select measure, day, region, segment, owner, source, plan, product, priority, channel, bin, -value, -n from bucket_delta) d
          group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 having sum(value) <> 0 or sum(n) <> 0) x`;
      expect(sum).toEqual({ n: 0 });
      if (redefine) {
        const others = settings.measures.map((measure) => ({
          ...measure,
          when: measure.when ? `(${measure.when}) and f.id <> '3'` : "f.id <> '3'",
        }));
        await rollUp(db, { ...settings, measures: others });
        await rollUp(db, settings);
      }
      for (const [version, read] of then) expect(await readAll(version)).toEqual(read);
    }),
    { numRuns: 8, endOnFailure: true },
  );
}, 120_000);

test('a breakdown’s parts add up to the total', async () => {
  const read = [{ measure: 'won_value', at: 'period' as const }];
  const [whole] = await readSums(db.sql, read, [period], { by: null, filters: [], asOf: null });
  const total = whole!.get('')?.get('won_value@period')?.value ?? 0;
  for (const by of ['region', 'owner'] as const) {
    const [parts] = await readSums(db.sql, read, [period], { by, filters: [], asOf: null });
    const sum = [...parts!.values()].reduce(
      (all, part) => all + (part.get('won_value@period')?.value ?? 0),
      0,
    );
    expect(sum).toBe(total);
  }
});

test('a crowded table is summed anew to the same buckets as its log', async () => {
  await db.sql`delete from deal`;
  const many = Array.from({ length: 6_000 }, (_, i) => i);
  await db.sql`analyze deal`;
  await db.sql`with batch as (insert into change_batch (source) values ('test') returning id),
    put as (insert into deal (system, id, amount, is_won, is_closed, created_on, closed_on) select 'crowd', i::text, i, true, true, '2026-01-01', '2026-01-15' from unnest(${many}::int[]) i returning to_jsonb(deal) as n)
    insert into change_log (batch_id, tbl, new) select batch.id, 'deal', n from put, batch`;
  await rollUp(db, settings);
  const { differences } = await verify(db, { settings, only: null, ledger: true, repair: false });
  expect(differences).toEqual([]);
});
