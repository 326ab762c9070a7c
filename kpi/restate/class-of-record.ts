/**
 * SQL that tells what happened to each record of a table between two data versions. Parameters of the statement: $1 ids
 * of the batches, $2 the company's day of the first instant.
 */
import type { FactTable } from '../definition.ts';
import type { Class } from './classes.ts';

/** Ops of `record_version` that are a class of their own; every other absence is a deletion. */
const absences = ['merged', 'rolled_back'] satisfies Class[];

/**
 * Statement parts over `fact` (rows of the change log with their sign `s`) and `moved` (system, id, day: what is left of
 * each record's events when old and new ones have cancelled out). The last, `classed`, is (system, id, class): gone, or
 * come (of a day that was not over: new, else late), or there at both ends with other events (changed) or the same ones
 * elsewhere (reattributed).
 */
export const classedRecords = (table: FactTable): string => `
  gone as (
    select distinct on (1, 2) l.old->>'system' as system, l.old->>'id' as id, b.id as batch
    from unnest($1::bigint[]) as b(id) cross join lateral changes_in(b.id) l
    where l.tbl = '${table}' and l.new is null order by 1, 2, b.id desc),
  absence as (
    -- A fact that is a part of a record has the record's id before the colon.
    select distinct on (1, 2) g.system, g.id, v.op from gone g join record_version v
      on v.tenant = 1 and v.batch_id = g.batch and v.source = g.system and v.id in (g.id, split_part(g.id, ':', 1))
    where v.op in (${absences.map((op) => `'${op}'`).join(', ')}) order by 1, 2, v.valid_from desc),
  presence as (select system, id, sum(s) as s from fact group by 1, 2),
  first as (select system, id, min(day) as day from moved group by 1, 2),
  classed as (
    select p.system, p.id, case
      when p.s < 0 then coalesce(a.op, 'deleted')
      when p.s > 0 and first.day >= $2::date then 'new'
      when p.s > 0 then 'late'
      when first.day is null then 'reattributed'
      else 'changed' end as class
    from presence p left join absence a using (system, id) left join first using (system, id))`;
