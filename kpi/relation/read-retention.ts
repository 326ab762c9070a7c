/**
 * What became of the customers of a period's first day, by what is known of them from another system. Who counts as a
 * customer, as lost and as what MRR is as in kpi/span/figures.ts: all groups together are the churn of the period.
 */
import type { Queryable } from '../../db/client.ts';
import type { Filter } from '../question.ts';
import { filterConditions } from '../read/filter-conditions.ts';
import type { Span } from '../read/slice.ts';

/** A statement that gives (customer, key), at most one row per customer; what it needs becomes one of the statement's `values`. */
export type Grouping = (values: unknown[]) => string;

export type RetentionRow = {
  /** Null for customers that the grouping says nothing of. */
  key: string | null;
  /** Of a customer whose records in other systems are not known: its key is no evidence. */
  linked: boolean;
  customers: number;
  lost: number;
  /** Minor units, when the period began. */
  start_mrr: number;
  /** Minor units: what the same customers pay at the period's end. */
  end_mrr: number;
};

export type RetentionInput = { period: Span; filters: readonly Filter[]; grouping: Grouping };

export async function readRetention(
  sql: Queryable,
  { period, filters, grouping }: RetentionInput,
): Promise<RetentionRow[]> {
  const values: unknown[] = [period.from, period.to];
  const conditions = filterConditions(filters, 'l', values);
  const endOf = filters.length === 0 ? 'w.end_mrr' : 'w.end_mrr * d.start_mrr / nullif(w.start_mrr, 0)';
  const groups = grouping(values);
  const sums = (where: string) => `
    select l.customer, coalesce(sum(l.value) filter (where l.day < $1::date), 0) as start_mrr, sum(l.value) as end_mrr
    from ledger l where l.tenant = 1 and l.day < $2::date ${where} group by l.customer`;
  const rows = await sql.unsafe<RetentionRow[]>(
    `with w as (${sums('')}), d as (${sums(conditions)}), g as (${groups})
     select g.key, d.customer ~ '^c[0-9]+$' as linked, count(*)::int as customers,
       count(*) filter (where w.end_mrr <= 0)::int as lost,
       sum(d.start_mrr)::bigint as start_mrr, sum(greatest(0, ${endOf}))::bigint as end_mrr
     from d join w using (customer) left join g using (customer)
     where d.start_mrr > 0 group by 1, 2 order by 1, 2`,
    values as never[],
  );
  return [...rows];
}
