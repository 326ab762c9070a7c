/** The customers behind a figure of kpi/span/figures.ts, each with the subscription records that say so. */
import type { Queryable } from '../../db/client.ts';
import type { SpanFigure } from '../definition.ts';
import { filterConditions } from '../read/filter-conditions.ts';
import type { LineageInput, LineagePart } from '../read/lineage.ts';
import { ledgerEvents } from '../rollup/sql.ts';
import { customerValues } from './customer-values.ts';
import { spanComponents, windowOf } from './figures.ts';

type Row = {
  name: string | null;
  value: number;
  count: number;
  total: number;
  origins: { system: string; id: string }[];
};

export async function readSpanLineage(
  sql: Queryable,
  of: SpanFigure,
  input: LineageInput,
): Promise<LineagePart[]> {
  const { from, to } = windowOf(of, input.period);
  const added = customerValues(input.filters.length === 0, '$2::date');
  const parts: LineagePart[] = [];
  for (const { name, label, unit } of spanComponents[of]) {
    const values: unknown[] = [input.most, from, to];
    const conditions = filterConditions(input.filters, 'l', values);
    const rows = await sql.unsafe<Row[]>(
      `with l as materialized (
         select r.system, r.id, e.*
         from subscription r cross join lateral (${ledgerEvents('(select 1 as s, r.*)')}) e where r.tenant = 1 and e.day < $3::date),
       w as (
         select l.customer, sum(l.value) filter (where l.day < $2::date) as start_mrr, sum(l.value) as end_mrr,
           min(l.day) filter (where l.value > 0) as first_day
         from l group by l.customer),
       d as (
         select l.customer, coalesce(sum(l.value) filter (where l.day < $2::date), 0) as start_mrr, sum(l.value) as end_mrr,
           min(l.day) filter (where l.value > 0) as first_day
         from l where true ${conditions} group by l.customer),
       part as (
         select d.customer, ${added[name]} as value from d join w on w.customer = d.customer),
       shown as (
         select customer, value, count(*) over ()::int as count, (sum(value) over ())::bigint as total
         from part where value <> 0 order by value desc, customer limit $1)
       select c.name, shown.value::float8 as value, shown.count, shown.total,
         (select jsonb_agg(distinct jsonb_build_object('system', l.system, 'id', l.id)) from l where l.customer = shown.customer) as origins
       from shown left join company c on shown.customer = 'c' || c.id
       order by shown.value desc, shown.customer`,
      values as never[],
    );
    parts.push({
      name,
      label,
      unit,
      total: rows[0]?.total ?? 0,
      count: rows[0]?.count ?? 0,
      records: rows.map((row) => ({
        day: null,
        value: row.value,
        name: row.name,
        origins: row.origins.map((origin) => ({ ...origin, table: 'subscription', parent: null })),
      })),
    });
  }
  return parts;
}
