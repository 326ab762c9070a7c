/** What a kind of in-house system (database, files, endpoint) must be able to do. */
import type { Batch, Cursor, Lane, Pace, ReadContext } from '../../source.ts';

export type Reader = {
  pace: Pace;
  lanes: readonly Lane[];
  /** Look at everything the settings name, and say all that is wrong at once. */
  check(context: ReadContext): Promise<{ identity: string; detail: string }>;
  read(stream: string, lane: Lane, cursor: Cursor, context: ReadContext): AsyncIterable<Batch>;
};

/** A complete list of ids goes out in pieces of this size; the last piece says `done`. */
export const idsPerSweepBatch = 5_000;

export function sweepBatch(stream: string, ids: string[], done: boolean): Batch {
  return { stream, records: [], cursor: { ids, done }, coveredUntil: null };
}
