/**
 * What changed in the figures about customers (kpi/span/), which are no sums of records: the classes of changed
 * subscriptions are let into the ledger of the first instant one after the other, and each customer is read anew at
 * every stage. A class has the difference between two stages, so together they are the whole change.
 */
import type { Queryable } from '../../db/client.ts';
import type { SpanFigure } from '../definition.ts';
import type { Filter } from '../question.ts';
import { filterConditions } from '../read/filter-conditions.ts';
import type { Span } from '../read/slice.ts';
import { changedFacts } from '../rollup/changed-facts.ts';
import { ledgerDimensions, ledgerEvents } from '../rollup/sql.ts';
import { customerValues } from '../span/customer-values.ts';
import { spanComponents } from '../span/figures.ts';
import { ledgerAt } from '../span/ledger-at.ts';
import { classedRecords } from './class-of-record.ts';
import { type Class, classOrder } from './classes.ts';

export type SpanChange = {
  /** Amounts as stored, and customers whose own value changed. */
  classes: readonly { class: Class; customers: number; amount: number }[];
  /** Those that changed most. */
  customers: readonly { class: Class; customer: string; amount: number }[];
};

export type SpanChangesInput = {
  of: SpanFigure;
  window: Span;
  filters: readonly Filter[];
  /** Data version of the first instant. */
  from: number;
  batches: readonly number[];
  knownDay: string;
  most: number;
};

/** By component of the figure, as `spanComponents` names them. */
export async function readSpanChanges(
  sql: Queryable,
  input: SpanChangesInput,
): Promise<Map<string, SpanChange>> {
  const names = spanComponents[input.of].map(({ name }) => name);
  const rows = input.batches.length === 0 ? [] : await readStages(sql, input, names);
  const reached = [...new Set(rows.map(({ stage }) => stage))].sort((a, b) => a - b);
  const own = Map.groupBy(rows, ({ name }) => name);
  return new Map(names.map((name) => [name, changeOf(own.get(name) ?? [], reached, input.most)]));
}

/** A customer's value at a stage; without a customer, what all customers who did not change add up to. */
type Row = { name: string; stage: number; customer: string | null; value: number };

async function readStages(
  sql: Queryable,
  { window, filters, from, batches, knownDay }: SpanChangesInput,
  names: readonly string[],
): Promise<Row[]> {
  const values: unknown[] = [batches, knownDay, window.from, window.to, classOrder];
  const conditions = filterConditions(filters, 'l', values);
  const ledger = ledgerAt(from, values);
  const events = ledgerEvents('(select r.*)');
  const added = customerValues(filters.length === 0, '$3::date');
  const components = names.map((name) => `('${name}', (${added[name]})::numeric)`).join(', ');
  const columns = `customer, day, ${ledgerDimensions}`;
  return sql.unsafe<Row[]>(
    `with fact as materialized (select * from ${changedFacts('subscription', `${events} f.system f.id`, '$1')} r),
     event as materialized (select r.system, r.id, e.* from fact r cross join lateral (${events}) e),
     moved as (select system, id, day from event e group by 1, 2, 3 having sum(value) <> 0 or sum(n) <> 0),
     ${classedRecords('subscription')},
     known as materialized (select ${columns}, value from ${ledger} k where k.tenant = 1 and k.day < $4::date),
     change as materialized (
       select array_position($5::text[], c.class) as stage, ${columns}, sum(value) as value
       from event e join classed c using (system, id) where e.day < $4::date group by 1, ${columns}),
     touched as (select distinct customer from change),
     stage as (select distinct stage from change),
     l as (
       select 0 as stage, ${columns}, value from known
       union all
       select s.stage, ${columns}, sum(x.value) from stage s
         join (select 0 as since, ${columns}, value from known where customer in (select customer from touched)
               union all select stage, ${columns}, value from change) x on x.since <= s.stage
       group by s.stage, ${columns} having sum(x.value) <> 0),
     w as (
       select stage, customer, sum(value) filter (where day < $3::date) as start_mrr, sum(value) as end_mrr,
         min(day) filter (where value > 0) as first_day
       from l group by stage, customer),
     d as (
       select l.stage, l.customer, coalesce(sum(l.value) filter (where l.day < $3::date), 0) as start_mrr, sum(l.value) as end_mrr,
         min(l.day) filter (where l.value > 0) as first_day
       from l where true ${conditions} group by l.stage, l.customer),
     part as (
       select d.stage, case when t.customer is null then null else d.customer end as customer, v.name, v.value
       from d join w using (stage, customer) left join touched t using (customer)
         cross join lateral (values ${components}) as v(name, value))
     select name, stage, customer, sum(value)::float8 as value from part where value <> 0 group by 1, 2, 3
     -- A stage at which nobody has any value is one all the same.
     union all select '', stage, null, 0 from (select 0 as stage union select stage from stage) s`,
    values as never[],
  );
}

function changeOf(rows: readonly Row[], reached: readonly number[], most: number): SpanChange {
  const rest = rows.reduce((sum, row) => sum + (row.customer === null ? row.value : 0), 0);
  const at = new Map(reached.map((stage) => [stage, new Map<string, number>()]));
  for (const { customer, stage, value } of rows) if (customer !== null) at.get(stage)!.set(customer, value);
  // Shares of a customer are fractions of a cent: rounded as the sum is, so that the amounts add up to its change.
  const total = (stage: number) =>
    Math.round([...at.get(stage)!.values()].reduce((sum, value) => sum + value, rest));
  const customers: { class: Class; customer: string; amount: number }[] = [];
  const classes = reached.slice(1).map((stage, i) => {
    const [before, after] = [at.get(reached[i]!)!, at.get(stage)!];
    const name = classOrder[stage - 1]!;
    let moved = 0;
    for (const customer of new Set([...before.keys(), ...after.keys()])) {
      const amount = (after.get(customer) ?? 0) - (before.get(customer) ?? 0);
      if (amount === 0) continue;
      moved++;
      customers.push({ class: name, customer, amount });
    }
    return { class: name, customers: moved, amount: total(stage) - total(reached[i]!) };
  });
  customers.sort((a, b) => Math.abs(b.amount) - Math.abs(a.amount) || (a.customer < b.customer ? -1 : 1));
  return { classes: classes.filter(({ customers }) => customers > 0), customers: customers.slice(0, most) };
}
