/**
 * From a KPI's number down to the source records: the same fragments that fill the materialised tables, read per
 * record instead of summed. So the records of a part add up to the figure that the answer shows for it (a percentile,
 * being no sum, lists the values it was taken from).
 */

import type { Queryable } from '../../db/client.ts';
import { isTouched } from '../attribution/attributed-figures.ts';
import { offset } from '../calendar.ts';
import type { Catalogue } from '../catalogue.ts';
import { describeRead } from '../components.ts';
import type { FactTable, Formula, KpiDefinition, Measure } from '../definition.ts';
import { parseFormula, type Read, reads } from '../formula.ts';
import type { Filter } from '../question.ts';
import { eventsOf, withZone } from '../rollup/sql.ts';
import { readSpanLineage } from '../span/lineage.ts';
import { readStageLineage } from '../stages/lineage.ts';
import { filterConditions } from './filter-conditions.ts';
import type { Span } from './slice.ts';

/** A record of a source system, and the record it belongs to where it has no page of its own (an SLA event's ticket). */
export type Origin = { system: string; table: FactTable; id: string; parent: string | null };

export type LineageRecord = {
  /** The day it counts on; null for a customer, whose value is between two days. */
  day: string | null;
  /** What it adds to the part: minor units for money, seconds for durations. */
  value: number;
  /** The customer's name, where the record is a customer. Untrusted text. */
  name: string | null;
  origins: readonly Origin[];
};

export type LineagePart = {
  /** As the answer's components are named: `deals_won`, `mrr_end`, `lost_customers`. */
  name: string;
  label: string;
  unit: 'count' | 'money' | 'seconds' | 'value';
  /** What all of its records add up to; null where they are not added up. */
  total: number | null;
  /** How many records there are; the largest of them are in `records`. */
  count: number;
  records: readonly LineageRecord[];
};

export type LineageInput = {
  catalogue: Catalogue;
  period: Span;
  filters: readonly Filter[];
  timeZone: string;
  /** Records named per part. */
  most: number;
};

/** Parts of a KPI's formula with the records behind each, largest first. */
export async function readLineage(
  sql: Queryable,
  { formula }: Pick<KpiDefinition, 'formula'>,
  input: LineageInput,
): Promise<LineagePart[]> {
  switch (formula.kind) {
    case 'arithmetic': {
      const parts: LineagePart[] = [];
      for (const read of reads(parseFormula(formula.text))) parts.push(...(await readPart(sql, read, input)));
      return parts;
    }
    case 'span':
      return readSpanLineage(sql, formula.of, input);
    case 'attribution': {
      // The deals whose value is divided; a source has a share of them, and none of its own.
      const filters = input.filters.filter((filter) => !isTouched(filter.dimension));
      return [
        await readMeasure(sql, { measure: 'won_value', at: 'period', what: 'value' }, { ...input, filters }),
      ];
    }
    case 'lifetime': {
      const other = input.catalogue.kpiByName.get(
        formula.of === 'customers' ? formula.pays : 'cash_collected',
      );
      return other ? readLineage(sql, other, input) : [];
    }
    case 'stages':
      return readStageLineage(sql, formula.of, input);
    case 'linked':
      return [
        formula.of === 'influenced_pipeline'
          ? await readMeasure(sql, { measure: 'open_value', at: 'end', what: 'value' }, input)
          : await readValues(sql, leadRows, input),
      ];
    case 'percentile':
    case 'distinct':
      return [await readValues(sql, formula, input)];
    default:
      return formula satisfies never;
  }
}

/** The leads that are followed (kpi/linked/). */
const leadRows = {
  kind: 'distinct',
  table: 'person',
  day: 'tz(f.lead_at)',
  value: 'f.id',
  when: 'f.system in (select distinct system from activity where tenant = 1 and person_id is not null)',
  dimensions: ['region', 'segment', 'owner', 'source'],
} as const;

/** A measure's records; of another KPI, those behind it, over its own window. */
async function readPart(sql: Queryable, read: Read, input: LineageInput): Promise<LineagePart[]> {
  if (read.what !== 'kpi') return [await readMeasure(sql, read, input)];
  const other = input.catalogue.kpiByName.get(read.measure)!;
  const { to } = input.period;
  const period = read.months === undefined ? input.period : { from: offset(to, 'month', -read.months), to };
  const { label } = describeRead(read, input.catalogue);
  const filters = read.overall ? [] : input.filters;
  const parts = await readLineage(sql, other, { ...input, period, filters });
  return parts.map((part) => ({ ...part, label: `${label}: ${part.label}` }));
}

/** Facts that are events of another record, by the column that names it. */
const parents: Partial<Record<FactTable, string>> = { deal_stage: 'deal_id', ticket_event: 'ticket_id' };
const parentOf = (table: FactTable) => (parents[table] ? `r.${parents[table]}` : 'null');

type Row = {
  system: string;
  id: string;
  parent: string | null;
  day: string;
  value: number;
  count: number;
  total: number | null;
};

async function readMeasure(sql: Queryable, read: Read, input: LineageInput): Promise<LineagePart> {
  const measure = input.catalogue.measureByName.get(read.measure) as Measure;
  const { period } = input;
  const values: unknown[] = [
    input.timeZone,
    read.at === 'period' ? period.from : null,
    read.at === 'start' ? period.from : period.to,
    input.most,
  ];
  const conditions = filterConditions(input.filters, 'e', values);
  // A stock's record has two events; one that has ended adds nothing and is left out.
  const added = read.what === 'count' ? 'sum(e.n)' : 'sum(e.value)';
  const rows = await sql.unsafe<Row[]>(
    `with record as (
       select r.system, r.id, ${parentOf(measure.table)} as parent, min(e.day) as day, ${added} as value
       from "${measure.table}" r cross join lateral (${eventsOf(measure.table, [measure], '(select 1 as s, r.*)', '$1')}) e
       where r.tenant = 1 and $1::text is not null and ($2::date is null or e.day >= $2::date) and e.day < $3::date ${conditions}
       group by r.system, r.id, 3 having sum(e.value) <> 0 or sum(e.n) <> 0)
     select system, id, parent, day, value::bigint as value, count(*) over ()::int as count, (sum(value) over ())::bigint as total
     from record order by abs(value) desc, day desc, system, id limit $4`,
    values as never[],
  );
  const { name, label } = describeRead(read, input.catalogue);
  return {
    name,
    label,
    unit: read.what === 'count' ? 'count' : measure.unit,
    total: rows[0]?.total ?? 0,
    count: rows[0]?.count ?? 0,
    records: rows.map((row) => recordOf(row, measure.table)),
  };
}

async function readValues(
  sql: Queryable,
  formula: Extract<Formula, { kind: 'percentile' | 'distinct' }>,
  input: LineageInput,
): Promise<LineagePart> {
  const values: unknown[] = [input.timeZone, input.period.from, input.period.to, input.most];
  const conditions = filterConditions(input.filters, 'f', values);
  const rows = await sql.unsafe<Row[]>(
    `with record as (
       select f.system, f.id, ${parentOf(formula.table).replace('r.', 'f.')} as parent, ${withZone(formula.day, '$1')} as day,
         ${formula.kind === 'percentile' ? `(${withZone(formula.value, '$1')})::double precision` : '1'} as value
       from "${formula.table}" f where f.tenant = 1 and $1::text is not null and ${formula.when ? withZone(formula.when, '$1') : 'true'} ${conditions})
     select system, id, parent, day, value, count(*) over ()::int as count, null as total
     from record where day >= $2::date and day < $3::date and value is not null order by value desc, day desc, system, id limit $4`,
    values as never[],
  );
  return {
    name: 'n',
    label: 'records',
    unit: 'value',
    total: null,
    count: rows[0]?.count ?? 0,
    records: rows.map((row) => recordOf(row, formula.table)),
  };
}

const recordOf = ({ system, id, parent, day, value }: Row, table: FactTable): LineageRecord => ({
  day,
  value,
  name: null,
  origins: [{ system, table, id, parent }],
});
