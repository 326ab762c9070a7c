/**
 * The unified model: one shape for what five systems say. Rows are *source-keyed*: (tenant, system, id) is the
 * source record. `company` and the stamped dimensions are written by entity resolution, never by a source's batch;
 * everything else is written by the source's own mapping. Money is integer minor units, instants are UTC,
 * dates without a time are calendar dates and are never shifted.
 */
import { pg } from '../drizzle.ts';

const { bigint, boolean, date, index, integer, jsonb, pgTable, primaryKey, text, timestamp } = pg;

const key = {
  /** First in every primary key, so that a Postgres-compatible distributed engine can shard the table. */
  tenant: integer('tenant').notNull().default(1),
  system: text('system').notNull(),
  id: text('id').notNull(),
};

/** Written by entity resolution. `company` is null until the row's account is matched. */
const stamped = {
  company: bigint('company', { mode: 'number' }),
  region: text('region'),
  segment: text('segment'),
};

const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });
const money = (name: string) => bigint(name, { mode: 'number' });

export const account = pgTable(
  'account',
  {
    ...key,
    name: text('name'),
    domain: text('domain'),
    /** Ids by which the record names itself in other systems: {"salesforce": "001…"}. */
    external_ids: jsonb('external_ids').$type<Record<string, string>>(),
    email: text('email'),
    country: text('country'),
    region: text('region'),
    segment: text('segment'),
    industry: text('industry'),
    owner: text('owner'),
    /** Marketing origin: lead source of the first deal or contact. */
    source: text('source'),
    kind: text('kind'),
    created_at: instant('created_at'),
    company: bigint('company', { mode: 'number' }),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.system, t.id] }), index('account_company').on(t.company)],
);

export const person = pgTable(
  'person',
  {
    ...key,
    ...stamped,
    email: text('email'),
    name: text('name'),
    title: text('title'),
    country: text('country'),
    account_id: text('account_id'),
    owner: text('owner'),
    source: text('source'),
    kind: text('kind'),
    created_at: instant('created_at'),
    lead_at: instant('lead_at'),
    mql_at: instant('mql_at'),
    /** True when the stage was skipped and the date is the next stage's. */
    mql_imputed: boolean('mql_imputed'),
    sql_at: instant('sql_at'),
    opportunity_at: instant('opportunity_at'),
    customer_at: instant('customer_at'),
  },
  (t) => [
    primaryKey({ columns: [t.tenant, t.system, t.id] }),
    index('person_company').on(t.company),
    index('person_account').on(t.tenant, t.system, t.account_id),
  ],
);

export const deal = pgTable(
  'deal',
  {
    ...key,
    ...stamped,
    name: text('name'),
    account_id: text('account_id'),
    owner: text('owner'),
    amount: money('amount'),
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
    currency: text('currency'),
    probability: integer('probability'),
    close_on: date('close_on'),
    entered_at: instant('entered_at'),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.system, t.id] }), index('deal_stage_deal').on(t.deal_id)],
);

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
    actual_cost: money('actual_cost'),
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

export const ticket = pgTable(
  'ticket',
  {
    ...key,
    ...stamped,
    subject: text('subject'),
    requester_id: text('requester_id'),
    account_id: text('account_id'),
    owner: text('owner'),
    status: text('status'),
    priority: text('priority'),
    channel: text('channel'),
    product: text('product'),
    plan: text('plan'),
    created_at: instant('created_at'),
    first_replied_at: instant('first_replied_at'),
    /** Minutes inside the support schedule, as the support system counts them. */
    first_reply_business_minutes: integer('first_reply_business_minutes'),
    first_solved_at: instant('first_solved_at'),
    solved_at: instant('solved_at'),
    replies: integer('replies'),
    reopens: integer('reopens'),
    /** good | bad | offered | null (never offered). */
    csat: text('csat'),
    csat_at: instant('csat_at'),
  },
  (t) => [
    primaryKey({ columns: [t.tenant, t.system, t.id] }),
    index('ticket_company').on(t.company),
    index('ticket_account').on(t.tenant, t.system, t.account_id),
    index('ticket_created').on(t.tenant, t.created_at),
  ],
);

/** SLA and status events of tickets. metric: reply_time | requester_wait_time | status …; kind: activate | fulfill | breach | … */
export const ticket_event = pgTable(
  'ticket_event',
  {
    ...key,
    ...stamped,
    ticket_id: text('ticket_id'),
    metric: text('metric'),
    kind: text('kind'),
    value: text('value'),
    previous: text('previous'),
    priority: text('priority'),
    deleted: boolean('deleted'),
    /** Which target of the ticket an SLA event is about. */
    target: text('target'),
    /** Resolved: a fulfilment of a target that had been breached before. */
    late: boolean('late'),
    /** Resolved: its ticket is not, or no longer, among the tickets. */
    orphan: boolean('orphan'),
    at: instant('at'),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.system, t.id] }), index('ticket_event_ticket').on(t.ticket_id)],
);

export const conversation = pgTable(
  'conversation',
  {
    ...key,
    ...stamped,
    person_id: text('person_id'),
    account_id: text('account_id'),
    owner: text('owner'),
    channel: text('channel'),
    product: text('product'),
    state: text('state'),
    created_at: instant('created_at'),
    first_replied_at: instant('first_replied_at'),
    closed_at: instant('closed_at'),
    reopens: integer('reopens'),
    parts: integer('parts'),
    /** 1–5. */
    rating: integer('rating'),
    rated_at: instant('rated_at'),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.system, t.id] }), index('conversation_company').on(t.company)],
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
  },
  (t) => [primaryKey({ columns: [t.tenant, t.system, t.id] })],
);

/**
 * A span of a subscription at one plan and price: [starts_on, ends_on), ends_on null while it runs. A change of
 * plan or price ends one span and starts the next on the same day.
 */
export const subscription = pgTable(
  'subscription',
  {
    ...key,
    ...stamped,
    account_id: text('account_id'),
    subscription_id: text('subscription_id'),
    plan: text('plan'),
    owner: text('owner'),
    source: text('source'),
    product: text('product'),
    /** Normalised to a month, minor units. */
    mrr: money('mrr'),
    currency: text('currency'),
    starts_on: date('starts_on'),
    ends_on: date('ends_on'),
  },
  (t) => [
    primaryKey({ columns: [t.tenant, t.system, t.id] }),
    index('subscription_company').on(t.company),
    index('subscription_account').on(t.tenant, t.system, t.account_id),
  ],
);

export const invoice = pgTable(
  'invoice',
  {
    ...key,
    ...stamped,
    account_id: text('account_id'),
    issued_on: date('issued_on'),
    due_on: date('due_on'),
    paid_on: date('paid_on'),
    amount: money('amount'),
    currency: text('currency'),
    status: text('status'),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.system, t.id] })],
);

export const payment = pgTable(
  'payment',
  {
    ...key,
    ...stamped,
    account_id: text('account_id'),
    invoice_id: text('invoice_id'),
    paid_on: date('paid_on'),
    amount: money('amount'),
    currency: text('currency'),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.system, t.id] })],
);

export const quota = pgTable(
  'quota',
  {
    ...key,
    owner: text('owner'),
    starts_on: date('starts_on'),
    ends_on: date('ends_on'),
    amount: money('amount'),
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
    currency: text('currency'),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.system, t.id] })],
);

export const survey = pgTable(
  'survey',
  {
    ...key,
    ...stamped,
    kind: text('kind'),
    email: text('email'),
    account_id: text('account_id'),
    person_id: text('person_id'),
    score: integer('score'),
    responded_at: instant('responded_at'),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.system, t.id] })],
);

export const staff = pgTable(
  'staff',
  {
    ...key,
    name: text('name'),
    email: text('email'),
    team: text('team'),
    region: text('region'),
    active: boolean('active'),
  },
  (t) => [primaryKey({ columns: [t.tenant, t.system, t.id] })],
);
