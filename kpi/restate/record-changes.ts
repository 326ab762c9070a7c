/** What each record in the change log did to a measure's sum, by the class of its change. */
import type { Queryable } from '../../db/client.ts';
import type { Measure } from '../definition.ts';
import type { Filter } from '../question.ts';
import { filterConditions } from '../read/filter-conditions.ts';
import { changedFacts } from '../rollup/changed-facts.ts';
import { eventsOf } from '../rollup/sql.ts';
import { classedRecords } from './class-of-record.ts';
import type { Class } from './classes.ts';

export type RecordChange = { class: Class; system: string; id: string; value: number; n: number };
export type ClassChange = {
  class: Class;
  records: number;
  value: number;
  n: number;
  /** Of a distribution: how many sizes came into each of its log-buckets. */
  bins: ReadonlyMap<number, number>;
};

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
  if (batches.length === 0) return { classes: [], records: [] };
  const values: unknown[] = [batches, knownDay, timeZone, lo, hi];
  const conditions = filterConditions(filters, 'e', values).replace(/^and /, '') || 'true';
  const events = eventsOf(measure.table, [measure], '(select r.*)', '$3');
  const rows = await sql.unsafe<(RecordChange & { bin: number })[]>(
    `with fact as materialized (select * from ${changedFacts(measure.table, `${events} f.system f.id`, '$1')} r),
     event as materialized (select r.system, r.id, e.* from fact r cross join lateral (${events}) e where $3::text is not null),
     moved as (select system, id, day, bin from event e group by system, id, day, bin having sum(value) <> 0 or sum(n) <> 0),
     ${classedRecords(measure.table)},
     counted as (
       select system, id, bin, sum(value) as value, sum(n) as n from event e
       where ($4::date is null or e.day >= $4::date) and e.day < $5::date and ${conditions}
       group by 1, 2, 3 having sum(value) <> 0 or sum(n) <> 0)
     select class, system, id, bin, value::bigint, n::bigint from counted join classed using (system, id)
     order by abs(value) desc, abs(n) desc, system, id`,
    values as never[],
  );
  const byClass = Map.groupBy(rows, (row) => row.class);
  return {
    classes: [...byClass].map(([name, own]) => ({
      class: name,
      // A size that was corrected left one bucket for another: one record.
      records: new Set(own.map(({ system, id }) => `${system}\n${id}`)).size,
      value: own.reduce((sum, row) => sum + row.value, 0),
      n: own.reduce((sum, row) => sum + row.n, 0),
      bins: binsOf(own),
    })),
    records: rows.slice(0, most).map(({ bin: _bin, ...record }) => record),
  };
}

function binsOf(rows: readonly { bin: number; n: number }[]): Map<number, number> {
  const bins = new Map<number, number>();
  for (const { bin, n } of rows) bins.set(bin, (bins.get(bin) ?? 0) + n);
  return bins;
}
