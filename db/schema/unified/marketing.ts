/** Campaigns, their touches and what they cost, source-keyed. */
import { pg } from '../../drizzle.ts';
import { instant, key, money, original, stamped } from './columns.ts';

const { boolean, date, index, integer, pgTable, primaryKey, text } = pg;

export const campaign = pgTable(
  'campaign',
  {
    ...key,
    name: text('name'),
    kind: text('kind'),
    source: text('source'),
    starts_on: date('starts_on'),
    ends_on: date('ends_on'),
    budget: money('budget'),
    original_budget: original('budget'),
    actual_cost: money('actual_cost'),
    original_actual_cost: original('actual_cost'),
    currency: text('currency'),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.system, t.id] })],
);

export const touch = pgTable(
  'touch',
  {
    ...key,
    ...stamped,
    person_id: text('person_id'),
    campaign_id: text('campaign_id'),
    source: text('source'),
    kind: text('kind'),
    responded: boolean('responded'),
    touched_at: instant('touched_at'),
  },
  (t) => [
    primaryKey({ columns: [t.tenant, t.system, t.id] }),
    index('touch_company').on(t.company),
    index('touch_person').on(t.tenant, t.system, t.person_id),
  ],
);

export const spend = pgTable(
  'spend',
  {
    ...key,
    day: date('day'),
    /** marketing | sales | cogs */
    kind: text('kind'),
    campaign_id: text('campaign_id'),
    source: text('source'),
    amount: money('amount'),
    original_amount: original('amount'),
    currency: text('currency'),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.system, t.id] })],
);

export const email_send = pgTable(
  'email_send',
  {
    ...key,
    name: text('name'),
    campaign_id: text('campaign_id'),
    sent_at: instant('sent_at'),
    sent: integer('sent'),
    delivered: integer('delivered'),
    opened: integer('opened'),
    clicked: integer('clicked'),
    bounced: integer('bounced'),
    unsubscribed: integer('unsubscribed'),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.system, t.id] })],
);
