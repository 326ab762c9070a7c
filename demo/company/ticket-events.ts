import type { Company } from './model.ts';
import { epochSeconds, zendeskStamp } from './stamps.ts';
import type { Priority, TicketLife } from './ticket-life.ts';
import { writeRecord } from './write-record.ts';

/** Service levels in business minutes. */
export const serviceLevels: Record<Priority, { reply_time: number; requester_wait_time: number }> = {
  urgent: { reply_time: 60, requester_wait_time: 480 },
  high: { reply_time: 240, requester_wait_time: 1200 },
  normal: { reply_time: 480, requester_wait_time: 2400 },
  low: { reply_time: 960, requester_wait_time: 4200 },
};

/** Creation, replies and every change of status. */
export function writeTicketEvents(company: Company, life: TicketLife): void {
  writeTicketEvent(company, life.id, life.createdAt, {
    event_type: 'Create',
    status: 'new',
    priority: life.priority,
    subject: life.subject,
  });
  if (life.repliedAt !== null) {
    writeTicketEvent(
      company,
      life.id,
      life.repliedAt,
      { event_type: 'Change', status: life.replies > 2 ? 'open' : 'pending', previous_value: 'new' },
      life.agent.zendeskUserId,
    );
  }
  const beforeSolved = life.replies > 2 ? 'open' : 'pending';
  if (life.firstSolvedAt !== null) {
    writeTicketEvent(company, life.id, life.firstSolvedAt, {
      event_type: 'Change',
      status: 'solved',
      previous_value: beforeSolved,
    });
  }
  if (life.reopenedAt !== null) {
    writeTicketEvent(company, life.id, life.reopenedAt, {
      event_type: 'Change',
      status: 'open',
      previous_value: 'solved',
    });
    if (life.solvedAt !== null) {
      writeTicketEvent(company, life.id, life.solvedAt, {
        event_type: 'Change',
        status: 'solved',
        previous_value: 'open',
      });
    }
  }
  if (life.closedAt !== null) {
    writeTicketEvent(company, life.id, life.closedAt, {
      event_type: 'Change',
      status: 'closed',
      previous_value: 'solved',
    });
  }
}

/** One audit with one change, and the public comment that came with it when an agent replied. */
export function writeTicketEvent(
  company: Company,
  ticketId: number,
  at: number,
  child: Record<string, unknown>,
  repliedBy?: number,
): void {
  const id = company.ids.zendesk('ticket_events');
  const children: Record<string, unknown>[] = [
    { id: company.ids.zendesk('child_events'), via: 'Web form', ...child },
  ];
  if (repliedBy !== undefined) {
    children.push({
      id: company.ids.zendesk('child_events'),
      event_type: 'Comment',
      public: true,
      author_id: repliedBy,
    });
  }
  const record = {
    id,
    ticket_id: ticketId,
    timestamp: epochSeconds(at),
    created_at: zendeskStamp(at),
    child_events: children,
  };
  company.zendesk.put('ticket_events', String(id), record, at);
}

/** For both service levels: activated with the ticket, breached when due passes, fulfilled by reply or solution. */
export function writeMetricEvents(company: Company, life: TicketLife, until: number): void {
  const level = serviceLevels[life.priority];
  const write = (metric: keyof typeof level, done: number | null) => {
    const due = company.calendar.addBusinessMinutes(life.createdAt, level[metric]);
    writeMetricEvent(company, life.id, metric, 'activate', life.createdAt);
    if (due < (done ?? Number.MAX_SAFE_INTEGER) && due <= until)
      writeMetricEvent(company, life.id, metric, 'breach', due);
    if (done !== null) writeMetricEvent(company, life.id, metric, 'fulfill', done);
  };
  write('reply_time', life.repliedAt);
  write('requester_wait_time', life.firstSolvedAt);
}

export function writeMetricEvent(
  company: Company,
  ticketId: number,
  metric: string,
  type: 'activate' | 'fulfill' | 'breach',
  at: number,
): void {
  const id = company.ids.zendesk('ticket_metric_events');
  const record: Record<string, unknown> = {
    id,
    ticket_id: ticketId,
    metric,
    instance_id: 1,
    type,
    time: zendeskStamp(at),
    deleted: false,
  };
  company.zendesk.put('ticket_metric_events', String(id), record, at);
}

/** A rating row exists from the moment it is offered; the answer changes it. */
export function writeRating(company: Company, life: TicketLife): void {
  const id = company.ids.zendesk('satisfaction_ratings');
  const changed = life.ratedAt ?? life.solvedAt!;
  const record = {
    id,
    ticket_id: life.id,
    score: life.rating ?? 'offered',
    assignee_id: life.agent.zendeskUserId,
    created_at: zendeskStamp(life.solvedAt!),
    updated_at: zendeskStamp(changed),
  };
  writeRecord(company.zendesk, 'satisfaction_ratings', String(id), record, {
    created: life.solvedAt!,
    changed,
  });
}
