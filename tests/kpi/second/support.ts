/** Support and success, from Zendesk's tickets and events, Intercom's conversations and the survey file. */
import type { World } from '../../../demo/company/records.ts';
import {
  type Dims,
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
    reply_time_in_minutes: { calendar: number | null; business: number | null };
    first_resolution_time_in_minutes: { calendar: number | null };
    full_resolution_time_in_minutes: { business: number | null };
    solved_at: string | null;
  };
};
type Audit = {
  ticket_id: number;
  created_at: string;
  child_events: { id: number; event_type: string; status?: string }[];
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
    replyWorkingMinutes: record.metric_set.reply_time_in_minutes.business,
    // First solutions are told in whole minutes, and the last one cuts them off.
    firstSolvedAt:
      record.metric_set.first_resolution_time_in_minutes.calendar === null
        ? null
        : Math.min(
            millis(record.created_at) + record.metric_set.first_resolution_time_in_minutes.calendar * 60_000,
            record.metric_set.solved_at === null
              ? Number.POSITIVE_INFINITY
              : millis(record.metric_set.solved_at),
          ),
    createdAt: millis(record.created_at),
    workingHours:
      record.metric_set.solved_at === null
        ? null
        : record.metric_set.full_resolution_time_in_minutes.business! / 60,
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
  const known = new Map(tickets.map((ticket) => [ticket.id, ticket]));

  // The latest rating of a ticket counts; deleted tickets have none.
  const latest = new Map<number, { score: string; at: string }>();
  const asked = new Map<number, string>();
  for (const r of live<{ ticket_id: number; score: string; updated_at: string }>(
    zendesk,
    'satisfaction_ratings',
  )) {
    if (!known.has(r.ticket_id)) continue;
    if (r.score === 'offered') asked.set(r.ticket_id, r.updated_at);
    if (r.score !== 'good' && r.score !== 'bad') continue;
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
  const ticketRatings = [...latest].map(([id, { score, at }]) => ({
    day: dayOf(at),
    good: score === 'good',
    dims: known.get(id)!.dims,
  }));
  const unanswered = [...asked]
    .filter(([id]) => !latest.has(id))
    .map(([id, at]) => ({ day: dayOf(at), dims: known.get(id)!.dims }));
  const ratings = [
    ...ticketRatings.map((rating) => ({
      ...rating,
      dims: { owner: rating.dims.owner, product: rating.dims.product },
    })),
    ...chats.flatMap(({ rating, rated, dims }) =>
      rating === null || rated === null ? [] : [{ day: rated, good: rating >= 4, dims }],
    ),
  ];

  // A target that was breached stays breached, whenever it is fulfilled at last.
  const targets = new Map<
    string,
    { metric: string; breached: string | null; fulfilled: string | null; dims: Dims }
  >();
  for (const event of live<MetricEvent>(zendesk, 'ticket_metric_events')) {
    const ticket = known.get(event.ticket_id);
    if (event.deleted || !ticket) continue;
    const key = `${event.ticket_id} ${event.metric} ${event.instance_id}`;
    const target = targets.get(key) ?? {
      metric: event.metric,
      breached: null,
      fulfilled: null,
      dims: ticket.dims,
    };
    if (event.type === 'breach') target.breached = dayOf(event.time);
    if (event.type === 'fulfill') target.fulfilled = dayOf(event.time);
    targets.set(key, target);
  }
  // The spells in which a ticket waits for somebody: from each change of status to the next, unless solved or closed.
  const changes = new Map<number, { day: string; at: number; id: number; status: string }[]>();
  for (const audit of live<Audit>(zendesk, 'ticket_events')) {
    for (const child of audit.child_events) {
      if (child.status === undefined || (child.event_type !== 'Create' && child.event_type !== 'Change'))
        continue;
      const list = changes.get(audit.ticket_id) ?? [];
      list.push({
        day: dayOf(audit.created_at),
        at: millis(audit.created_at),
        id: child.id,
        status: child.status,
      });
      changes.set(audit.ticket_id, list);
    }
  }
  for (const list of changes.values()) list.sort((a, b) => a.at - b.at || a.id - b.id);
  const isOpenAt = (ticket: Ticket, edge: string) => {
    const last = (changes.get(ticket.id) ?? []).filter((change) => change.day < edge).at(-1);
    return last !== undefined && last.status !== 'solved' && last.status !== 'closed';
  };
  const subscriptions = live<{
    customer_id: string;
    mrr_cents: number;
    started_on: string;
    ended_on: string | null;
  }>(world.billing, 'subscriptions');
  const payingAt = (edge: string) => {
    const cents = new Map<string, number>();
    for (const s of subscriptions)
      if (s.started_on < edge && (s.ended_on === null || s.ended_on >= edge))
        cents.set(s.customer_id, (cents.get(s.customer_id) ?? 0) + s.mrr_cents);
    return [...cents.values()].filter((value) => value > 0).length;
  };
  const answers = live<{ answered_at: string; score: number }>(files, 'nps.csv').map((row) => ({
    day: dayOf(row.answered_at),
    score: row.score,
  }));

  const solvedIn = (list: readonly Ticket[], span: Span) => list.filter((t) => inside(t.solved, span));
  const replied = (list: readonly Ticket[], span: Span) =>
    list.filter((t) => inside(t.created, span) && t.replyMinutes !== null).map((t) => t.replyMinutes!);
  const repliedAtWork = (list: readonly Ticket[], span: Span) =>
    list
      .filter((t) => inside(t.created, span) && t.replyWorkingMinutes !== null)
      .map((t) => t.replyWorkingMinutes!);
  const mean = (values: readonly number[]) =>
    ratio(
      sum(values, (value) => value),
      values.length,
    );
  const agentDays = (list: readonly Ticket[], span: Span) =>
    new Set(
      solvedIn(list, span).flatMap((t) => (t.dims.owner === null ? [] : [`${t.dims.owner} ${t.solved}`])),
    ).size;
  const attainment = (counts: (metric: string) => boolean) => ({
    by: ['owner', 'product', 'priority', 'channel'] as const,
    records: [...targets.values()],
    value: (span: Span, pick: Pick) => {
      const all = pick([...targets.values()]).filter((t) => counts(t.metric));
      const breached = all.filter((t) => inside(t.breached, span)).length;
      const met = all.filter((t) => t.breached === null && inside(t.fulfilled, span)).length;
      return percent(met, met + breached);
    },
  });
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
      orUnknown(created, span, list.filter((t) => isOpenAt(t, span.to)).length),
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
    first_response_mean: figure((span, list) => mean(replied(list, span))),
    first_response_business: figure((span, list) => percentile(repliedAtWork(list, span), 0.5)),
    first_response_business_p90: figure((span, list) => percentile(repliedAtWork(list, span), 0.9)),
    first_response_business_mean: figure((span, list) => mean(repliedAtWork(list, span))),
    first_resolution_time: figure((span, list) =>
      mean(
        list
          .filter((t) => t.firstSolvedAt !== null && inside(dayOf(t.firstSolvedAt), span))
          .map((t) => (t.firstSolvedAt! - t.createdAt) / 3_600_000),
      ),
    ),
    resolution_median: figure((span, list) =>
      percentile(
        solvedIn(list, span).map((t) => t.hours!),
        0.5,
      ),
    ),
    resolution_p90: figure((span, list) =>
      percentile(
        solvedIn(list, span).map((t) => t.hours!),
        0.9,
      ),
    ),
    resolution_business_time: figure((span, list) => mean(solvedIn(list, span).map((t) => t.workingHours!))),
    resolution_business_median: figure((span, list) =>
      percentile(
        solvedIn(list, span).map((t) => t.workingHours!),
        0.5,
      ),
    ),
    resolution_business_p90: figure((span, list) =>
      percentile(
        solvedIn(list, span).map((t) => t.workingHours!),
        0.9,
      ),
    ),
    // Counted, not kept as a sum: no record in the period is "no records".
    agent_days: figure((span, list) => agentDays(list, span) || null),
    agent_throughput: figure((span, list) => ratio(solvedIn(list, span).length, agentDays(list, span))),
    contact_rate: whole((span) =>
      ratio(
        orUnknown(created, span, tickets.filter((t) => inside(t.created, span)).length),
        payingAt(span.to),
      ),
    ),
    csat: {
      by: ['owner', 'product'],
      records: ratings,
      value: (span, pick) => {
        const given = pick(ratings).filter((r) => inside(r.day, span));
        return percent(given.filter((r) => r.good).length, given.length);
      },
    },
    csat_response_rate: {
      by: ['owner', 'product', 'priority', 'channel'],
      records: [...ticketRatings, ...unanswered],
      value: (span, pick) => {
        const given = pick(ticketRatings).filter((r) => inside(r.day, span)).length;
        return percent(given, given + pick(unanswered).filter((r) => inside(r.day, span)).length);
      },
    },
    sla_attainment: attainment(() => true),
    sla_first_reply: attainment((metric) => metric === 'reply_time'),
    sla_requester_wait: attainment((metric) => metric === 'requester_wait_time'),
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
