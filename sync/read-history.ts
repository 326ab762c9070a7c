/** One record through time: its versions, each until the next one began. */
import type { Queryable } from '../db/client.ts';

export type RecordVersion = {
  from: Date;
  /** Start of its successor; null for the newest. */
  to: Date | null;
  /**
   * upsert, deleted, archived, merged, missing; too_large: a copy whose text was not kept; rolled_back: taken out by a rollback; carried: what stood when the
   * history kept begins, older than its `from`.
   */
  op: string;
  /** The source's own order of copies: milliseconds of its modification stamp. */
  version: number;
  runId: number | null;
  cause: string | null;
  payload: string | null;
};

export type RecordName = { source: string; stream: string; id: string };

/** Every version kept, oldest first. With `at`, only the one that stood at that instant (none before the record was known). */
export async function readHistory(
  sql: Queryable,
  { source, stream, id }: RecordName,
  at: Date | null = null,
): Promise<RecordVersion[]> {
  return sql<RecordVersion[]>`
    select * from (
      select v.valid_from as "from", lead(v.valid_from) over (order by v.valid_from) as "to", v.op, v.version,
        b.run_id as "runId", r.cause, v.payload
      from record_version v join change_batch b on b.id = v.batch_id left join sync_run r on r.id = b.run_id
      where v.tenant = 1 and v.source = ${source} and v.stream = ${stream} and v.id = ${id}) h
    where ${at}::timestamptz is null or ("from" <= ${at}::timestamptz and ("to" is null or "to" > ${at}::timestamptz))
    order by "from"`;
}
