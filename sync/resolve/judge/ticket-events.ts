/**
 * Of each event: until when it held, which ticket's dimensions it has, and whether it counts.
 * - A breached target is fulfilled later too, so "fulfil" alone does not say that it was met: such a one is `late`, and
 *   the verdict is that of the breach.
 * - Events of a deleted ticket are orphans; they count again when the ticket comes back.
 * - A change of status holds until the next one: these spells are the backlog, reopened tickets included.
 * - A rating holds until the next one; "offered" until anything is answered.
 */
import type { Judgement } from './judgement.ts';

export const ticketEvents: Judgement = {
  table: 'ticket_event',
  columns: ['late', 'orphan', 'until', 'owner', 'product', 'channel', 'priority', 'breached', 'judged_at'],
  // Ids of one system grow, as numbers: by length first, then by text.
  select: `
    select e.system, e.id, nullif(e.late, false) as late, nullif(e.orphan, false) as orphan, e.until, e.owner, e.product, e.channel, e.priority,
      case when e.kind = 'apply_sla' then e.judged when e.verdict then e.kind = 'breach' end as breached,
      case when e.kind = 'apply_sla' then e.judged_at when e.verdict then e.at end as judged_at
    from (
      select f.system, f.id, f.kind, f.at, f.breached as judged, f.judged_at, ties.late, k.id is null as orphan, ties.until, k.owner, k.product, k.channel,
        f.deleted is not true and (f.kind = 'breach' or (f.kind = 'fulfill' and not ties.late)) as verdict,
        case when f.kind = 'apply_sla' then coalesce(f.priority, k.priority) else coalesce(k.priority, f.priority) end as priority
      from (
        select f.system, f.id,
          f.kind = 'fulfill' and f.target is not null and bool_or(f.kind = 'breach' and f.deleted is not true) over target as late,
          case
            when f.metric in ('status', 'schedule') or (f.metric = 'csat' and f.kind not in ('good', 'bad')) then lead(f.at) over life
            when f.metric = 'csat' then lead(f.at) over ratings
          end as until
        from chosen c join ticket_event f on f.tenant = 1 and f.system = c.system and f.ticket_id = c.ticket_id
        window target as (partition by f.system, f.ticket_id, f.metric, f.target),
          life as (partition by f.system, f.ticket_id, f.metric order by f.at, length(f.id), f.id),
          ratings as (partition by f.system, f.ticket_id, f.metric, f.kind in ('good', 'bad') order by f.at, length(f.id), f.id)) ties
      join ticket_event f on f.tenant = 1 and f.system = ties.system and f.id = ties.id
      left join ticket k on k.tenant = 1 and k.system = f.system and k.id = f.ticket_id) e`,
};
