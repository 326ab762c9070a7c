/**
 * Where facts belong, and what is counted of them, follows from what the systems say now: not from the order in which
 * it came, nor from rules that were made and taken back on the way. Compared with a new database that reads it at once.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../../db/client.ts';
import { addRule, readRules, undoRule } from '../../../sync/resolve/rules.ts';
import type { UnifiedRow, UnifiedTable } from '../../../sync/source.ts';
import { openTestDatabase, type TestDatabase } from '../../database.ts';
import { MemorySource } from '../../memory-source.ts';
import { consume, cycle } from '../../run-cycle.ts';

const now = new Date('2026-11-22T10:00:00Z');
const systems = ['salesforce', 'billing'] as const;
const tables: readonly UnifiedTable[] = [
  'account',
  'person',
  'deal',
  'deal_stage',
  'subscription',
  'touch',
  'survey',
  'conversation',
];
const id = fc.constantFrom('1', '2', '3');
const host = fc.constantFrom('acme.com', 'bolt.com', 'gmail.com');

const rows: Record<string, fc.Arbitrary<UnifiedRow>> = {
  account: fc.record({
    name: fc.constantFrom('Acme', 'Bolt', 'Acme Holding', 'Cargo'),
    domain: fc.option(host),
    region: fc.constantFrom('EMEA', 'APAC', null),
    external_ids: fc.option(id.map((salesforce) => ({ salesforce }))),
  }),
  person: fc.record({ account_id: fc.option(id), email: host.map((each) => `ann@${each}`) }),
  deal: fc.record({
    account_id: fc.option(id),
    amount: fc.constant(100),
    currency: fc.constant('USD'),
    created_on: fc.constant('2026-10-01'),
  }),
  deal_stage: fc.record({ deal_id: id, stage: fc.constant('Open') }),
  subscription: fc.record({
    account_id: id,
    mrr: fc.constant(100),
    currency: fc.constant('USD'),
    starts_on: fc.constant('2026-10-01'),
  }),
  touch: fc.record({ person_id: id, touched_at: fc.constant('2026-10-01T10:00:00Z') }),
  survey: fc.record({ account_id: fc.option(id), email: host.map((each) => `Ann@${each}`) }),
  conversation: fc.record({
    account_id: fc.option(id),
    person_id: id,
    created_at: fc.constant('2026-10-01T10:00:00Z'),
  }),
};

type Step =
  | { what: 'put'; system: string; table: UnifiedTable; id: string; row: UnifiedRow }
  | { what: 'remove'; system: string; table: UnifiedTable; id: string }
  | { what: 'join' | 'split'; a: string; b: string }
  | { what: 'undo' };

const system = fc.constantFrom(...systems);
const put: fc.Arbitrary<Step> = fc
  .constantFrom(...tables, 'account' as const, 'account' as const)
  .chain((table) =>
    fc.record({
      what: fc.constant('put' as const),
      system,
      table: fc.constant(table),
      id,
      row: rows[table]!,
    }),
  );
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: put },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constant('remove' as const),
      system,
      table: fc.constantFrom<UnifiedTable>('account', 'person', 'deal', 'account'),
      id,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      what: fc.constantFrom('join' as const, 'split' as const),
      a: fc.tuple(system, id).map((both) => both.join(':')),
      b: fc.tuple(system, id).map((both) => both.join(':')),
    }),
  },
  { weight: 1, arbitrary: fc.constant<Step>({ what: 'undo' }) },
);

const ref = (text: string) => ({ system: text.split(':')[0]!, id: text.split(':')[1]! });

/** Every fact with the accounts of its company and what it was given, and every sum. Ids of companies are nobody's business. */
async function stateOf(db: Database): Promise<unknown> {
  const facts = await Promise.all(
    tables
      .filter((table) => table !== 'account')
      .map(
        (table) => db.sql`
          select ${table} as fact, f.system, f.id, f.region, f.segment,
            (select string_agg(l.system || ':' || l.id, ' ' order by l.system, l.id) from entity_link l where l.company = f.company) as company,
            f.company is null as bare
          from ${db.sql(table)} f order by 2, 3`,
      ),
  );
  const sums = await db.sql`
    select measure, day, region, segment, owner, source, value, n from bucket where value <> 0 or n <> 0 order by 1, 2, 3, 4, 5, 6`;
  return { facts: facts.map((each) => [...each]), sums: [...sums] };
}

let home: TestDatabase;
let db: Database;
beforeAll(async () => {
  home = await openTestDatabase();
  db = openDatabase(home.url, { name: 'herald-test', max: 2 });
});
afterAll(async () => {
  await db?.close();
  await home?.close();
});

test('facts and sums are those of reading everything at once', { timeout: 120_000 }, async () => {
  const sources = new Map(systems.map((name) => [name as string, new MemorySource(name, tables)]));
  const present = new Map<string, Extract<Step, { what: 'put' }>>();
  const rounds = fc.sample(fc.array(step, { minLength: 1, maxLength: 6 }), { numRuns: 24, seed: 20_261_122 });
  let version = 0;
  for (const [round, steps] of rounds.entries()) {
    for (const each of steps) {
      version += 1;
      if (each.what === 'put') {
        sources.get(each.system)!.put(each.table, each.id, version, each.row);
        present.set(`${each.table} ${each.system} ${each.id}`, each);
      } else if (each.what === 'remove') {
        sources.get(each.system)!.remove(each.table, each.id, version);
        present.delete(`${each.table} ${each.system} ${each.id}`);
      } else if (each.what === 'undo') {
        const [rule] = await readRules(db.sql);
        if (rule) await undoRule(db, rule.id);
      } else {
        // Refused where an account is not there, or spoken of already: then the step does nothing.
        await addRule(db, each.what, ref(each.a), ref(each.b)).catch(() => null);
      }
    }
    for (const source of sources.values()) await cycle(db, source, now);
    await consume(db);
    if (round % 6 < 5) continue;

    const other = await openTestDatabase();
    const fresh = openDatabase(other.url, { name: 'herald-test', max: 2 });
    try {
      const again = new Map(systems.map((name) => [name as string, new MemorySource(name, tables)]));
      // Latest first, so that what leans comes before what it leans on.
      for (const each of [...present.values()].reverse())
        again.get(each.system)!.put(each.table, each.id, 1, each.row);
      for (const source of [...again.values()].reverse()) await cycle(fresh, source, now);
      await fresh.sql`insert into match_rule ${fresh.sql(
        (await readRules(db.sql))
          .map(({ kind, one, other }) => ({
            kind,
            system: one.system,
            record_id: one.id,
            other_system: other.system,
            other_id: other.id,
          }))
          .concat([
            { kind: 'split', system: 'nobody', record_id: '1', other_system: 'nobody', other_id: '2' },
          ]),
      )}`;
      await consume(fresh);
      expect(await stateOf(db)).toEqual(await stateOf(fresh));
    } finally {
      await fresh.close();
      await other.close();
    }
  }
});
