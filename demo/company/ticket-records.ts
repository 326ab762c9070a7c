import type { Company } from './model.ts';
import { epochSeconds, zendeskStamp } from './stamps.ts';
import { writeMetricEvents, writeRating, writeTicketEvents } from './ticket-events.ts';
import type { TicketLife } from './ticket-life.ts';
import { writeRecord } from './write-record.ts';

const calendarMinutes = (from: number, to: number | null) =>
  to === null ? null : Math.round((to - from) / 60_000);

/** Minutes Monday to Friday, 08:00–18:00, between two instants: walks the days, as the schedule is defined. */
export function businessMinutes(company: Company, from: number, to: number | null): number | null {
  if (to === null) return null;
  const { calendar } = company;
  let sum = 0;
  for (let day = calendar.dayOf(from); day <= calendar.dayOf(to); day++) {
    if (!calendar.isWorkday(day)) continue;
    const opens = calendar.at(day, 8 * 3600);
    const closes = calendar.at(day, 18 * 3600);
    sum += Math.max(0, Math.min(to, closes) - Math.max(from, opens));
  }
  return Math.round(sum / 60_000);
}

/** Writes the ticket with all that belongs to it; `until` is the present, after which nothing is known yet. */
export function writeTicket(company: Company, life: TicketLife, until: number): void {
  writeTicketEvents(company, life);
  writeMetricEvents(company, life, until);
  if (life.offered) writeRating(company, life);

  const status = life.closedAt
    ? 'closed'
    : life.solvedAt
      ? 'solved'
      : life.repliedAt === null
        ? 'new'
        : life.stuck
          ? 'hold'
          : life.reopenedAt !== null || life.replies > 2
            ? 'open'
            : 'pending';
  const changed = Math.max(
    life.createdAt,
    ...[
      life.repliedAt,
      life.firstSolvedAt,
      life.reopenedAt,
      life.solvedAt,
      life.closedAt,
      life.ratedAt,
    ].filter((t) => t !== null),
  );
  const record = {
    id: life.id,
    subject: life.subject,
    status,
    priority: life.priority,
    type: life.tags.includes('release_connect') ? 'incident' : 'question',
    via: { channel: life.channel },
    requester_id: life.person.zendeskId,
    assignee_id: life.repliedAt === null ? null : life.agent.zendeskUserId,
    organization_id: life.person.firm!.zendeskOrganizationId,
    group_id: 1,
    tags: life.tags,
    product: life.product,
    satisfaction_rating: { score: life.rating ?? (life.offered ? 'offered' : 'unoffered') },
    created_at: zendeskStamp(life.createdAt),
    updated_at: zendeskStamp(changed),
    generated_timestamp: epochSeconds(changed),
    metric_set: metricSet(company, life, changed),
  };
  writeRecord(company.zendesk, 'tickets', String(life.id), record, { created: life.createdAt, changed });
}

function metricSet(company: Company, life: TicketLife, changed: number) {
  const span = (to: number | null, business = businessMinutes(company, life.createdAt, to)) => ({
    calendar: calendarMinutes(life.createdAt, to),
    business,
  });
  return {
    ticket_id: life.id,
    created_at: zendeskStamp(life.createdAt),
    updated_at: zendeskStamp(changed),
    reopens: life.reopenedAt === null ? 0 : 1,
    replies: life.replies,
    reply_time_in_minutes: span(life.repliedAt, life.replyMinutes),
    first_resolution_time_in_minutes: span(life.firstSolvedAt),
    full_resolution_time_in_minutes: span(life.solvedAt),
    solved_at: life.solvedAt === null ? null : zendeskStamp(life.solvedAt),
    initially_assigned_at: life.repliedAt === null ? null : zendeskStamp(life.repliedAt),
  };
}
