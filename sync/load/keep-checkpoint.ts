import type { Transaction } from '../../db/client.ts';
import type { Batch } from '../source.ts';
import type { LoadTarget } from './target.ts';

/** Position and coverage of the lane, in the transaction of the records before it. */
export async function keepCheckpoint(
  tx: Transaction,
  target: LoadTarget,
  { cursor, coveredUntil }: Pick<Batch, 'cursor' | 'coveredUntil'>,
  batchId: number | null,
): Promise<void> {
  await tx`
    insert into checkpoint (source, stream, lane, cursor, covered_until, finished_at, batch_id, updated_at)
    values (${target.source.name}, ${target.stream.name}, ${target.lane}, ${JSON.stringify(cursor)}::text::jsonb,
      ${coveredUntil}::timestamptz, case when ${coveredUntil !== null} then clock_timestamp() end, ${batchId}, clock_timestamp())
    on conflict (source, stream, lane) do update set cursor = excluded.cursor,
      covered_until = coalesce(excluded.covered_until, checkpoint.covered_until),
      finished_at = coalesce(excluded.finished_at, checkpoint.finished_at),
      batch_id = coalesce(excluded.batch_id, checkpoint.batch_id), updated_at = excluded.updated_at`;
}
