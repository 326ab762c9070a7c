import { createDemand } from '../demand.ts';
import type { Company } from '../model.ts';
import type { Stored } from '../records.ts';
import { teamOf } from '../staff.ts';
import { epochSeconds, zendeskStamp } from '../stamps.ts';
import { serviceLevels, writeMetricEvent, writeTicketEvent } from '../ticket-events.ts';
import { liveTicket, type Priority } from '../ticket-life.ts';
import { businessMinutes, writeTicket } from '../ticket-records.ts';
import { type Action, pickRecord } from './action.ts';

const systems = ['zendesk'];

const create: Action = (company, random, at) => {
  const who = createDemand(company, (p) => p.zendeskId !== null)(random, at);
  if (!who) return null;
  const agent = random.pick(teamOf(company, 'Support'));
  const life = liveTicket(company, random, { person: who.person, agent, createdAt: at, surge: false });
  // It has only just been written: what follows comes in later ticks.
  const fresh = {
    repliedAt: null,
    replyMinutes: null,
    firstSolvedAt: null,
    reopenedAt: null,
    solvedAt: null,
    closedAt: null,
    ratedAt: null,
  };
  writeTicket(company, { ...life, ...fresh, replies: 0, offered: false, rating: null, stuck: false }, at);
  return { systems, what: `${who.customer.firm.stem} opens ticket ${life.id}: ${life.subject}` };
};

type MetricSet = Record<string, unknown> & { replies: number };

/** Writes a ticket again with new fields and its stamps moved to `at`. */
function patch(
  company: Company,
  stored: Stored,
  at: number,
  fields: Record<string, unknown>,
  metrics: Record<string, unknown> = {},
): void {
  const stamp = zendeskStamp(at);
  const record = {
    ...stored.record,
    ...fields,
    updated_at: stamp,
    generated_timestamp: epochSeconds(at),
    metric_set: { ...(stored.record.metric_set as MetricSet), ...metrics, updated_at: stamp },
  };
  company.zendesk.put('tickets', stored.id, record, at);
}

const span = (company: Company, stored: Stored, at: number) => ({
  calendar: Math.round((at - stored.createdAt) / 60_000),
  business: businessMinutes(company, stored.createdAt, at),
});

/** Ends a service level: breached first if it took longer than allowed. */
function settle(
  company: Company,
  stored: Stored,
  metric: 'reply_time' | 'requester_wait_time',
  at: number,
): void {
  const id = stored.record.id as number;
  const allowed = serviceLevels[stored.record.priority as Priority][metric];
  // A target breaches once: the one that history already breached only ends here.
  const breached = [...company.zendesk.all('ticket_metric_events')].some(
    ({ record }) => record.ticket_id === id && record.metric === metric && record.type === 'breach',
  );
  if (!breached && businessMinutes(company, stored.createdAt, at)! > allowed)
    writeMetricEvent(company, id, metric, 'breach', at);
  writeMetricEvent(company, id, metric, 'fulfill', at);
}

const reply: Action = (company, random, at) => {
  const stored = pickRecord(random, company.zendesk.all('tickets'), (t) => t.status === 'new');
  if (!stored || stored.modifiedAt > at) return null;
  const id = stored.record.id as number;
  const agent = random.pick(teamOf(company, 'Support'));
  const status = random.chance(0.5) ? 'open' : 'pending';
  patch(
    company,
    stored,
    at,
    { status, assignee_id: agent.zendeskUserId },
    {
      replies: 1,
      reply_time_in_minutes: span(company, stored, at),
      initially_assigned_at: zendeskStamp(at),
    },
  );
  writeTicketEvent(
    company,
    id,
    at,
    { event_type: 'Change', status, previous_value: 'new' },
    agent.zendeskUserId,
  );
  settle(company, stored, 'reply_time', at);
  return { systems, what: `${agent.name} answers ticket ${id}` };
};

const solve: Action = (company, random, at) => {
  const stored = pickRecord(
    random,
    company.zendesk.all('tickets'),
    (t) => t.status === 'open' || t.status === 'pending' || t.status === 'hold',
  );
  if (!stored || stored.modifiedAt > at) return null;
  const id = stored.record.id as number;
  const metrics = stored.record.metric_set as Record<string, { calendar: number | null }>;
  const first = metrics.first_resolution_time_in_minutes!.calendar === null;
  const offered = random.chance(0.56);
  patch(
    company,
    stored,
    at,
    { status: 'solved', satisfaction_rating: { score: offered ? 'offered' : 'unoffered' } },
    {
      ...(first ? { first_resolution_time_in_minutes: span(company, stored, at) } : {}),
      full_resolution_time_in_minutes: span(company, stored, at),
      solved_at: zendeskStamp(at),
    },
  );
  writeTicketEvent(company, id, at, {
    event_type: 'Change',
    status: 'solved',
    previous_value: stored.record.status,
  });
  if (first) settle(company, stored, 'requester_wait_time', at);
  if (offered) {
    const rating = company.ids.zendesk('satisfaction_ratings');
    const stamp = zendeskStamp(at);
    const row = {
      id: rating,
      ticket_id: id,
      score: 'offered',
      assignee_id: stored.record.assignee_id,
      created_at: stamp,
      updated_at: stamp,
    };
    company.zendesk.put('satisfaction_ratings', String(rating), row, at);
  }
  return { systems, what: `ticket ${id} is solved` };
};

/** How long people still answer a survey. */
const RATED_WITHIN_MS = 5 * 86_400_000;

const rate: Action = (company, random, at) => {
  const stored = pickRecord(
    random,
    company.zendesk.all('satisfaction_ratings'),
    (r) => r.score === 'offered' && Date.parse(r.created_at as string) > at - RATED_WITHIN_MS,
  );
  const ticket = stored && company.zendesk.get('tickets', String(stored.record.ticket_id));
  if (!stored || !ticket || ticket.gone || ticket.modifiedAt > at) return null;
  const score = random.chance(0.88) ? 'good' : 'bad';
  company.zendesk.put(
    'satisfaction_ratings',
    stored.id,
    { ...stored.record, score, updated_at: zendeskStamp(at) },
    at,
  );
  patch(company, ticket, at, { satisfaction_rating: { score } });
  return { systems, what: `ticket ${ticket.id} is rated ${score}` };
};

export const ticketActions = [
  [create, 16],
  [reply, 14],
  [solve, 13],
  [rate, 6],
] as const;
