/** Measures of tickets, their events, conversations and surveys. Fragments are over the fact aliased `f`. */
import type { Measure } from '../definition.ts';
import type { Dimension } from '../question.ts';

const ticket: readonly Dimension[] = ['region', 'segment', 'owner', 'product', 'priority', 'channel'];
const conversation: readonly Dimension[] = ['region', 'segment', 'owner', 'product', 'channel'];
const customer: readonly Dimension[] = ['region', 'segment'];

const counted = { unit: 'count', kind: 'flow' } as const;
const timed = { unit: 'seconds', kind: 'flow' } as const;
/** A ticket that was deleted takes its events with it. */
const itsTicketLives = 'f.orphan is not true';

/** Each spell of a status counts from its beginning to the next change: a reopened ticket is open again. */
const inStatus = (name: string, label: string, statuses: string): Measure => ({
  name,
  label,
  table: 'ticket_event',
  day: 'tz(f.at)',
  ends: 'tz(f.until)',
  when: `f.metric = 'status' and ${statuses} and f.deleted is not true and ${itsTicketLives}`,
  unit: 'count',
  kind: 'stock',
  dimensions: ticket,
});

/** A ticket's latest rating. */
const rated = (name: string, label: string, kind: string): Measure => ({
  ...counted,
  name,
  label,
  table: 'ticket_event',
  day: 'tz(f.at)',
  when: `f.metric = 'csat' and f.kind = '${kind}' and f.until is null and ${itsTicketLives}`,
  dimensions: ticket,
});

/** A rating that stands on the ticket with its day, of sources that tell no ratings as events. */
const ratedItself = (name: string, label: string, kind: string): Measure => ({
  ...counted,
  name,
  label,
  table: 'ticket',
  day: 'tz(f.csat_at)',
  when: `f.csat = '${kind}'`,
  dimensions: ticket,
});

/** Verdicts on service levels, on the day they fell. */
const verdict = (name: string, label: string, breached: boolean, metric = 'true'): Measure => ({
  ...counted,
  name,
  label,
  table: 'ticket_event',
  day: 'tz(f.judged_at)',
  when: `f.breached is ${breached} and ${metric} and ${itsTicketLives}`,
  dimensions: ticket,
});

const firstReply = "f.metric in ('reply_time', 'first_reply_time')";
const wait = "f.metric = 'requester_wait_time'";

export const supportMeasures: readonly Measure[] = [
  {
    ...counted,
    name: 'tickets_created',
    label: 'tickets created',
    table: 'ticket',
    day: 'tz(f.created_at)',
    dimensions: ticket,
  },
  {
    ...counted,
    name: 'tickets_solved',
    label: 'tickets solved',
    table: 'ticket',
    day: 'tz(f.solved_at)',
    dimensions: ticket,
  },
  {
    ...counted,
    name: 'tickets_one_touch',
    label: 'solved with one reply',
    table: 'ticket',
    day: 'tz(f.solved_at)',
    when: 'f.replies = 1',
    dimensions: ticket,
  },
  {
    ...counted,
    name: 'tickets_reopened',
    label: 'solved tickets that were reopened',
    table: 'ticket',
    day: 'tz(f.solved_at)',
    when: 'f.reopens > 0',
    dimensions: ticket,
  },
  {
    ...timed,
    name: 'reply_seconds',
    label: 'seconds from creation to the first reply',
    table: 'ticket',
    day: 'tz(f.created_at)',
    value: 'extract(epoch from f.first_replied_at - f.created_at)::bigint',
    when: 'f.first_replied_at >= f.created_at',
    dimensions: ticket,
  },
  {
    ...timed,
    name: 'reply_business_seconds',
    label: 'working seconds from creation to the first reply',
    table: 'ticket',
    day: 'tz(f.created_at)',
    value: 'f.first_reply_business_seconds',
    when: 'f.first_reply_business_seconds is not null',
    dimensions: ticket,
  },
  {
    ...timed,
    name: 'first_solution_seconds',
    label: 'seconds from creation to the first solution',
    table: 'ticket',
    day: 'tz(f.first_solved_at)',
    value: 'extract(epoch from f.first_solved_at - f.created_at)::bigint',
    when: 'f.first_solved_at >= f.created_at',
    dimensions: ticket,
  },
  {
    ...timed,
    name: 'resolution_seconds',
    label: 'seconds from creation to resolution',
    table: 'ticket',
    day: 'tz(f.solved_at)',
    value: 'extract(epoch from f.solved_at - f.created_at)::bigint',
    when: 'f.solved_at >= f.created_at',
    dimensions: ticket,
  },
  {
    ...timed,
    name: 'resolution_business_seconds',
    label: 'working seconds from creation to resolution',
    table: 'ticket',
    day: 'tz(f.solved_at)',
    value: 'f.resolution_business_seconds',
    when: 'f.resolution_business_seconds is not null',
    dimensions: ticket,
  },
  inStatus('tickets_new', 'new tickets', "f.value = 'new'"),
  // A status of the company's own that is none of the known ones is work to do.
  inStatus(
    'tickets_open',
    'open tickets',
    "f.value not in ('new', 'pending', 'hold', 'solved', 'closed', 'deleted')",
  ),
  inStatus('tickets_pending', 'tickets waiting for the customer', "f.value = 'pending'"),
  inStatus('tickets_on_hold', 'tickets on hold', "f.value = 'hold'"),
  {
    name: 'tickets_unfollowed',
    label: 'open tickets whose changes of status are not known',
    table: 'ticket',
    day: 'tz(f.created_at)',
    ends: 'tz(f.solved_at)',
    when: 'f.followed is not true',
    unit: 'count',
    kind: 'stock',
    dimensions: ticket,
  },
  rated('ratings_good', 'tickets rated good', 'good'),
  rated('ratings_bad', 'tickets rated bad', 'bad'),
  rated('ratings_offered', 'tickets asked for a rating that gave none', 'offered'),
  ratedItself('tickets_good', 'tickets that hold a good rating', 'good'),
  ratedItself('tickets_bad', 'tickets that hold a bad rating', 'bad'),
  ratedItself('tickets_offered', 'tickets that hold a request for a rating', 'offered'),
  verdict('sla_met', 'SLA targets met', false),
  verdict('sla_breached', 'SLA targets breached', true),
  verdict('sla_reply_met', 'first-reply targets met', false, firstReply),
  verdict('sla_reply_breached', 'first-reply targets breached', true, firstReply),
  verdict('sla_wait_met', 'requester-wait targets met', false, wait),
  verdict('sla_wait_breached', 'requester-wait targets breached', true, wait),
  {
    ...counted,
    name: 'chats_started',
    label: 'conversations started',
    table: 'conversation',
    day: 'tz(f.created_at)',
    dimensions: conversation,
  },
  {
    ...counted,
    name: 'chats_rated',
    label: 'conversations rated',
    table: 'conversation',
    day: 'tz(f.rated_at)',
    when: 'f.rating is not null',
    dimensions: conversation,
  },
  {
    ...counted,
    name: 'chats_rated_good',
    label: 'conversations rated 4 or 5',
    table: 'conversation',
    day: 'tz(f.rated_at)',
    when: 'f.rating >= 4',
    dimensions: conversation,
  },
  {
    ...counted,
    name: 'promoters',
    label: 'promoters (9–10)',
    table: 'survey',
    day: 'tz(f.responded_at)',
    when: "f.kind = 'nps' and f.score >= 9",
    dimensions: customer,
  },
  {
    ...counted,
    name: 'detractors',
    label: 'detractors (0–6)',
    table: 'survey',
    day: 'tz(f.responded_at)',
    when: "f.kind = 'nps' and f.score <= 6",
    dimensions: customer,
  },
  {
    ...counted,
    name: 'nps_answers',
    label: 'NPS answers',
    table: 'survey',
    day: 'tz(f.responded_at)',
    when: "f.kind = 'nps' and f.score is not null",
    dimensions: customer,
  },
];
