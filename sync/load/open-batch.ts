import type { Transaction } from '../../db/client.ts';
import type { LoadTarget } from './target.ts';

/** The transaction's own row, written first: what it writes refers to it, and COMMIT gives it its data version. */
export async function openBatch(tx: Transaction, target: LoadTarget): Promise<number> {
  const [row] = await tx<{ id: number }[]>`
    insert into change_batch (source, stream, run_id) values (${target.source.name}, ${target.stream.name}, ${target.runId}) returning id`;
  return row!.id;
}
