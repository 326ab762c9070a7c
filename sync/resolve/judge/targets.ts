/**
 * The verdict on service level targets that are known only as applied (`apply_sla`, minutes in `value`), because their
 * source reports neither "fulfil" nor "breach". Time is used up while the metric's clock runs: to the first reply, or in
 * the statuses in which the requester (or an agent) waits. More than the target used: breached, at the instant when it was
 * used up; done with less: met. A running target whose time is up is breached too; others are open and count nowhere.
 */
import type { Judgement } from './judgement.ts';

/** Statuses in which a metric's clock runs (Zendesk help 4408821871642: pending and solved stop it). */
const clocks: Record<string, readonly string[]> = {
  requester_wait_time: ['new', 'open', 'hold'],
  agent_work_time: ['new', 'open'],
};

const runs = Object.entries(clocks)
  .map(
    ([metric, statuses]) =>
      `e.metric = '${metric}' and s.value in (${statuses.map((status) => `'${status}'`).join(', ')})`,
  )
  .join(' or ');

export const targets: Judgement = {
  table: 'ticket_event',
  columns: ['due_at', 'elapsed_seconds', 'breached', 'judged_at'],
  select: `
    select f.system, f.id, v.due_at, case when v.done_at is not null then v.used end as elapsed_seconds, v.breached,
      case when v.breached then v.due_at when v.breached = false then v.done_at end as judged_at
    from chosen c
    join ticket_event f on f.tenant = 1 and f.system = c.system and f.ticket_id = c.ticket_id and f.kind = 'apply_sla'
    left join lateral (
      select u.done_at, u.used, u.due_at,
        case when u.used > u.goal then true when u.done_at is not null and u.used <= u.goal then false end as breached
      from (
        select target.goal, target.done_at,
          case when bool_and(spell.used is not null) then sum(spell.used)::bigint end as used,
          (array_agg(case when target.working then business_due(spell.schedule, spell.from_at, target.goal - spell.before)
             else spell.from_at + make_interval(secs => (target.goal - spell.before)::double precision) end
             order by spell.before + spell.used <= target.goal and not spell.is_last, spell.from_at))[1] as due_at
        from (
          select e.*, case when e.value ~ '^[0-9]{1,9}$' then e.value::bigint * 60 end as goal, e.in_business_hours is true as working,
            case when e.metric in ('reply_time', 'first_reply_time') then coalesce(k.first_replied_at, k.first_solved_at) else k.solved_at end as done_at
          from ticket_event e join ticket k on k.tenant = 1 and k.system = e.system and k.id = e.ticket_id
          where e.tenant = 1 and e.system = f.system and e.id = f.id and e.deleted is not true
            and not exists (
              select from ticket_event told where told.tenant = 1 and told.system = e.system and told.ticket_id = e.ticket_id
                and told.metric = e.metric and told.kind in ('fulfill', 'breach') and told.deleted is not true)) target
        cross join lateral (
          select r.*, coalesce(sum(r.used) over (order by r.from_at rows between unbounded preceding and 1 preceding), 0) as before,
            lead(r.from_at) over (order by r.from_at) is null as is_last,
            (select x.schedule from ticket_schedules(target.system, target.ticket_id) x where x.since <= r.from_at and x.upto > r.from_at) as schedule
          from (
            select p.from_at, case when target.working then ticket_business_seconds(target.system, target.ticket_id, p.from_at, p.to_at)
              else extract(epoch from p.to_at - p.from_at)::bigint end as used
            from (
              select target.at as from_at, coalesce(target.done_at, greatest(now(), target.at)) as to_at
              where target.metric in ('reply_time', 'first_reply_time') and (target.done_at is null or target.done_at >= target.at)
              union all
              select greatest(s.at, target.at), coalesce(s.until, greatest(now(), s.at, target.at))
              from (select target.metric) e, ticket_event s
              where s.tenant = 1 and s.system = target.system and s.ticket_id = target.ticket_id and s.metric = 'status' and s.deleted is not true
                and coalesce(s.until, 'infinity') > target.at and (${runs})) p) r) spell
        where target.goal is not null
        group by target.goal, target.done_at) u) v on true`,
};
