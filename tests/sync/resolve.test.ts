import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../db/client.ts';
import { type AccountRow, normaliseDomain, normaliseName } from '../../sync/resolve/keys.ts';
import { bySystemThenId, matchAccounts } from '../../sync/resolve/match.ts';
import { openTestDatabase, type TestDatabase } from '../database.ts';
import { MemorySource } from '../memory-source.ts';
import { consume, cycle } from '../run-cycle.ts';

const row = (system: string, id: string, more: Partial<AccountRow> = {}): AccountRow => ({
  system,
  id,
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

/** Groups as sorted lists of "system:id", so that order does not matter. */
const groups = (rows: readonly AccountRow[]) =>
  matchAccounts(rows)
    .map(({ members }) => members.map(({ system, id }) => `${system}:${id}`).sort())
    .sort((a, b) => (a[0]! < b[0]! ? -1 : 1));

describe('names and domains', () => {
  test.each([
    ['Acme GmbH', 'acme'],
    ['ACME, Inc.', 'acme'],
    ['Müller & Söhne KG', 'muller and sohne'],
    ["O'Neill Ltd.", 'oneill'],
  ])('%s is "%s"', (given, expected) => {
    expect(normaliseName(given)).toBe(expected);
  });

  test.each([
    ['https://www.Acme.com/about?x', 'acme.com'],
    ['acme.com:8080', 'acme.com'],
    ['gmail.com', null],
    ['localhost', null],
  ])('%s is %s', (given, expected) => {
    expect(normaliseDomain(given)).toBe(expected);
  });
});

describe('matching', () => {
  test('a system that names another’s id is believed', () => {
    expect(
      groups([
        row('salesforce', '1', { name: 'A' }),
        row('billing', '9', { name: 'B', external_ids: { salesforce: '1' } }),
      ]),
    ).toEqual([['billing:9', 'salesforce:1']]);
  });

  test('the same domain joins across systems', () => {
    expect(
      groups([
        row('salesforce', '1', { domain: 'acme.com' }),
        row('zendesk', '2', { domain: 'www.acme.com' }),
      ]),
    ).toHaveLength(1);
  });

  test('two accounts of one system stay two customers, whatever they share', () => {
    expect(
      groups([
        row('salesforce', '1', { domain: 'acme.com', name: 'Acme' }),
        row('salesforce', '2', { domain: 'acme.com', name: 'Acme' }),
      ]),
    ).toHaveLength(2);
  });

  test('a public mail host joins nobody', () => {
    expect(
      groups([row('hubspot', '1', { email: 'a@gmail.com' }), row('zendesk', '2', { email: 'b@gmail.com' })]),
    ).toHaveLength(2);
  });

  test('a name joins where nothing stronger speaks', () => {
    expect(
      groups([row('salesforce', '1', { name: 'Acme Inc' }), row('intercom', '2', { name: 'ACME' })]),
    ).toHaveLength(1);
  });

  test('every member says why it belongs', () => {
    const [match] = matchAccounts([
      row('salesforce', '1', { domain: 'acme.com' }),
      row('zendesk', '2', { domain: 'acme.com' }),
    ]);
    expect([...match!.reasons.values()]).toEqual(['own id', 'domain acme.com']);
  });

  const account = fc.record({
    system: fc.constantFrom('salesforce', 'billing', 'hubspot', 'zendesk'),
    id: fc.integer({ min: 1, max: 6 }).map(String),
    name: fc.constantFrom(null, 'Acme', 'Bolt', 'Cargo'),
    domain: fc.constantFrom(null, 'acme.com', 'bolt.com', 'gmail.com'),
    link: fc.constantFrom(null, '1', '2', '3'),
  });
  const accounts = fc
    .uniqueArray(account, { selector: ({ system, id }) => `${system}:${id}`, maxLength: 14 })
    .map((list) =>
      list.map(({ system, id, name, domain, link }) =>
        row(system, id, {
          name,
          domain,
          external_ids: link && system !== 'salesforce' ? { salesforce: link } : null,
        }),
      ),
    );

  test('the order in which accounts arrive does not matter', () => {
    fc.assert(
      fc.property(
        accounts.chain((list) =>
          fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
        ),
        ([list, shuffled]) => {
          expect(groups(shuffled)).toEqual(groups(list));
        },
      ),
    );
  });

  test('every account belongs to one company', () => {
    fc.assert(
      fc.property(accounts, (list) => {
        expect(groups(list).flat().sort()).toEqual(list.map(({ system, id }) => `${system}:${id}`).sort());
      }),
    );
  });

  test('members come by how much their system’s word counts', () => {
    fc.assert(
      fc.property(accounts, (list) => {
        for (const { members } of matchAccounts(list))
          expect([...members].sort(bySystemThenId)).toEqual(members);
      }),
    );
  });
});

describe('in the database', () => {
  let home: TestDatabase;
  let db: Database;
  const salesforce = new MemorySource('salesforce', ['account', 'deal']);
  const billing = new MemorySource('billing', ['account', 'subscription']);
  const now = new Date('2026-11-22T10:00:00Z');

  async function settle(): Promise<void> {
    await cycle(db, salesforce, now);
    await cycle(db, billing, now);
    await consume(db);
  }
  const links = () => db.sql<{ system: string; id: string; company: number; reason: string }[]>`
    select system, id, company, reason from entity_link order by system, id`;

  beforeAll(async () => {
    home = await openTestDatabase();
    db = openDatabase(home.url, { name: 'herald-test', max: 2 });
    salesforce.put('account', 's1', 1, {
      name: 'Acme Inc',
      domain: 'acme.com',
      region: 'EMEA',
      segment: 'SMB',
    });
    billing.put('account', 'b1', 1, { name: 'Acme', domain: 'acme.com' });
    billing.put('subscription', 'x', 1, {
      account_id: 'b1',
      mrr: 100,
      currency: 'USD',
      starts_on: '2026-01-01',
    });
    await settle();
  });
  afterAll(async () => {
    await db.close();
    await home.close();
  });

  test('links both accounts to one company, with the reason', async () => {
    const found = await links();
    expect(new Set(found.map(({ company }) => company)).size).toBe(1);
    expect(found.map(({ reason }) => reason)).toEqual(['domain acme.com', 'own id']);
  });

  test('facts take region and segment from the company', async () => {
    expect(await db.sql`select region, segment from subscription where id = 'x'`).toEqual([
      { region: 'EMEA', segment: 'SMB' },
    ]);
  });

  test('what nothing changed is left alone', async () => {
    const before = await db.sql`select seq from data_version`;
    await settle();
    expect(await db.sql`select seq from data_version`).toEqual(before);
  });

  test('a company keeps its id when its account changes, and its facts follow', async () => {
    const [before] = await links();
    salesforce.put('account', 's1', 2, {
      name: 'Acme Inc',
      domain: 'acme.com',
      region: 'APAC',
      segment: 'SMB',
    });
    await settle();
    expect((await links())[0]!.company).toBe(before!.company);
    expect(await db.sql`select region from subscription where id = 'x'`).toEqual([{ region: 'APAC' }]);
  });

  test('a link that no longer holds is undone, and the facts follow', async () => {
    billing.put('account', 'b1', 2, { name: 'Quite Another', domain: 'another.com' });
    await settle();
    const companies = new Set((await links()).map(({ company }) => company));
    expect(companies.size).toBe(2);
    expect(await db.sql`select region from subscription where id = 'x'`).toEqual([{ region: null }]);
  });

  test('a deleted account leaves its company', async () => {
    salesforce.remove('account', 's1', 3);
    await settle();
    expect((await links()).map(({ system }) => system)).toEqual(['billing']);
  });
});
