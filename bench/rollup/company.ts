/** Facts of a company over two years, made by SQL; and a thousand of them changed, logged as the loader logs them. */
import type { Database } from '../../db/client.ts';

export const CHANGED = 1_000;

/** Won and lost deals: 730 days × 20 owners, each of one region and segment × 7 sources × 3 products, independent of one another. */
export async function fillDeals(db: Database, facts: number): Promise<void> {
  await db.sql`
    insert into deal (system, id, name, amount, currency, probability, stage, is_won, is_closed, created_on, closed_on, region, segment, owner, source, product)
    select 'bench', i::text, 'deal ' || i, 1000 + i % 9000, 'USD', 100, 'closed', i % 4 > 0, true, date '2024-01-01' + (i % 700), date '2024-01-01' + (i * 7 % 730),
      (array['EMEA', 'AMER', 'APAC'])[1 + owner % 3], (array['SMB', 'Mid-Market', 'Enterprise'])[1 + owner / 3 % 3], 'rep ' || owner, 'source ' || source, 'product ' || product
    from generate_series(1, ${facts}::int) i
    cross join lateral (select abs(hashint4extended(i, 1) % 20) as owner, abs(hashint4extended(i, 2) % 7) as source, abs(hashint4extended(i, 3) % 3) as product) drawn`;
  await db.sql`insert into change_batch (source) values ('bench')`;
  await db.sql`analyze deal`;
}

/** What the other KPIs read, in a customer base of 5,000: subscriptions, tickets, leads, spend, invoices, payments. */
export async function fillTheRest(db: Database, facts: number): Promise<void> {
  await db.sql`
    insert into subscription (system, id, account_id, company, starts_on, ends_on, mrr, region, segment, plan, product)
    select 'bench', i::text, (i % 5000)::text, i % 5000, date '2024-01-01' + (i % 5000) % 600, case when i % 9 = 0 then date '2025-01-01' + i % 360 end, 1000 + i % 500 * 100,
      (array['EMEA', 'AMER', 'APAC'])[1 + i % 3], (array['SMB', 'Mid-Market', 'Enterprise'])[1 + i / 3 % 3], 'plan ' || i % 4, 'product ' || i % 3
    from generate_series(0, 7499) i`;
  await db.sql`
    insert into ticket (system, id, created_at, solved_at, first_replied_at, replies, reopens, region, segment, owner, product, priority, channel)
    select 'bench', i::text, at, case when i % 20 > 0 then at + make_interval(mins => 60 + i * 37 % 9000) end, at + make_interval(secs => 30 + exp((i::bigint * 7919 % 1000) / 90.0)), 1 + i % 4, i % 11 / 10,
      (array['EMEA', 'AMER', 'APAC'])[1 + i % 3], (array['SMB', 'Mid-Market', 'Enterprise'])[1 + i / 3 % 3], 'agent ' || i % 20, 'product ' || i % 3, (array['low', 'normal', 'high'])[1 + i % 3], (array['mail', 'chat'])[1 + i % 2]
    from generate_series(1, ${Math.round(facts * 0.1)}::int) i cross join lateral (select timestamptz '2024-01-01' + make_interval(mins => i * 13 % 1051200) as at) t`;
  await db.sql`
    insert into person (system, id, lead_at, mql_at, sql_at, customer_at, region, segment, source)
    select 'hubspot', i::text, at, at + interval '2 days', case when i % 3 = 0 then at + interval '20 days' end, case when i % 9 = 0 then at + interval '60 days' end,
      (array['EMEA', 'AMER', 'APAC'])[1 + i % 3], (array['SMB', 'Mid-Market', 'Enterprise'])[1 + i / 3 % 3], 'source ' || i % 7
    from generate_series(1, ${Math.round(facts * 0.1)}::int) i cross join lateral (select timestamptz '2024-01-01' + make_interval(mins => i * 17 % 1051200) as at) t`;
  await db.sql`
    insert into invoice (system, id, account_id, issued_on, due_on, paid_on, amount, status, region, segment)
    select 'bench', i::text, (i % 5000)::text, day, day + 30, case when i % 20 > 0 then day + 10 + i % 40 end, 1000 + i % 9000, 'open', (array['EMEA', 'AMER', 'APAC'])[1 + i % 3], (array['SMB', 'Mid-Market', 'Enterprise'])[1 + i / 3 % 3]
    from generate_series(1, ${Math.round(facts * 0.1)}::int) i cross join lateral (select date '2024-01-01' + i % 730 as day) t`;
  await db.sql`
    insert into payment (system, id, paid_on, amount, region, segment)
    select 'bench', i::text, date '2024-01-01' + i % 730, 1000 + i % 9000, (array['EMEA', 'AMER', 'APAC'])[1 + i % 3], (array['SMB', 'Mid-Market', 'Enterprise'])[1 + i / 3 % 3]
    from generate_series(1, ${Math.round(facts * 0.1)}::int) i`;
  await db.sql`
    insert into spend (system, id, day, amount, kind, source)
    select 'bench', i::text, date '2024-01-01' + i / 3, 100000 + i, (array['marketing', 'sales', 'cogs'])[1 + i % 3], 'source ' || i % 7 from generate_series(0, 2189) i`;
  await db.sql`insert into change_batch (source) values ('bench')`;
  await db.sql`analyze`;
}

/** Other amounts for a thousand deals spread over the table, with old and new rows in the change log. */
export async function changeDeals(db: Database, round: number, facts: number): Promise<void> {
  await db.sql`
    with batch as (insert into change_batch (source) values ('bench') returning id),
    put as (
      update deal set amount = amount + 1 where system = 'bench' and id in (select (1 + (i::bigint * 7919 + ${round * 131}) % ${facts})::text from generate_series(1, ${CHANGED}::int) i)
      returning to_jsonb(old) as o, to_jsonb(new) as n)
    insert into change_log (batch_id, tbl, old, new) select batch.id, 'deal', put.o, put.n from put cross join batch`;
}
