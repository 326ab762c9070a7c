/**
 * Of each ticket: its times in working seconds, and, where its source tells none of them, when it was answered and
 * solved, from its comments and changes of status. First reply: the first public comment of an agent after the creation
 * (notes and the agent's own opening message are no replies). Solved: it became solved or closed and is so now.
 * Working time: by the schedules of the configuration; else what the source counted itself, which knows best which of its
 * schedules a ticket had when; else by the schedules that the source has.
 */
import type { Judgement } from './judgement.ts';

const isReply = `e.metric = 'comment' and e.kind = 'public' and e.value = 'agent' and e.at > k.created_at`;
const isDone = (value: string) => `${value} in ('solved', 'closed')`;

export const tickets: Judgement = {
  table: 'ticket',
  columns: [
    'from_events',
    'followed',
    'first_replied_at',
    'first_solved_at',
    'solved_at',
    'replies',
    'reopens',
    'first_reply_business_seconds',
    'first_solution_business_seconds',
    'resolution_business_seconds',
  ],
  select: `
    select t.system, t.id, nullif(t.derived, false) as from_events, coalesce(t.followed, false) as followed,
      t.first_replied_at, t.first_solved_at, t.solved_at, t.replies, t.reopens,
      coalesce(case when t.configured then ticket_business_seconds(t.system, t.id, t.created_at, t.first_replied_at) end,
        case when t.first_replied_at is not null then t.first_reply_business_minutes::bigint * 60 end,
        case when t.scheduled then ticket_business_seconds(t.system, t.id, t.created_at, t.first_replied_at) end) as first_reply_business_seconds,
      coalesce(case when t.configured then ticket_business_seconds(t.system, t.id, t.created_at, t.first_solved_at) end,
        case when t.first_solved_at is not null then t.first_solution_business_minutes::bigint * 60 end,
        case when t.scheduled then ticket_business_seconds(t.system, t.id, t.created_at, t.first_solved_at) end) as first_solution_business_seconds,
      coalesce(case when t.configured then ticket_business_seconds(t.system, t.id, t.created_at, t.solved_at) end,
        case when t.solved_at is not null then t.resolution_business_minutes::bigint * 60 end,
        case when t.scheduled then ticket_business_seconds(t.system, t.id, t.created_at, t.solved_at) end) as resolution_business_seconds
    from (
      select k.system, k.id, k.created_at, k.first_reply_business_minutes, k.first_solution_business_minutes, k.resolution_business_minutes,
        v.derived, life.first_at <= k.created_at + interval '1 minute' as followed,
        (select exists (select from support_schedule where source is null)) as configured,
        (select exists (select from support_schedule)) as scheduled,
        case when v.told then k.first_replied_at when v.derived then reply.first_at end as first_replied_at,
        case when v.told then k.first_solved_at when v.derived then life.first_done_at end as first_solved_at,
        case when v.told then k.solved_at when v.derived and life.is_done then life.last_done_at end as solved_at,
        case when v.told then k.replies when v.derived then reply.n::int end as replies,
        case when v.told then k.reopens when v.derived then life.reopens::int end as reopens
      from chosen c
      join ticket k on k.tenant = 1 and k.system = c.system and k.id = c.ticket_id
      cross join lateral (
        select min(e.at) filter (where ${isReply}) as first_at, count(*) filter (where ${isReply}) as n, count(e.id) as events
        from ticket_event e where e.tenant = 1 and e.system = k.system and e.ticket_id = k.id and e.metric = 'comment' and e.deleted is not true) reply
      cross join lateral (
        select min(s.at) as first_at, min(s.at) filter (where s.became) as first_done_at, max(s.at) filter (where s.became) as last_done_at,
          count(*) filter (where s.ceased) as reopens, bool_or(s.done) filter (where s.last) as is_done
        from (
          select e.at, ${isDone('e.value')} as done, lead(e.id) over spell is null as last,
            ${isDone('e.value')} and coalesce(${isDone('lag(e.value) over spell')}, false) = false as became,
            not ${isDone('e.value')} and coalesce(${isDone('lag(e.value) over spell')}, false) as ceased
          from ticket_event e where e.tenant = 1 and e.system = k.system and e.ticket_id = k.id and e.metric = 'status' and e.deleted is not true
          window spell as (order by e.at, length(e.id), e.id)) s) life
      cross join lateral (
        select k.from_events is not true and num_nonnulls(k.first_replied_at, k.first_solved_at, k.solved_at, k.replies, k.reopens) > 0 as told) source
      cross join lateral (
        select source.told, not source.told and (reply.events > 0 or life.first_at is not null) as derived) v
    ) t`,
};
