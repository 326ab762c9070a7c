/** Tickets, conversations and what customers said, source-keyed. */
import { orm, pg } from '../../drizzle.ts';
import { instant, key, stamped } from './columns.ts';

const { bigint, boolean, index, integer, pgTable, primaryKey, text } = pg;

const seconds = (name: string) => bigint(name, { mode: 'number' });

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
    first_solution_business_minutes: integer('first_solution_business_minutes'),
    /** The last solution; null while the ticket is open. */
    solved_at: instant('solved_at'),
    resolution_business_minutes: integer('resolution_business_minutes'),
    replies: integer('replies'),
    reopens: integer('reopens'),
    /** good | bad | offered | null (never offered). */
    csat: text('csat'),
    csat_at: instant('csat_at'),
    /** Resolved: its reply and solution times come from its events, because its source tells none of them. */
    from_events: boolean('from_events'),
    /** Resolved: its changes of status are known from its creation on. */
    followed: boolean('followed'),
    /** Resolved: working seconds from creation, by the ticket's schedules; the source's own minutes where there are none. */
    first_reply_business_seconds: seconds('first_reply_business_seconds'),
    first_solution_business_seconds: seconds('first_solution_business_seconds'),
    resolution_business_seconds: seconds('resolution_business_seconds'),
  },
  (t) => [
    primaryKey({ columns: [t.tenant, t.system, t.id] }),
    index('ticket_company').on(t.company),
    index('ticket_account').on(t.tenant, t.system, t.account_id),
    index('ticket_created').on(t.tenant, t.created_at),
    index('ticket_solved').on(t.tenant, t.solved_at),
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
    /** A target (`apply_sla`): whether its minutes, in `value`, are working minutes. */
    in_business_hours: boolean('in_business_hours'),
    /** Resolved: the next change of the same thing (status, schedule, rating); null while it holds. */
    until: instant('until'),
    /** Resolved, from its ticket. */
    owner: text('owner'),
    product: text('product'),
    channel: text('channel'),
    /** Resolved, targets that the source itself gives no verdict on: when time is up, and what was used of it. */
    due_at: instant('due_at'),
    elapsed_seconds: seconds('elapsed_seconds'),
    /** Resolved: the verdict on a service level, on the event that tells it. */
    breached: boolean('breached'),
    /** When it was met, or when its time was up; null while it is open. */
    judged_at: instant('judged_at'),
  },
  (t) => [
    primaryKey({ columns: [t.tenant, t.system, t.id] }),
    index('ticket_event_life').on(t.tenant, t.system, t.ticket_id, t.metric, t.at),
    index('ticket_event_running').on(t.due_at).where(orm.sql`kind = 'apply_sla' and judged_at is null`),
  ],
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
  (t) => [
    primaryKey({ columns: [t.tenant, t.system, t.id] }),
    index('conversation_company').on(t.company),
    index('conversation_account').on(t.tenant, t.system, t.account_id),
    index('conversation_person').on(t.tenant, t.system, t.person_id),
  ],
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
  (t) => [
    primaryKey({ columns: [t.tenant, t.system, t.id] }),
    index('survey_account').on(t.tenant, t.system, t.account_id),
    index('survey_email').on(orm.sql`lower(email)`),
  ],
);
