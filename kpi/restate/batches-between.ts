import type { Queryable } from '../../db/client.ts';

export type Versions = { from: number; to: number };

export type Between = {
  /** Ids of the batches whose changes were counted between the two versions. */
  batches: readonly number[];
  /** What Herald itself did to stored numbers between them. */
  own: ReadonlySet<string>;
};

/**
 * Batches that were counted together carry the last one's version, so the log is cut where the deltas are: those of a
 * measure, or of the ledger of recurring revenue (null).
 */
export async function batchesBetween(
  sql: Queryable,
  measure: string | null,
  { from, to }: Versions,
): Promise<Between> {
  const kept =
    measure === null
      ? sql`ledger_delta where tenant = 1`
      : sql`bucket_delta where tenant = 1 and measure = ${measure}`;
  const [edges] = await sql<{ lo: number; hi: number }[]>`
    select coalesce(max(seq) filter (where seq <= ${from}), 0)::bigint as lo, coalesce(max(seq), 0)::bigint as hi
    from ${kept} and seq <= ${to}`;
  const rows = await sql<{ id: number; seq: number; source: string; stream: string | null }[]>`
    select id, seq, source, stream from change_batch where seq > ${edges!.lo} and seq <= ${edges!.hi}`;
  return {
    batches: rows.map(({ id }) => id),
    own: new Set(
      rows.flatMap(({ seq, source, stream }) =>
        source === 'herald' && stream !== null && seq > from ? [stream] : [],
      ),
    ),
  };
}
