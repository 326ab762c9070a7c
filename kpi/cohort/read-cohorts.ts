/**
 * Retention by cohort, from the customers' ledger (kpi/rollup/sql.ts). A cohort is the customers whose first paid day
 * lies in its month or quarter; a customer is `k` months old on the same date `k` months later, so that at age 0 every
 * customer is there, and a year's contract that is not renewed is gone at age 12. Who left and came back is kept again,
 * and revenue kept includes expansion (ChartMogul 203359411). Only changes are read: each ledger row is placed at the
 * first whole month of age at which it shows, so the cost follows the movements, not customers × ages.
 */
import type { Queryable } from '../../db/client.ts';
import type { Filter } from '../question.ts';
import { filterConditions } from '../read/filter-conditions.ts';
import type { Span } from '../read/slice.ts';
import { ledgerAt } from '../span/ledger-at.ts';

export type Cohort = {
  /** Customers in it; they are the period's "New customers". */
  customers: number;
  /** Their MRR on their first paid day, minor units. */
  mrr: number;
  /** By months of age, 0 first: customers still (or again) paying, and MRR of all of them, minor units. */
  active: readonly number[];
  kept: readonly number[];
};

type Row = { i: number; age: number | null; customers: number; mrr: number };

export type CohortInput = {
  cohorts: readonly Span[];
  filters: readonly Filter[];
  /** Data version; null is now. */
  asOf: number | null;
  /** Months of age to read. */
  ages: number;
};

/** One cohort for each span, in their order. */
export async function readCohorts(
  sql: Queryable,
  { cohorts, filters, asOf, ages }: CohortInput,
): Promise<Cohort[]> {
  const values: unknown[] = [
    cohorts.map((_c, i) => i),
    cohorts.map((c) => c.from),
    cohorts.map((c) => c.to),
    ages,
  ];
  const ledger = ledgerAt(asOf, values);
  const conditions = filterConditions(filters, 'l', values);
  // A customer that began with two plans counts in each of them with that plan's share of what it pays later.
  const share = filters.length === 0 ? '1' : 'm.mrr::numeric / nullif(m.whole_mrr, 0)';
  const rows = await sql.unsafe<Row[]>(
    `with l as materialized (select * from ${ledger} x where x.tenant = 1),
     c as (select * from unnest($1::int[], $2::date[], $3::date[]) as c(i, lo, hi)),
     born as (select customer, min(day) filter (where value > 0) as day from l group by customer),
     member as materialized (
       select c.i, b.customer, b.day,
         coalesce(sum(l.value) filter (where l.day <= b.day), 0) as whole_mrr,
         coalesce(sum(l.value) filter (where l.day <= b.day ${conditions}), 0) as mrr
       from born b join c on b.day >= c.lo and b.day < c.hi join l on l.customer = b.customer
       group by c.i, b.customer, b.day
       having count(*) filter (where l.day = b.day and l.value > 0 ${conditions}) > 0),
     moved as (
       select m.i, m.customer, a.months + (l.day > (m.day + make_interval(months => a.months))::date)::int as age,
         l.value, ${share} as share
       from member m join l on l.customer = m.customer
       cross join lateral (select greatest(0, 12 * (extract(year from l.day) - extract(year from m.day))
         + extract(month from l.day) - extract(month from m.day))::int as months) a),
     step as (
       select i, customer, age, sum(value) as value, share from moved where age < $4 group by i, customer, age, share),
     course as (
       select i, age, value * share as mrr, sum(value) over w as after, sum(value) over w - value as before
       from step window w as (partition by i, customer order by age))
     select i, null::int as age, count(*)::int as customers, sum(mrr)::float8 as mrr from member group by i
     union all
     select i, age, sum((after > 0)::int - (before > 0)::int)::int, coalesce(sum(mrr), 0)::float8 from course group by i, age
     order by i, age nulls first`,
    values as never[],
  );
  return cohorts.map((_c, i) => {
    const own = rows.filter((row) => row.i === i);
    const base = own.find((row) => row.age === null);
    const steps = new Map(own.map((row) => [row.age, row]));
    const [active, kept]: [number[], number[]] = [[], []];
    for (let age = 0; age < ages; age++) {
      active.push((active.at(-1) ?? 0) + (steps.get(age)?.customers ?? 0));
      kept.push((kept.at(-1) ?? 0) + (steps.get(age)?.mrr ?? 0));
    }
    return { customers: base?.customers ?? 0, mrr: base?.mrr ?? 0, active, kept };
  });
}
