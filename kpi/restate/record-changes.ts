/** What each record in the change log did to a measure's sum, by the class of its change. */
import type { Queryable } from '../../db/client.ts';
import type { Measure } from '../definition.ts';
import type { Filter } from '../question.ts';
import { filterConditions } from '../read/filter-conditions.ts';
import { changedFacts } from '../rollup/changed-facts.ts';
import { eventsOf } from '../rollup/sql.ts';
import type { Class } from './classes.ts';

export type RecordChange = { class: Class; system: string; id: string; value: number; n: number };
export type ClassChange = { class: Class; records: number; value: number; n: number };

export type ChangesInput = {
  measure: Measure;
  /** Days whose events count: from `lo` (null: since ever) up to, without, `hi`. */
  lo: string | null;
  hi: string;
  filters: readonly Filter[];
  timeZone: string;
  /** Ids of the batches between the two data versions. */
  batches: readonly number[];
  /** The company's day of the first instant: what happened later is new, not late. */
  knownDay: string;
  /** Records named. */
  most: number;
};

/**
 * Sums by class, and the largest records. Old rows count against and new rows for, so what a record did in between
 * cancels out; a record that is there at both ends and changed nothing but its part was moved.
 */
export async function readRecordChanges(
  sql: Queryable,
  { measure, lo, hi, filters, timeZone, batches, knownDay, most }: ChangesInput,
): Promise<{ classes: ClassChange[]; records: RecordChange[] }> {
  const values: unknown[] = [batches, timeZone, lo, hi, knownDay];
  const conditions = filterConditions(filters, 'e', values).replace(/^and /, '') || 'true';
  const events = eventsOf(measure.table, [measure], '(select r.*)', '$2');
  const rows = await sql.unsafe<(RecordChange & { records: number; all_value: number; all_n: number })[]>(
    `with fact as materialized (select * from ${changedFacts(measure.table, `${events} f.system f.id`, '$1')} r),
     record as (
       select r.system, r.id, coalesce(sum(e.value) filter (where ${conditions}), 0) as value, coalesce(sum(e.n) filter (where ${conditions}), 0) as n,
         coalesce(sum(e.value), 0) as whole_value, coalesce(sum(e.n), 0) as whole_n, min(e.day) filter (where r.s > 0) as day
       from fact r cross join lateral (${events}) e
       where $2::text is not null and ($3::date is null or e.day >= $3::date) and e.day < $4::date group by 1, 2),
     presence as (select system, id, sum(s) as s from fact group by 1, 2),
     classed as (
       select system, id, value, n, case
         when p.s < 0 then 'deleted'
         when p.s > 0 and day >= $5::date then 'new'
         when p.s > 0 then 'late'
         when whole_value = 0 and whole_n = 0 then 'reattributed'
         else 'changed' end as class
       from record join presence p using (system, id) where value <> 0 or n <> 0)
     select class, system, id, value::bigint, n::bigint, (count(*) over w)::int as records,
       (sum(value) over w)::bigint as all_value, (sum(n) over w)::bigint as all_n
     from classed window w as (partition by class) order by abs(value) desc, abs(n) desc, system, id`,
    values as never[],
  );
  const classes = new Map<Class, ClassChange>();
  for (const row of rows)
    classes.set(row.class, { class: row.class, records: row.records, value: row.all_value, n: row.all_n });
  const records = rows.slice(0, most).map((row) => ({
    class: row.class,
    system: row.system,
    id: row.id,
    value: row.value,
    n: row.n,
  }));
  return { classes: [...classes.values()], records };
}
