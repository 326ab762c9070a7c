/** Measures compiled to SQL. Every fragment comes from this repository's definitions; values are parameters. */
import type { FactTable, Measure } from '../definition.ts';
import { type Dimension, dimensions } from '../question.ts';
import { binOf } from './distribution.ts';

const columns: Record<FactTable, readonly Dimension[]> = {
  account: [],
  person: ['region', 'segment', 'owner', 'source'],
  deal: ['region', 'segment', 'owner', 'source', 'product'],
  deal_stage: ['region', 'segment', 'owner'],
  campaign: ['source'],
  touch: ['region', 'segment', 'source'],
  spend: ['source'],
  email_send: [],
  ticket: ['region', 'segment', 'owner', 'plan', 'product', 'priority', 'channel'],
  ticket_event: ['region', 'segment', 'owner', 'product', 'priority', 'channel'],
  conversation: ['region', 'segment', 'owner', 'product', 'channel'],
  activity: ['region', 'segment', 'owner'],
  subscription: ['region', 'segment', 'owner', 'source', 'plan', 'product'],
  invoice: ['region', 'segment'],
  payment: ['region', 'segment'],
  quota: ['owner'],
  forecast: ['owner'],
  survey: ['region', 'segment'],
};

/** `tz(x)`: the company-calendar date of an instant. The zone is the statement's `$zone` parameter. */
export function withZone(fragment: string, zone: string): string {
  // By a function: in a replacement text the parameter `$1` would be taken for the first group.
  return fragment.replace(
    /\btz\(([^()]+)\)/g,
    (_tz, instant: string) => `((${instant}) at time zone ${zone})::date`,
  );
}

/** What tells rows of the same measure and day apart. */
export const grainList = `${dimensions.join(', ')}, bin`;

/**
 * One row per event of each measure of a table: (measure, day, dimensions…, bin, value, n). `facts` is a FROM item with the
 * fact's columns and a sign `s`; `zone` the parameter that holds the time zone.
 */
export function eventsOf(
  table: FactTable,
  measures: readonly Measure[],
  facts: string,
  zone: string,
): string {
  const events = measures.flatMap((measure) => {
    const value = withZone(measure.value ?? '1', zone);
    const when = measure.when ? withZone(measure.when, zone) : 'true';
    const bin = measure.size ? `case when ${when} then ${binOf(withZone(measure.size, zone))} end` : '0';
    const rows = [
      `('${measure.name}', case when ${when} then ${withZone(measure.day, zone)} end, ${bin}, (${value})::bigint, 1)`,
    ];
    if (measure.ends)
      rows.push(
        `('${measure.name}', case when ${when} and ${withZone(measure.day, zone)} is not null then ${withZone(measure.ends, zone)} end, ${bin}, -(${value})::bigint, -1)`,
      );
    return rows;
  });
  // A dimension that a measure does not declare is left empty, so that its buckets stay few.
  const dims = dimensions.map((dimension) => {
    const of = measures.filter(
      (measure) => columns[table].includes(dimension) && measure.dimensions.includes(dimension),
    );
    if (of.length === 0) return `'' as ${dimension}`;
    if (of.length === measures.length) return `coalesce(f.${dimension}, '') as ${dimension}`;
    return `case when e.measure in (${of.map((measure) => `'${measure.name}'`).join(', ')}) then coalesce(f.${dimension}, '') else '' end as ${dimension}`;
  });
  return `select e.measure, e.day, ${dims.join(', ')}, e.bin::smallint as bin, f.s * e.value as value, f.s * e.n as n
    from ${facts} f cross join lateral (values ${events.join(', ')}) as e(measure, day, bin, value, n)
    where e.day is not null and e.value is not null`;
}

/** (measure, dimension) pairs that have a margin: each measure's total and each of its dimensions. */
const grainsOf = (measures: readonly Measure[]) =>
  measures
    .flatMap((measure) =>
      ['', ...measure.dimensions].map((dimension) => `('${measure.name}', '${dimension}')`),
    )
    .join(', ');

const nameOf = (row: string) =>
  `case g.dimension ${dimensions.map((dimension) => `when '${dimension}' then ${row}.${dimension}`).join(' ')} else '' end`;

/** Rows at full grain summed by at most one dimension; what cancels out is left away. */
export const marginsOf = (rows: string, measures: readonly Measure[]) => `
  select r.measure, g.dimension, ${nameOf('r')} as name, r.day, r.bin, sum(r.value)::bigint as value, sum(r.n)::bigint as n
  from ${rows} r join (values ${grainsOf(measures)}) as g(measure, dimension) on g.measure = r.measure
  group by 1, 2, 3, 4, 5 having sum(r.value) <> 0 or sum(r.n) <> 0`;

/** Events summed at full grain; what cancels out is left away. */
export const summed = (events: string) => `
  select measure, day, ${grainList}, sum(value)::bigint as value, sum(n)::bigint as n
  from (${events}) e group by measure, day, ${grainList} having sum(value) <> 0 or sum(n) <> 0`;

/**
 * Statement parts that add a set of differences named `delta` (measure, day, dimensions…, bin, value, n) to the log
 * of deltas, the full grain and the vocabulary; the last part, `edges`, holds the same differences by margin.
 */
export function applyDelta(seq: string, measures: readonly Measure[]): string {
  return `
    kept as (insert into bucket_delta (measure, day, ${grainList}, value, n, seq)
      select measure, day, ${grainList}, value, n, ${seq} from delta),
    full_grain as (insert into bucket as b (measure, day, ${grainList}, value, n)
      select measure, day, ${grainList}, value, n from delta
      on conflict (tenant, measure, day, ${grainList}) do update set value = b.value + excluded.value, n = b.n + excluded.n),
    edges as materialized (${marginsOf('delta', measures)}),
    known as (insert into dimension_value (dimension, name)
      select distinct dimension, name from edges where name <> '' on conflict do nothing)`;
}

/** Adds `edges` to the margins. */
export const applyEdges = `
  insert into margin as m (measure, dimension, name, day, bin, value, n)
  select measure, dimension, name, day, bin, value, n from edges
  on conflict (tenant, measure, dimension, name, day, bin) do update set value = m.value + excluded.value, n = m.n + excluded.n`;

/** Customers' recurring revenue: one signed event where a span starts and one where it ends. */
export const customerKey = `coalesce('c' || f.company, f.system || ':' || f.account_id, f.system || '#' || f.id)`;
export const ledgerDimensions = 'region, segment, owner, source, plan, product';

export function ledgerEvents(facts: string): string {
  const dims = ledgerDimensions
    .split(', ')
    .map((name) => `coalesce(f.${name}, '') as ${name}`)
    .join(', ');
  return `select ${customerKey} as customer, e.day, ${dims}, f.s * e.value as value, f.s * e.n as n
    from ${facts} f cross join lateral (values (f.starts_on, f.mrr, 1), (case when f.starts_on is not null then f.ends_on end, -f.mrr, -1)) as e(day, value, n)
    where e.day is not null and e.value is not null`;
}

/** Adds a set of differences named `delta` (customer, day, dimensions…, value, n) to the ledger and its log. */
export const applyLedger = (seq: string) => `
  kept as (insert into ledger_delta (customer, day, ${ledgerDimensions}, value, n, seq)
    select customer, day, ${ledgerDimensions}, value, n, ${seq} from delta)
  insert into ledger as p (customer, day, ${ledgerDimensions}, value, n)
  select customer, day, ${ledgerDimensions}, value, n from delta
  on conflict (tenant, customer, day, ${ledgerDimensions}) do update set value = p.value + excluded.value, n = p.n + excluded.n`;

/** Ledger events summed; what cancels out is left away. */
export const summedLedger = (events: string) => `
  select customer, day, ${ledgerDimensions}, sum(value)::bigint as value, sum(n)::bigint as n
  from (${events}) e group by customer, day, ${ledgerDimensions} having sum(value) <> 0 or sum(n) <> 0`;
