/** Which batches of the change log come next, and what is in them. */
import type { Queryable } from '../../db/client.ts';
import type { FactTable } from '../definition.ts';

/** A committed batch that no bucket counts yet. */
export type Waiting = { id: number; seq: number; rows: ReadonlyMap<FactTable, number> };

/** Batches looked at together. */
const MOST = 500;

/** Batches after a position, in commit order; at most `MOST`, or all up to a data version. */
export async function readWaiting(
  sql: Queryable,
  from: number,
  upTo: number | null = null,
): Promise<Waiting[]> {
  // Counted batch by batch through the index: joined in one, a planner with old statistics reads the whole log.
  const rows = await sql<{ id: number; seq: number; tbl: FactTable | null; n: number | null }[]>`
    select b.id, b.seq, l.tbl, l.n from (
      select id, seq from change_batch where seq > ${from} and (${upTo}::bigint is null or seq <= ${upTo}::bigint)
      order by seq limit case when ${upTo}::bigint is null then ${MOST}::bigint end) b
    left join lateral (select tbl, sum(n)::int as n from change_log where batch_id = b.id group by tbl) l on true
    order by b.seq`;
  const batches = new Map<number, { id: number; seq: number; rows: Map<FactTable, number> }>();
  for (const { id, seq, tbl, n } of rows) {
    const batch = batches.get(id) ?? { id, seq, rows: new Map<FactTable, number>() };
    batches.set(id, batch);
    if (tbl !== null) batch.rows.set(tbl, n ?? 0);
  }
  return [...batches.values()];
}

/** Changes per table. */
export function countByTable(batches: readonly Waiting[]): Map<FactTable, number> {
  const counts = new Map<FactTable, number>();
  for (const batch of batches)
    for (const [table, n] of batch.rows) counts.set(table, (counts.get(table) ?? 0) + n);
  return counts;
}

/** The first batches, whole ones and at least one, that together have at most `rows` changes. */
export function takeRows(batches: readonly Waiting[], rows: number): Waiting[] {
  const taken: Waiting[] = [];
  let total = 0;
  for (const batch of batches) {
    for (const n of batch.rows.values()) total += n;
    if (taken.length > 0 && total > rows) break;
    taken.push(batch);
  }
  return taken;
}

/** A table with this many changes waiting may be cheaper to sum anew. */
const CROWD = 5_000;
/** One change costs about as much as reading four facts. */
const FACTS_PER_CHANGE = 4;

/** Tables whose waiting changes cost more than their facts: after a first read the log holds every one of them. */
export async function findCrowded(sql: Queryable, batches: readonly Waiting[]): Promise<Set<FactTable>> {
  const candidates = [...countByTable(batches)].filter(([, n]) => n > CROWD);
  if (candidates.length === 0) return new Set();
  // The planner's estimate; −1 when the table was never counted, which only new tables are.
  const sizes = await sql<{ tbl: FactTable; facts: number }[]>`
    select t.tbl, c.reltuples::double precision as facts from unnest(${candidates.map(([table]) => table)}::text[]) as t(tbl)
    join pg_class c on c.oid = to_regclass(t.tbl)`;
  const factsOf = new Map(sizes.map((row) => [row.tbl, row.facts]));
  return new Set(
    candidates
      .filter(([table, n]) => (factsOf.get(table) ?? 0) < n * FACTS_PER_CHANGE)
      .map(([table]) => table),
  );
}
