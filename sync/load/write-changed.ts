/**
 * What changed, piece by piece: while the database writes one, the worker maps the next. Few rows are held meanwhile,
 * and the whole takes as long as the slower of the two.
 */
import type { Transaction } from '../../db/client.ts';
import { BULK, writeUnified } from '../unified.ts';
import type { Changed } from './find-changed.ts';
import type { Held } from './hold.ts';
import { mapAll } from './map-all.ts';
import { Pipeline } from './pipeline.ts';
import type { LoadTarget } from './target.ts';
import { appendVersions, Overtaken, writeHeads } from './write-history.ts';

/** Records of a piece. */
const PER_PIECE = 500;

/**
 * Heads, history and unified rows of `changed`. `areNew`: none of them was ever there, so rows are inserted without
 * looking. Returns what could not be mapped. Throws `Overtaken` when somebody else wrote one of them meanwhile.
 */
export async function writeChanged(
  tx: Transaction,
  { source, stream }: LoadTarget,
  batchId: number,
  changed: readonly Changed[],
  { areNew }: { areNew: boolean },
): Promise<Held[]> {
  const place = { source: source.name, stream: stream.name };
  const isBulk = changed.length >= BULK;
  const held: Held[] = [];
  const pipeline = new Pipeline();
  try {
    pipeline.send(writeHeads(tx, place, batchId, changed, { areNew }));
    for (let at = 0; at < changed.length; at += PER_PIECE) {
      const piece = changed.slice(at, at + PER_PIECE);
      pipeline.send(appendVersions(tx, place, batchId, piece));
      const { held: unread, ...mapped } = await mapAll(stream, piece);
      held.push(...unread);
      pipeline.send(
        writeUnified(tx, {
          table: stream.table,
          system: source.name,
          batchId,
          ...mapped,
          isBulk,
          areNew: areNew && isBulk,
        }),
      );
    }
  } finally {
    // Every statement must have ended before the transaction may.
    await pipeline.end().catch((error: unknown) => {
      throw areNew && isTaken(error) ? new Overtaken() : error;
    });
  }
  return held;
}

const isTaken = (error: unknown) => (error as { code?: string }).code === '23505';
