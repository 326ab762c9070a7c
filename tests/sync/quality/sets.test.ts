/** Rules that hold systems and days against each other. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../../db/client.ts';
import { checkQuality } from '../../../sync/quality/check-quality.ts';
import { crossSystemRules } from '../../../sync/quality/rules/cross-system.ts';
import { volumeRules } from '../../../sync/quality/rules/volume.ts';
import { openTestDatabase, type TestDatabase } from '../../database.ts';
import { MemorySource } from '../../memory-source.ts';
import { consume, cycle } from '../../run-cycle.ts';

const now = new Date('2026-11-22T10:00:00Z');
let home: TestDatabase;
let db: Database;

beforeEach(async () => {
  home = await openTestDatabase();
  db = openDatabase(home.url, { name: 'herald-test', max: 2 });
});
afterEach(async () => {
  await db.close();
  await home.close();
});

const findings = (rule: string) =>
  db.sql<{ subject: string; sentence: string }[]>`
    select subject, sentence from quality_finding where rule = ${rule} and resolved_at is null order by subject`;

describe('two systems', () => {
  beforeEach(async () => {
    const crm = new MemorySource('crm', ['account', 'deal']);
    const billing = new MemorySource('billing', ['account', 'subscription', 'invoice']);
    const won = (account: string, closed: string, currency = 'USD') => ({
      name: `Deal of ${account}`,
      account_id: account,
      amount: 1,
      currency,
      is_won: true,
      is_closed: true,
      created_on: '2026-01-01',
      closed_on: closed,
    });
    const paid = (account: string, from: string, currency = 'USD') => ({
      account_id: account,
      subscription_id: account,
      mrr: 10_000,
      currency,
      starts_on: from,
      ends_on: null,
    });
    for (const name of ['billed', 'unbilled', 'recent', 'foreign'])
      crm.put('account', name, 1, { name, domain: `${name}.example` });
    for (const name of ['billed', 'foreign', 'stranger'])
      billing.put('account', name, 1, { name, domain: `${name}.example` });
    crm.put('deal', 'd-billed', 1, won('billed', '2026-07-01'));
    crm.put('deal', 'd-unbilled', 1, won('unbilled', '2026-07-01'));
    crm.put('deal', 'd-recent', 1, won('recent', '2026-11-10'));
    crm.put('deal', 'd-foreign', 1, won('foreign', '2025-07-01', 'EUR'));
    billing.put('subscription', 's1', 1, paid('billed', '2025-01-01'));
    billing.put('subscription', 's2', 1, paid('foreign', '2025-08-01'));
    billing.put('subscription', 's3', 1, paid('stranger', '2025-08-01'));
    // 13 months at two fifths of what three subscriptions of 100.00 come to.
    for (let month = 0; month < 14; month++) {
      const day = new Date(Date.UTC(2025, 9 + month, 3)).toISOString().slice(0, 10);
      billing.put('invoice', `i${month}`, 1, {
        account_id: 'billed',
        amount: 12_000,
        currency: 'USD',
        issued_on: day,
        due_on: day,
      });
    }
    await cycle(db, crm, now);
    await cycle(db, billing, now);
    await consume(db);
    await checkQuality(db, { now, timeZone: 'UTC', rules: crossSystemRules, titles: { billing: 'Billing' } });
  });

  test('a deal won long enough ago and never billed is found; a billed or a recent one is not', async () => {
    expect((await findings('won_deal_not_billed')).map(({ subject }) => subject)).toEqual(['d-unbilled']);
  });

  test('a paying customer without an account in the CRM is found', async () => {
    expect((await findings('customer_without_crm_account')).map(({ sentence }) => sentence)).toEqual([
      'Customer "stranger" pays in Billing and has no account in the CRM: it has no region and no segment.',
    ]);
  });

  test('a customer that pays in another currency than it bought in is found', async () => {
    expect((await findings('currencies_differ')).map(({ sentence }) => sentence)).toEqual([
      'Customer "foreign" pays in USD and bought in EUR.',
    ]);
  });

  test('invoices that do not come to the recurring revenue are found', async () => {
    expect((await findings('invoices_against_mrr')).map(({ sentence }) => sentence)).toEqual([
      'Invoices of the last 12 months in Billing (USD) are 40 % of the recurring revenue of the same months.',
    ]);
  });

  test('invoices that do come to it are not', async () => {
    await db.sql`update invoice set amount = 30000`;
    const later = new Date(now.getTime() + 24 * 3_600_000);
    await checkQuality(db, { now: later, timeZone: 'UTC', rules: crossSystemRules });
    expect(await findings('invoices_against_mrr')).toEqual([]);
  });
});

describe('volume', () => {
  /** Ten weeks of about 100 records a day, and what the last days brought. */
  async function arrivals(recent: Record<string, number>): Promise<void> {
    await db.sql`
      insert into arrival (source, stream, day, n)
      select 'crm', 'Deal', d::date, 95 + (extract(day from d)::int * 7) % 11 from generate_series('2026-09-01'::date, '2026-11-22'::date, interval '1 day') d`;
    await db.sql`update arrival set n = 50000 where day = '2026-09-01'`;
    for (const [day, n] of Object.entries(recent))
      await db.sql`update arrival set n = ${n} where day = ${day}`;
    await db.sql`insert into sync_run (source, state, finished_at) select 'crm', 'SUCCESS', d from generate_series('2026-11-15 12:00+00'::timestamptz, '2026-11-22 12:00+00', interval '1 day') d`;
  }
  const check = () => checkQuality(db, { now, timeZone: 'UTC', rules: volumeRules });

  test('of ordinary days says nothing', async () => {
    await arrivals({ '2026-11-22': 100 });
    expect(await check()).toEqual([]);
  });

  test('far above the weekday’s is found, also while the day runs', async () => {
    await arrivals({ '2026-11-22': 900 });
    await check();
    expect((await findings('unusual_volume')).map(({ subject }) => subject)).toEqual(['Deal 2026-11-22']);
  });

  test('far below it is found once the day is over, not before', async () => {
    await arrivals({ '2026-11-21': 3, '2026-11-22': 3 });
    await check();
    const [found, ...more] = await findings('unusual_volume');
    expect(more).toEqual([]);
    expect(found!.sentence).toMatch(
      /^crm Deal: 3 records changed on 2026-11-21; on this weekday it is \d+\.$/,
    );
  });

  test('of a day on which the source was not read says nothing: that is the sync’s failure', async () => {
    await arrivals({ '2026-11-21': 0, '2026-11-22': 100 });
    await db.sql`delete from sync_run where finished_at::date = '2026-11-21'`;
    expect(await check()).toEqual([]);
  });

  test('is counted from what sources brought, each change once', async () => {
    const crm = new MemorySource('crm', ['deal']);
    for (let i = 0; i < 3; i++) crm.put('deal', `${i}`, 1, { amount: 1 });
    await cycle(db, crm, now);
    await check();
    crm.put('deal', '0', 2, { amount: 2 });
    await cycle(db, crm, now);
    await check();
    await check();
    expect(await db.sql`select source, stream, n from arrival`).toEqual([
      { source: 'crm', stream: 'deal', n: 4 },
    ]);
  });
});
