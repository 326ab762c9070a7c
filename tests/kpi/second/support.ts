/** Support and success, from Zendesk's tickets and events, Intercom's conversations and the survey file. */
import type { World } from '../../../demo/company/records.ts';
import {
  dayReader,
  inside,
  live,
  millis,
  orUnknown,
  type Pick,
  percent,
  percentile,
  ratio,
  type SecondFigures,
  type Span,
  sum,
} from './raw.ts';

type TicketRecord = {
  id: number;
  priority: string;
  via: { channel: string };
  assignee_id: number | null;
  product: string;
  created_at: string;
  metric_set: {
    replies: number;
    reopens: number;
    reply_time_in_minutes: { calendar: number | null };
    solved_at: string | null;
  };
};
type MetricEvent = {
  ticket_id: number;
  metric: string;
  instance_id: number;
  type: string;
  time: string;
  deleted: boolean;
};
type ConversationRecord = {
  created_at: number;
  admin_assignee_id: number | null;
  custom_attributes: { product?: string };
  conversation_rating: { rating: number; created_at: number } | null;
};

export function support(world: World): SecondFigures {
  const dayOf = dayReader(world.options.timeZone);
  const { zendesk, intercom, files } = world;
  const agents = new Map(
    live<{ id: number; name: string }>(zendesk, 'users').map((user) => [user.id, user.name]),
  );
  const admins = new Map(
    live<{ id: string; name: string }>(intercom, 'admins').map((admin) => [Number(admin.id), admin.name]),
  );
  const tickets = live<TicketRecord>(zendesk, 'tickets').map((record) => ({
    id: record.id,
    created: dayOf(record.created_at),
    solved: record.metric_set.solved_at === null ? null : dayOf(record.metric_set.solved_at),
    hours:
      record.metric_set.solved_at === null
        ? null
        : (millis(record.metric_set.solved_at) - millis(record.created_at)) / 3_600_000,
    replyMinutes: record.metric_set.reply_time_in_minutes.calendar,
    replies: record.metric_set.replies,
    reopens: record.metric_set.reopens,
    dims: {
      owner: record.assignee_id === null ? null : (agents.get(record.assignee_id) ?? null),
      product: record.product,
      priority: record.priority,
      channel: record.via.channel,
    },
  }));
  type Ticket = (typeof tickets)[number];
  const known = new Set(tickets.map((ticket) => ticket.id));

  // The latest rating of a ticket counts; deleted tickets have none.
  const latest = new Map<number, { score: string; at: string }>();
  for (const r of live<{ ticket_id: number; score: string; updated_at: string }>(
    zendesk,
    'satisfaction_ratings',
  )) {
    if (!known.has(r.ticket_id) || (r.score !== 'good' && r.score !== 'bad')) continue;
    const before = latest.get(r.ticket_id);
    if (!before || before.at <= r.updated_at) latest.set(r.ticket_id, { score: r.score, at: r.updated_at });
  }
  const chats = live<ConversationRecord>(intercom, 'conversations').map((record) => ({
    day: dayOf(record.created_at * 1000),
    rating: record.conversation_rating?.rating ?? null,
    rated: record.conversation_rating ? dayOf(record.conversation_rating.created_at * 1000) : null,
    dims: {
      owner: record.admin_assignee_id === null ? null : (admins.get(record.admin_assignee_id) ?? null),
      product: record.custom_attributes.product ?? null,
    },
  }));
  const ratings = [
    ...[...latest.values()].map(({ score, at }) => ({ day: dayOf(at), good: score === 'good' })),
    ...chats.flatMap(({ rating, rated }) =>
      rating === null || rated === null ? [] : [{ day: rated, good: rating >= 4 }],
    ),
  ];

  // A target that was breached stays breached, whenever it is fulfilled at last.
  const targets = new Map<string, { breached: string | null; fulfilled: string | null }>();
  for (const event of live<MetricEvent>(zendesk, 'ticket_metric_events')) {
    if (event.deleted || !known.has(event.ticket_id)) continue;
    const key = `${event.ticket_id} ${event.metric} ${event.instance_id}`;
    const target = targets.get(key) ?? { breached: null, fulfilled: null };
    if (event.type === 'breach') target.breached = dayOf(event.time);
    if (event.type === 'fulfill') target.fulfilled = dayOf(event.time);
    targets.set(key, target);
  }
  const answers = live<{ answered_at: string; score: number }>(files, 'nps.csv').map((row) => ({
    day: dayOf(row.answered_at),
    score: row.score,
  }));

  const solvedIn = (list: readonly Ticket[], span: Span) => list.filter((t) => inside(t.solved, span));
  const replied = (list: readonly Ticket[], span: Span) =>
    list.filter((t) => inside(t.created, span) && t.replyMinutes !== null).map((t) => t.replyMinutes!);
  const created = tickets.map((t) => t.created);
  const whole = (value: (span: Span) => number | null) => ({ by: [], records: [], value });
  const figure = (value: (span: Span, list: readonly Ticket[]) => number | null) => ({
    by: ['owner', 'product', 'priority', 'channel'] as const,
    records: tickets,
    value: (span: Span, pick: Pick) => value(span, pick(tickets)),
  });

  return {
    tickets_created: figure((span, list) =>
      orUnknown(created, span, list.filter((t) => inside(t.created, span)).length),
    ),
    tickets_solved: figure((span, list) =>
      orUnknown(
        tickets.map((t) => t.solved),
        span,
        solvedIn(list, span).length,
      ),
    ),
    backlog: figure((span, list) =>
      orUnknown(
        created,
        span,
        list.filter((t) => t.created < span.to && (t.solved === null || t.solved >= span.to)).length,
      ),
    ),
    first_response: figure((span, list) => percentile(replied(list, span), 0.5)),
    first_response_p90: figure((span, list) => percentile(replied(list, span), 0.9)),
    resolution_time: figure((span, list) => {
      const solved = solvedIn(list, span);
      return ratio(
        sum(solved, (t) => t.hours!),
        solved.length,
      );
    }),
    one_touch: figure((span, list) => {
      const solved = solvedIn(list, span);
      return percent(solved.filter((t) => t.replies === 1).length, solved.length);
    }),
    reopen_rate: figure((span, list) => {
      const solved = solvedIn(list, span);
      return percent(solved.filter((t) => t.reopens > 0).length, solved.length);
    }),
    csat: whole((span) => {
      const given = ratings.filter((r) => inside(r.day, span));
      return percent(given.filter((r) => r.good).length, given.length);
    }),
    sla_attainment: whole((span) => {
      const all = [...targets.values()];
      const breached = all.filter((t) => inside(t.breached, span)).length;
      const met = all.filter((t) => t.breached === null && inside(t.fulfilled, span)).length;
      return percent(met, met + breached);
    }),
    conversations: {
      by: ['owner', 'product'],
      records: chats,
      value: (span, pick) =>
        orUnknown(
          chats.map((c) => c.day),
          span,
          pick(chats).filter((c) => inside(c.day, span)).length,
        ),
    },
    nps: whole((span) => {
      const given = answers.filter((a) => inside(a.day, span));
      const promoters = given.filter((a) => a.score >= 9).length;
      const detractors = given.filter((a) => a.score <= 6).length;
      return percent(promoters - detractors, given.length);
    }),
  };
}
