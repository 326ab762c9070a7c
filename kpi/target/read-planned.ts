/** Targets that a source of record holds: quotas of sellers, or a plan for any KPI. */
import type { Queryable } from '../../db/client.ts';
import type { Question } from '../question.ts';
import type { Whole } from './whole.ts';

/**
 * What the quotas plan for a KPI over the whole of a period, in units of the currency; null when none do, or when
 * they leave a day of it out. A plan without an owner is the company's; without one, the sellers' quotas add up. Only
 * quotas that lie within the period count: none is divided. For a filter by anything but one owner there is no plan.
 */
export async function readPlanned(
  sql: Queryable,
  { kpi, filters }: Pick<Question, 'kpi' | 'filters'>,
  whole: Pick<Whole, 'from' | 'to'>,
  minorPerUnit: number,
): Promise<number | null> {
  const [filter, second] = filters;
  if (second || (filter && (filter.dimension !== 'owner' || filter.values.length !== 1))) return null;
  const owner = filter?.values[0] ?? null;
  const [row] = await sql<{ amount: number | null }[]>`
    with plan as (
      select owner, amount, starts_on, ends_on from quota
      where tenant = 1 and coalesce(kpi, 'bookings') = ${kpi} and starts_on >= ${whole.from} and ends_on < ${whole.to} and amount is not null),
    company as (select * from plan where owner is null),
    chosen as (
      select * from plan where owner = ${owner}
      union all select * from company where ${owner}::text is null
      union all select * from plan where ${owner}::text is null and owner is not null and not exists (select from company))
    select sum(amount)::bigint as amount from chosen
    -- As many days as the period has, whoever they are planned for: a quarter without quota makes the year unknown.
    having (select range_agg(daterange(starts_on, ends_on, '[]')) from chosen) @> daterange(${whole.from}::date, ${whole.to}::date)`;
  return row?.amount == null ? null : row.amount / minorPerUnit;
}
