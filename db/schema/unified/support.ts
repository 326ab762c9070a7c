/** Tickets, conversations and what customers said, source-keyed. */
import { pg } from '../../drizzle.ts';
import { instant, key, stamped } from './columns.ts';

const { boolean, index, integer, pgTable, primaryKey, text } = pg;

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
