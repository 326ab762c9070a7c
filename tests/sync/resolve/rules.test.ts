import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readMatch } from '../../../cli/explain-match.ts';
import { type Database, openDatabase } from '../../../db/client.ts';
import { builtIn } from '../../../kpi/catalogue.ts';
import { answer } from '../../../kpi/engine.ts';
import type { Dimension } from '../../../kpi/question.ts';
import type { AccountRow } from '../../../sync/resolve/keys.ts';
import { matchAccounts } from '../../../sync/resolve/match.ts';
import { addRule, readRules, undoRule } from '../../../sync/resolve/rules.ts';
import { openTestDatabase, type TestDatabase } from '../../database.ts';
import { MemorySource } from '../../memory-source.ts';
import { consume, cycle } from '../../run-cycle.ts';

const ref = (text: string) => ({ system: text.split(':')[0]!, id: text.split(':')[1]! });
const row = (name: string, more: Partial<AccountRow> = {}): AccountRow => ({
  ...ref(name),
  name: null,
  domain: null,
  email: null,
  external_ids: null,
  country: null,
  region: null,
  segment: null,
  owner: null,
  source: null,
  ...more,
});
const rule = (id: number, kind: 'join' | 'split', one: string, other: string) => ({
  id,
  kind,
  one: ref(one),
  other: ref(other),
});
const groups = (rows: readonly AccountRow[], rules: readonly ReturnType<typeof rule>[]) =>
  matchAccounts(rows, rules)
    .map(({ members }) => members.map(({ system, id }) => `${system}:${id}`).sort())
    .sort((a, b) => (a[0]! < b[0]! ? -1 : 1));

describe('matching by hand', () => {
  test('joins what shares nothing, of one system too, and says so', () => {
    const rows = [row('billing:1', { name: 'Acme' }), row('billing:2', { name: 'Bolt' })];
    const [match, ...others] = matchAccounts(rows, [rule(7, 'join', 'billing:1', 'billing:2')]);
    expect([...match!.reasons.values(), others.length]).toEqual(['own id', 'joined by hand (rule 7)', 0]);
  });

  test('keeps apart what one system says is the other', () => {
    const rows = [row('salesforce:1'), row('billing:9', { external_ids: { salesforce: '1' } })];
    expect(groups(rows, [rule(1, 'split', 'billing:9', 'salesforce:1')])).toHaveLength(2);
  });

  test('keeps apart what a third account would bring together', () => {
    const rows = [
      row('salesforce:1', { domain: 'acme.com' }),
      row('zendesk:2', { name: 'Acme' }),
      row('billing:9', { domain: 'acme.com', name: 'Acme' }),
    ];
    expect(groups(rows, [])).toHaveLength(1);
    expect(groups(rows, [rule(1, 'split', 'salesforce:1', 'zendesk:2')])).toEqual([
      ['billing:9', 'salesforce:1'],
      ['zendesk:2'],
    ]);
  });

  const accounts = fc.uniqueArray(
    fc.record({
      system: fc.constantFrom('salesforce', 'billing', 'zendesk'),
      id: fc.integer({ min: 1, max: 5 }).map(String),
      name: fc.constantFrom(null, 'Acme', 'Bolt'),
      domain: fc.constantFrom(null, 'acme.com', 'bolt.com'),
    }),
    { selector: ({ system, id }) => `${system}:${id}`, minLength: 2, maxLength: 12 },
  );
  const said = accounts.chain((list) => {
    const one = fc.constantFrom(...list.map(({ system, id }) => `${system}:${id}`));
    const pair = fc.tuple(fc.constantFrom('join', 'split') as fc.Arbitrary<'join' | 'split'>, one, one);
    return fc.tuple(
      fc.constant(list.map(({ system, id, ...more }) => row(`${system}:${id}`, more))),
      fc.array(
        pair.filter(([, a, b]) => a !== b),
        { maxLength: 4 },
      ),
      fc.shuffledSubarray(
        list.map((_, i) => i),
        { minLength: list.length },
      ),
    );
  });

  test('never depends on the order of accounts, and never breaks a split', () => {
    fc.assert(
      fc.property(said, ([rows, pairs, order]) => {
        const rules = pairs.map(([kind, a, b], id) => rule(id, kind, a, b));
        const found = groups(rows, rules);
        expect(
          groups(
            order.map((i) => rows[i]!),
            rules,
          ),
        ).toEqual(found);
        for (const [kind, a, b] of pairs)
          if (kind === 'split')
            expect(found.some((group) => group.includes(a) && group.includes(b))).toBe(false);
      }),
    );
  });
});

describe('in the database', () => {
  let home: TestDatabase;
  let db: Database;
  const billing = new MemorySource('billing', ['account', 'subscription']);
  const crm = new MemorySource('salesforce', ['account']);
  const now = new Date('2026-11-22T10:00:00Z');

  beforeAll(async () => {
    home = await openTestDatabase();
    db = openDatabase(home.url, { name: 'herald-test', max: 2 });
    for (const [i, region] of ['EMEA', 'EMEA', 'APAC'].entries()) {
      billing.put('account', `b${i}`, 1, { name: `Firma ${'ABC'[i]}`, region, segment: 'SMB' });
      billing.put('subscription', `s${i}`, 1, {
        account_id: `b${i}`,
        mrr: 100 * (i + 1),
        currency: 'USD',
        starts_on: '2026-01-01',
        ends_on: i === 2 ? '2026-10-15' : null,
      });
    }
    crm.put('account', 'c0', 1, { name: 'Firma A', region: 'AMER' });
    await cycle(db, billing, now);
    await cycle(db, crm, now);
    await consume(db);
  });
  beforeEach(async () => {
    for (const { id } of await readRules(db.sql)) await undoRule(db, id);
    await consume(db);
  });
  afterAll(async () => {
    await db?.close();
    await home?.close();
  });

  const figure = async (kpi: string, by: Dimension | null = null) => {
    const period = {
      from: '2026-10-01',
      to: '2026-11-01',
      label: 'October',
      complete: true,
      unit: 'month' as const,
      count: 1,
    };
    const question = {
      kpi,
      period,
      comparison: null,
      by,
      top: null,
      filters: [],
      asOf: null,
      reading: '',
      repairs: [],
    };
    const calendar = { timeZone: 'UTC', weekStart: 'monday' as const, fiscalYearStart: 'january' as const };
    const settings = { calendar, currency: 'USD', minorPerUnit: 100, catalogue: builtIn, sources: [] };
    const { value, parts } = await answer(db, question, settings, now);
    return [value, parts.map((part) => [part.name, part.value])];
  };
  const figures = async () => [
    await figure('customers'),
    await figure('churn'),
    await figure('mrr', 'region'),
    await figure('arpa', 'region'),
  ];

  test('joining two customers makes them one, and taking it back returns every figure', async () => {
    const before = await figures();
    expect((await figure('churn'))[0]).toBeCloseTo(100 / 3);
    const id = await addRule(db, 'join', ref('billing:b1'), ref('billing:b2'));
    await consume(db);
    expect((await figure('churn'))[0]).toBe(0);
    await undoRule(db, id);
    await consume(db);
    expect(await figures()).toEqual(before);
  });

  test('splitting what a name had joined takes its region away, and taking it back returns it', async () => {
    const before = await figures();
    const id = await addRule(db, 'split', ref('salesforce:c0'), ref('billing:b0'));
    await consume(db);
    expect(await figure('mrr', 'region')).not.toEqual(before[2]);
    await undoRule(db, id);
    await consume(db);
    expect(await figures()).toEqual(before);
  });

  test('an explanation names the rule, of what is joined and of what is kept apart', async () => {
    const joined = await addRule(db, 'join', ref('billing:b2'), ref('billing:b1'));
    const apart = await addRule(db, 'split', ref('salesforce:c0'), ref('billing:b0'));
    await consume(db);
    const { records } = await readMatch(db.sql, 'billing', 'b2');
    expect(records.map(({ id, reason }) => [id, reason])).toEqual([
      ['b1', 'own id'],
      ['b2', `joined by hand (rule ${joined})`],
    ]);
    expect((await readMatch(db.sql, 'billing', 'b0')).apart).toEqual([
      { rule: apart, account: 'salesforce:c0', from: 'billing:b0' },
    ]);
  });

  test('a rule that is there, or says the opposite of one that is, is refused', async () => {
    const id = await addRule(db, 'join', ref('billing:b1'), ref('billing:b2'));
    await expect(addRule(db, 'join', ref('billing:b2'), ref('billing:b1'))).rejects.toThrow(
      `Rule ${id} says so already`,
    );
    await expect(addRule(db, 'split', ref('billing:b2'), ref('billing:b1'))).rejects.toThrow(
      `Rule ${id} says the opposite. Take it back first: "herald match undo ${id}".`,
    );
    await expect(addRule(db, 'join', ref('billing:b1'), ref('billing:x'))).rejects.toThrow(
      'no account x of billing',
    );
    await undoRule(db, id);
    await expect(undoRule(db, id)).rejects.toThrow(`no rule ${id} that holds`);
  });
});

test('companies do not depend on the order in which batches arrive', { timeout: 60_000 }, async () => {
  const accounts = [
    ['salesforce', 's1', { name: 'Acme Inc', domain: 'acme.com' }],
    ['salesforce', 's2', { name: 'Acme Europe', domain: 'acme.com' }],
    ['billing', 'b1', { name: 'Acme', external_ids: { salesforce: 's2' } }],
    ['billing', 'b2', { name: 'Bolt', domain: 'bolt.com' }],
    ['zendesk', 'z1', { name: 'ACME', domain: 'www.acme.com' }],
    ['zendesk', 'z2', { name: 'Bolt GmbH' }],
    ['hubspot', 'h1', { name: 'Bolt', domain: 'acme.com' }],
  ] as const;
  const arrivals = fc.sample(
    fc.shuffledSubarray(
      accounts.map((_, i) => i),
      { minLength: accounts.length },
    ),
    {
      numRuns: 4,
      seed: 20_261_122,
    },
  );
  const found: unknown[] = [];
  for (const order of [accounts.map((_, i) => i), ...arrivals]) {
    const home = await openTestDatabase();
    const db = openDatabase(home.url, { name: 'herald-test', max: 2 });
    try {
      const sources = new Map<string, MemorySource>();
      for (const [n, i] of order.entries()) {
        const [system, id, given] = accounts[i]!;
        const source = sources.get(system) ?? new MemorySource(system, ['account']);
        sources.set(system, source);
        source.put('account', id, 1, given);
        // Now one account at a time, now several.
        if (n % 3 !== 1)
          for (const each of sources.values()) await cycle(db, each, new Date('2026-11-22T10:00:00Z'));
        if (n % 3 !== 1) await consume(db);
      }
      for (const each of sources.values()) await cycle(db, each, new Date('2026-11-22T10:00:00Z'));
      await consume(db);
      found.push(
        await db.sql`select array_agg(system || ':' || id order by system, id) as members from entity_link group by company order by 1`,
      );
    } finally {
      await db.close();
      await home.close();
    }
  }
  for (const each of found) expect(each).toEqual(found[0]);
});
