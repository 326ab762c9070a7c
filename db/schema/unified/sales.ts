/** Deals and what is done for them, source-keyed. */
import { pg } from '../../drizzle.ts';
import { instant, key, money, original, stamped } from './columns.ts';

const { boolean, date, index, integer, pgTable, primaryKey, text } = pg;

export const deal = pgTable(
  'deal',
  {
    ...key,
    ...stamped,
    name: text('name'),
    account_id: text('account_id'),
    owner: text('owner'),
    amount: money('amount'),
    original_amount: original('amount'),
    currency: text('currency'),
    stage: text('stage'),
    /** 0–100. */
    probability: integer('probability'),
    forecast_category: text('forecast_category'),
    is_closed: boolean('is_closed'),
    is_won: boolean('is_won'),
    created_on: date('created_on'),
    /** Close date: expected while open, actual once closed. */
    closed_on: date('closed_on'),
    kind: text('kind'),
    source: text('source'),
    product: text('product'),
    campaign_id: text('campaign_id'),
    last_activity_on: date('last_activity_on'),
  },
  (t) => [
    primaryKey({ columns: [t.tenant, t.system, t.id] }),
    index('deal_company').on(t.company),
    index('deal_account').on(t.tenant, t.system, t.account_id),
  ],
);

export const deal_stage = pgTable(
  'deal_stage',
  {
    ...key,
    ...stamped,
    deal_id: text('deal_id'),
    owner: text('owner'),
    stage: text('stage'),
    amount: money('amount'),
    original_amount: original('amount'),
    currency: text('currency'),
    probability: integer('probability'),
    close_on: date('close_on'),
    entered_at: instant('entered_at'),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.system, t.id] }), index('deal_stage_deal').on(t.deal_id)],
);

export const activity = pgTable(
  'activity',
  {
    ...key,
    ...stamped,
    kind: text('kind'),
    person_id: text('person_id'),
    deal_id: text('deal_id'),
    account_id: text('account_id'),
    owner: text('owner'),
    status: text('status'),
    at: instant('at'),
    /** When it was written down, to the second; `at` may be known by the day alone. */
    logged_at: instant('logged_at'),
  },
  (t) => [
    primaryKey({ columns: [t.tenant, t.system, t.id] }),
    index('activity_person').on(t.tenant, t.system, t.person_id),
  ],
);

/** What is to be reached: a seller's quota of bookings, or a plan for any KPI. Both days are inclusive. */
export const quota = pgTable(
  'quota',
  {
    ...key,
    /** Name of the KPI that is planned; null is bookings. */
    kpi: text('kpi'),
    owner: text('owner'),
    starts_on: date('starts_on'),
    ends_on: date('ends_on'),
    amount: money('amount'),
    original_amount: original('amount'),
    currency: text('currency'),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.system, t.id] })],
);

export const forecast = pgTable(
  'forecast',
  {
    ...key,
    owner: text('owner'),
    period_starts_on: date('period_starts_on'),
    as_of: date('as_of'),
    amount: money('amount'),
    original_amount: original('amount'),
    currency: text('currency'),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.system, t.id] })],
);
