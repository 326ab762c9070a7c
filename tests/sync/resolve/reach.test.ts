/** A change is followed to whom it concerns, and to nobody else; what it leaves says the same as matching all. */
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../../db/client.ts';
import type { AccountRow } from '../../../sync/resolve/keys.ts';
import { matchAccounts } from '../../../sync/resolve/match.ts';
import { resolve } from '../../../sync/resolve/resolve.ts';
import { addRule, readRules, undoRule } from '../../../sync/resolve/rules.ts';
import { openTestDatabase, type TestDatabase } from '../../database.ts';
import { MemorySource } from '../../memory-source.ts';
import { cycle } from '../../run-cycle.ts';

const now = new Date('2026-11-22T10:00:00Z');
const tables = ['account', 'person', 'deal', 'touch', 'activity', 'survey', 'subscription'] as const;
let home: TestDatabase;
let db: Database;
let crm: MemorySource;

beforeEach(async () => {
  home = await openTestDatabase();
  db = openDatabase(home.url, { name: 'herald-test', max: 2 });
  crm = new MemorySource('salesforce', tables);
  for (const i of [1, 2, 3]) {
    crm.put('account', `s${i}`, 1, { name: `Firm ${i}`, domain: `firm${i}.com`, region: 'EMEA' });
    crm.put('person', `p${i}`, 1, { account_id: `s${i}`, email: `ann@firm${i}.com` });
    crm.put('deal', `d${i}`, 1, {
      account_id: `s${i}`,
      amount: 100,
      currency: 'USD',
      created_on: '2026-01-01',
    });
    crm.put('touch', `t${i}`, 1, { person_id: `p${i}` });
    crm.put('activity', `a${i}`, 1, { person_id: `p${i}` });
    crm.put('survey', `v${i}`, 1, { email: `Ann@firm${i}.com`, score: 9 });
  }
  await catchUp();
});
afterEach(async () => {
  await db?.close();
  await home?.close();
});

async function catchUp(): Promise<void> {
  await cycle(db, crm, now);
  await resolve(db);
}

/** Facts that resolution wrote after a version, as "table id", in order. */
async function written(after: number): Promise<string[]> {
  const rows = await db.sql<{ fact: string }[]>`
    select l.tbl || ' ' || (l.new->>'id') as fact from change_log l join change_batch b on b.id = l.batch_id
    where b.source = 'resolve' and b.seq > ${after} order by 1`;
  return rows.map(({ fact }) => fact);
}
const version = async () => (await db.sql<{ seq: number }[]>`select seq from data_version`)[0]!.seq;

test('an account that changed has only the facts of its company written, and those once', async () => {
  const before = await version();
  crm.put('account', 's2', 2, { name: 'Firm 2', domain: 'firm2.com', region: 'APAC' });
  await catchUp();
  expect(await written(before)).toEqual(['activity a2', 'deal d2', 'person p2', 'survey v2', 'touch t2']);
});

test('a person placed later takes along the touches, activities and answers that were there before', async () => {
  crm.put('touch', 't9', 1, { person_id: 'p9' });
  crm.put('activity', 'a9', 1, { person_id: 'p9' });
  crm.put('survey', 'v9', 1, { email: 'bob@mail.example', score: 3 });
  await catchUp();
  const before = await version();
  crm.put('person', 'p9', 1, { account_id: 's3', email: 'Bob@mail.example' });
  await catchUp();
  expect(await written(before)).toEqual(['activity a9', 'person p9', 'survey v9', 'touch t9']);
});

test('a fact that came before its account is placed when the account comes', async () => {
  crm.put('deal', 'd9', 1, { account_id: 's9', amount: 1, currency: 'USD', created_on: '2026-01-01' });
  await catchUp();
  const before = await version();
  crm.put('account', 's9', 1, { name: 'Late', region: 'AMER' });
  await catchUp();
  expect(await written(before)).toEqual(['deal d9']);
});

test('a stamping that was cut off is finished by the next round, whatever the matching finds then', async () => {
  crm.put('account', 's2', 2, { name: 'Firm 2', domain: 'firm2.com', region: 'APAC' });
  await cycle(db, crm, now);
  await db.sql`alter table deal add constraint cut_off check (region <> 'APAC')`;
  await expect(resolve(db)).rejects.toThrow('cut_off');
  await db.sql`alter table deal drop constraint cut_off`;
  await resolve(db);
  expect(
    await db.sql`select region from deal where id = 'd2' union all select region from touch where id = 't2'`,
  ).toEqual([{ region: 'APAC' }, { region: 'APAC' }]);
});

test('what an account no longer says lets others join whom it had kept apart', async () => {
  const others = ['billing', 'zendesk'].map((system) => new MemorySource(system, ['account']));
  for (const other of others) {
    other.put('account', 'kin', 1, { external_ids: { salesforce: 's1' } });
    other.put('account', 'far', 1, { domain: 'firm1.com' });
    await cycle(db, other, now);
  }
  await resolve(db);
  const far = () => db.sql`select distinct company from entity_link where id = 'far'`;
  expect(await far()).toHaveLength(2);
  crm.put('account', 's1', 2, { name: 'Firm 1', domain: 'elsewhere.com', region: 'EMEA' });
  await catchUp();
  expect(await far()).toHaveLength(1);
});

test('what resolution wrote itself it does not read again', async () => {
  expect(
    await db.sql`select p.seq = v.seq as done from consumer_position p, data_version v where consumer = 'resolve'`,
  ).toEqual([{ done: true }]);
});

test('however accounts and rules change, the companies are those of matching all anew', {
  timeout: 120_000,
}, async () => {
  const systems = ['salesforce', 'billing', 'zendesk'];
  const sources = new Map(
    systems.map((system) => [system, system === 'salesforce' ? crm : new MemorySource(system, ['account'])]),
  );
  const step = fc.record({
    system: fc.constantFrom(...systems),
    id: fc.constantFrom('1', '2', '3', '4'),
    name: fc.constantFrom(null, 'Acme', 'Bolt', 'Cargo'),
    domain: fc.constantFrom(null, 'acme.com', 'bolt.com'),
    link: fc.constantFrom(null, null, '1', '2'),
    what: fc.constantFrom('put', 'put', 'put', 'remove', 'rule', 'undo'),
    other: fc.constantFrom('1', '2', '3', '4'),
  });
  let at = 10;
  for (const steps of fc.sample(fc.array(step, { minLength: 1, maxLength: 3 }), {
    numRuns: 40,
    seed: 20_261_122,
  })) {
    for (const { system, id, name, domain, link, what, other } of steps) {
      at += 1;
      if (what === 'put')
        sources
          .get(system)!
          .put('account', id, at, { name, domain, external_ids: link && { salesforce: link } });
      if (what === 'remove') sources.get(system)!.remove('account', id, at);
      // Refused where an account is not there, or spoken of already: then the step does nothing.
      if (what === 'rule')
        await addRule(db, at % 2 ? 'join' : 'split', { system, id }, { system: 'billing', id: other }).catch(
          () => null,
        );
      const [rule] = what === 'undo' ? await readRules(db.sql) : [];
      if (rule) await undoRule(db, rule.id);
    }
    for (const source of sources.values()) await cycle(db, source, now);
    await resolve(db);
    const accounts = await db.sql<AccountRow[]>`select * from account`;
    const matches = matchAccounts(accounts, await readRules(db.sql));
    const wanted = matches
      .map(({ members }) =>
        members
          .map(({ system, id }) => `${system}:${id}`)
          .sort()
          .join(' '),
      )
      .sort();
    const links = await db.sql<{ members: string }[]>`
      select string_agg(system || ':' || id, ' ' order by (system || ':' || id) collate "C") as members from entity_link group by company`;
    expect(links.map(({ members }) => members).sort()).toEqual(wanted);
    const domains = await db.sql<{ domain: string }[]>`
      select a.domain from account a join entity_link l using (tenant, system, id) where a.domain is not null group by 1
      having count(distinct l.company) = 1 order by a.domain collate "C"`;
    expect(await db.sql`select domain from company_domain order by domain collate "C"`).toEqual(domains);
  }
});
