/** Every rule is tripped by a record that breaks it, and not by one that keeps it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../../db/client.ts';
import { checkQuality } from '../../../sync/quality/check-quality.ts';
import { completenessRules } from '../../../sync/quality/rules/completeness.ts';
import { rules } from '../../../sync/quality/rules/index.ts';
import type { UnifiedRow, UnifiedTable } from '../../../sync/source.ts';
import { moneyColumns } from '../../../sync/sources/in-company-currency.ts';
import { openTestDatabase, type TestDatabase } from '../../database.ts';
import { MemorySource } from '../../memory-source.ts';
import { cycle } from '../../run-cycle.ts';

const now = new Date('2026-11-22T10:00:00Z');
let home: TestDatabase;
let db: Database;

beforeAll(async () => {
  home = await openTestDatabase();
  db = openDatabase(home.url, { name: 'herald-test', max: 2 });
});
afterAll(async () => {
  await db.close();
  await home.close();
});

/** Sound records by table; each case changes what it is about. */
const sound: Partial<Record<UnifiedTable, UnifiedRow>> = {
  deal: {
    account_id: 'a',
    name: 'D',
    owner: 'Ann',
    amount: 100,
    currency: 'USD',
    is_closed: true,
    is_won: true,
    probability: 100,
    created_on: '2026-01-01',
    closed_on: '2026-02-01',
    source: 'Event',
    product: 'Core',
  },
  subscription: {
    account_id: 'a',
    mrr: 100,
    currency: 'USD',
    starts_on: '2026-01-01',
    ends_on: null,
    product: 'Core',
    plan: 'Growth',
  },
  ticket: {
    account_id: 'a',
    priority: 'high',
    created_at: '2026-01-02T00:00:00Z',
    first_replied_at: '2026-01-02T01:00:00Z',
    first_solved_at: '2026-01-03T00:00:00Z',
    solved_at: '2026-01-03T00:00:00Z',
  },
  conversation: {
    person_id: 'p',
    created_at: '2026-01-02T00:00:00Z',
    first_replied_at: '2026-01-02T00:01:00Z',
    closed_at: '2026-01-03T00:00:00Z',
    rating: 5,
  },
  invoice: {
    account_id: 'a',
    amount: 100,
    currency: 'USD',
    status: 'paid',
    issued_on: '2026-01-01',
    due_on: '2026-02-01',
    paid_on: '2026-01-15',
  },
  payment: { account_id: 'a', invoice_id: 'due', amount: 100, currency: 'USD', paid_on: '2026-01-15' },
  person: {
    source: 'Event',
    lead_at: '2026-01-01T00:00:00Z',
    mql_at: '2026-01-02T00:00:00Z',
    sql_at: '2026-01-03T00:00:00Z',
    opportunity_at: '2026-01-04T00:00:00Z',
    customer_at: '2026-01-05T00:00:00Z',
  },
  quota: { owner: 'Ann', amount: 100, currency: 'USD', starts_on: '2026-01-01', ends_on: '2026-03-31' },
  touch: { person_id: 'p', touched_at: '2026-01-01T00:00:00Z' },
  spend: { amount: 100, currency: 'USD', day: '2026-01-01', kind: 'marketing', campaign_id: 'c' },
  survey: { kind: 'nps', score: 10, responded_at: '2026-01-01T00:00:00Z' },
  email_send: { sent: 10, delivered: 10, sent_at: '2026-01-01T00:00:00Z' },
};

sound.campaign = { name: 'C', starts_on: '2026-01-01', budget: 100, actual_cost: 100, currency: 'USD' };
sound.deal_stage = { deal_id: 'good', entered_at: '2026-01-01T00:00:00Z', amount: 100, currency: 'USD' };
sound.forecast = { owner: 'Ann', as_of: '2026-01-01', amount: 100, currency: 'USD' };

const far = '2140-01-01';
/** What makes a sound record break the rule. */
const breaks: Record<string, UnifiedRow> = {
  won_without_amount: { amount: null },
  deal_closed_before_created: { created_on: '2026-02-02' },
  closed_deal_without_date: { closed_on: null },
  subscription_ends_before_start: { ends_on: '2025-12-31' },
  subscription_without_start: { starts_on: null },
  negative_mrr: { mrr: -1 },
  ticket_solved_before_created: { first_solved_at: '2026-01-01T00:00:00Z' },
  ticket_answered_before_created: { first_replied_at: '2026-01-01T00:00:00Z' },
  conversation_closed_before_created: { closed_at: '2026-01-01T00:00:00Z' },
  invoice_paid_without_date: { paid_on: null },
  invoice_due_before_issued: { due_on: '2025-12-31' },
  customer_before_lead: { mql_at: '2025-12-31T00:00:00Z' },
  quota_ends_before_start: { ends_on: '2025-12-31' },
  deal_closed_on_impossible: { closed_on: far },
  deal_created_on_impossible: { created_on: '1901-01-01' },
  ticket_created_at_impossible: { created_at: `${far}T00:00:00Z` },
  conversation_created_at_impossible: { created_at: `${far}T00:00:00Z` },
  person_lead_at_impossible: { lead_at: '1905-01-01T00:00:00Z' },
  touch_touched_at_impossible: { touched_at: `${far}T00:00:00Z` },
  subscription_starts_on_impossible: { starts_on: far },
  subscription_ends_on_impossible: { ends_on: '9999-12-31' },
  invoice_issued_on_impossible: { issued_on: far },
  payment_paid_on_impossible: { paid_on: '2027-06-01' },
  spend_day_impossible: { day: far },
  survey_responded_at_impossible: { responded_at: `${far}T00:00:00Z` },
  deal_amount_impossible: { amount: -5 },
  subscription_mrr_impossible: { mrr: 99_000_000_000 },
  invoice_amount_impossible: { amount: 999_000_000_000 },
  payment_amount_impossible: { amount: 999_000_000_000 },
  spend_amount_impossible: { amount: 999_000_000_000 },
  quota_amount_impossible: { amount: -1 },
  deal_probability_impossible: { probability: 140 },
  survey_score_impossible: { score: 11 },
  conversation_rating_impossible: { rating: 0 },
  email_send_delivered_impossible: { delivered: 11 },
};
/** An amount in a currency that no rate is known of. */
for (const [table, columns] of Object.entries(moneyColumns))
  breaks[`${table}_without_rate`] = { currency: 'ZAR', [`original_${columns[0]}`]: 5, [columns[0]!]: null };
/** Tried elsewhere in this file, or where they are seen. */
const elsewhere = ['overlapping_subscriptions', 'invoice_overpaid'];

const tableOf = (rule: string) => rules.find(({ name }) => name === rule)!.table!;
const open = async (rule: string) =>
  (
    await db.sql<
      { subject: string }[]
    >`select subject from quality_finding where rule = ${rule} and resolved_at is null order by 1`
  ).map((row) => row.subject);

describe('rules about records', () => {
  const source = new MemorySource('crm', Object.keys(sound) as UnifiedTable[]);

  beforeAll(async () => {
    for (const [table, row] of Object.entries(sound))
      source.put(
        table as UnifiedTable,
        'good',
        1,
        table === 'payment' ? { ...row, invoice_id: 'another' } : row,
      );
    source.put('invoice', 'due', 1, sound.invoice!);
    for (const [rule, change] of Object.entries(breaks))
      source.put(tableOf(rule), `bad ${rule}`, 1, {
        ...sound[tableOf(rule)]!,
        ...change,
        ...(tableOf(rule) === 'payment' ? { invoice_id: `i ${rule}` } : {}),
        ...(tableOf(rule) === 'subscription' ? { account_id: rule } : {}),
      });
    source.put('subscription', 'span 1', 1, {
      ...sound.subscription!,
      account_id: 'two',
      subscription_id: 's',
    });
    source.put('subscription', 'span 2', 1, {
      ...sound.subscription!,
      account_id: 'two',
      subscription_id: 's',
      starts_on: '2026-05-01',
    });
    source.put('subscription', 'follows 1', 1, {
      ...sound.subscription!,
      account_id: 'next',
      subscription_id: 't',
      ends_on: '2026-05-01',
    });
    source.put('subscription', 'follows 2', 1, {
      ...sound.subscription!,
      account_id: 'next',
      subscription_id: 't',
      starts_on: '2026-05-01',
    });
    source.put('payment', 'too much', 1, {
      ...sound.payment!,
      invoice_id: 'due',
      amount: 60,
      paid_on: '2026-01-20',
    });
    source.put('payment', 'in full', 1, { ...sound.payment!, invoice_id: 'due' });
    await cycle(db, source, now);
    await checkQuality(db, { now, timeZone: 'UTC' });
  });

  test('have a case each', () => {
    const records = rules.filter(({ kind }) => kind === 'record').map(({ name }) => name);
    expect([...Object.keys(breaks), ...elsewhere].sort()).toEqual([...records].sort());
  });

  test.each(Object.keys(breaks))('%s finds the record that breaks it', async (rule) => {
    expect(await open(rule)).toContain(`bad ${rule}`);
  });

  test.each(Object.keys(breaks))('%s lets the sound record pass', async (rule) => {
    expect(await open(rule)).not.toContain('good');
  });

  test('spans of one subscription that overlap are found once, those that follow each other are not', async () => {
    expect(await open('overlapping_subscriptions')).toEqual(['span 2']);
  });

  test('the payment that exceeds its invoice is found, the one before it is not', async () => {
    expect((await open('invoice_overpaid')).filter((id) => !id.startsWith('bad'))).toEqual(['too much']);
  });

  test('a finding says in words what is wrong, with money as people read it', async () => {
    const [row] =
      await db.sql`select sentence from quality_finding where rule = 'invoice_overpaid' and subject = 'too much'`;
    expect(row!.sentence).toBe('Payment too much of 0.60 USD is more than what was due of invoice due.');
  });

  test('a record mended resolves its finding, through another record too', async () => {
    source.put('deal', 'bad won_without_amount', 2, sound.deal!);
    source.put('subscription', 'span 1', 2, {
      ...sound.subscription!,
      account_id: 'two',
      subscription_id: 's',
      ends_on: '2026-05-01',
    });
    source.put('invoice', 'due', 2, { ...sound.invoice!, amount: 160 });
    await cycle(db, source, now);
    await checkQuality(db, { now, timeZone: 'UTC' });
    expect(await open('won_without_amount')).toEqual([]);
    expect(await open('overlapping_subscriptions')).toEqual([]);
    expect(await open('invoice_overpaid')).toEqual([]);
  });

  test('a finding that comes back is new again', async () => {
    source.put('deal', 'bad won_without_amount', 3, { ...sound.deal!, amount: null });
    await cycle(db, source, now);
    const opened = await checkQuality(db, { now, timeZone: 'UTC' });
    expect(opened.map(({ rule, n, summary }) => [rule, n, summary])).toEqual([
      ['won_without_amount', 1, '1 won deal has no amount'],
    ]);
    expect(await checkQuality(db, { now, timeZone: 'UTC' })).toEqual([]);
  });

  test('a record that is deleted takes its finding along', async () => {
    source.remove('deal', 'bad won_without_amount', 4);
    await cycle(db, source, now);
    await checkQuality(db, { now, timeZone: 'UTC' });
    expect(await open('won_without_amount')).toEqual([]);
  });
});

describe('completeness', () => {
  const columns = completenessRules.map(({ table, columns: [column] }) => ({
    table: table!,
    column: column!,
  }));

  beforeAll(async () => {
    const dated: Partial<Record<UnifiedTable, (day: string) => UnifiedRow>> = {
      deal: (day) => ({ created_on: day, closed_on: day }),
      person: (day) => ({ lead_at: `${day}T08:00:00Z` }),
      subscription: (day) => ({ starts_on: day }),
      invoice: (day) => ({ issued_on: day }),
      ticket: (day) => ({ created_at: `${day}T08:00:00Z` }),
      conversation: (day) => ({ created_at: `${day}T08:00:00Z` }),
      spend: (day) => ({ day }),
    };
    for (const { table, column } of columns) {
      const source = new MemorySource(`without_${table}_${column}`, [table]);
      for (let i = 0; i < 60; i++)
        source.put(table, `p${i}`, 1, { ...sound[table]!, ...dated[table]!('2026-08-01') });
      for (let i = 0; i < 25; i++)
        source.put(table, `r${i}`, 1, {
          ...sound[table]!,
          ...dated[table]!('2026-11-10'),
          [column]: i % 2 ? null : (sound[table]![column] ?? null),
        });
      await cycle(db, source, now);
    }
    const enough = new Date(now.getTime() + 11 * 60_000);
    await checkQuality(db, { now: enough, timeZone: 'UTC', titles: { without_deal_source: 'Salesforce' } });
  });

  test.each(columns)(
    '$column of $table empty more often than before is found in the system where it is',
    async ({ table, column }) => {
      const found =
        await db.sql`select system from quality_finding where rule = ${`${table}_${column}_less_complete`} and resolved_at is null`;
      expect(found.map((row) => row.system)).toEqual([`without_${table}_${column}`]);
    },
  );

  test('says how much is missing, and how much was', async () => {
    const [row] = await db.sql`select sentence from quality_finding where rule = 'deal_source_less_complete'`;
    expect(row!.sentence).toBe(
      '48 % of the deals created of the last 28 days in Salesforce have no source; before it were 0 %.',
    );
  });
});
