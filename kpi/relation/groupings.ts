/** What other systems say of a customer: how many tickets it opened, which campaign it came from. */
import type { Measure } from '../definition.ts';
import type { Span } from '../read/slice.ts';
import { withZone } from '../rollup/sql.ts';
import type { Grouping } from './read-retention.ts';

/** Customers by the number of tickets that they opened in a window; who opened none has no row. What a ticket is, the measure says. */
export function byTickets(tickets: Measure, window: Span, timeZone: string): Grouping {
  return (values) => {
    const zone = parameter(values, timeZone);
    return `select 'c' || f.company as customer, count(*)::text as key from ticket f
      where f.tenant = 1 and f.company is not null and ${countedTickets(tickets, window, values, zone)} group by 1`;
  };
}

/** The condition that a ticket counts and was opened in the window. */
export function countedTickets(
  { day, when = 'true' }: Measure,
  window: Span,
  values: unknown[],
  zone: string,
): string {
  const opened = withZone(day, zone);
  return `${zone}::text is not null and (${withZone(when, zone)})
    and ${opened} >= ${parameter(values, window.from)}::date and ${opened} < ${parameter(values, window.to)}::date`;
}

/** Customers by the campaign of the first touch that they responded to before they first paid. */
export function byCampaign(timeZone: string): Grouping {
  return (values) => {
    const zone = parameter(values, timeZone);
    return `select distinct on (t.company) 'c' || t.company as customer, coalesce(nullif(c.name, ''), t.campaign_id) as key
      from touch t
      join (select customer, min(day) as day from ledger where tenant = 1 and value > 0 group by 1) paid on paid.customer = 'c' || t.company
      left join campaign c on c.tenant = t.tenant and c.system = t.system and c.id = t.campaign_id
      where t.tenant = 1 and t.responded and t.campaign_id is not null and (t.touched_at at time zone ${zone})::date <= paid.day
      order by t.company, t.touched_at, t.system, t.id`;
  };
}

function parameter(values: unknown[], value: unknown): string {
  values.push(value);
  return `$${values.length}`;
}
