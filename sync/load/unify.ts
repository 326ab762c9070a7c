/** One record through its source's mapping. */
import { HeraldError } from '../../platform/errors.ts';
import type { Stream, UnifiedRow } from '../source.ts';
import { RecordFault } from '../source.ts';
import { faultOf } from './fits.ts';

export type Unified = { row: UnifiedRow | null } | { fault: string };

/** A row that fits its table, null when the record is no fact, or what is wrong with it, in words. Throws `bug` alone. */
export function unify(stream: Stream, record: { payload: string }): Unified {
  let raw: unknown;
  try {
    raw = JSON.parse(record.payload);
  } catch (error) {
    return { fault: `It is not valid JSON: ${(error as Error).message}` };
  }
  try {
    const row = stream.unify(raw);
    const fault = row && faultOf(stream.table, row);
    return fault ? { fault } : { row };
  } catch (error) {
    if (error instanceof RecordFault) return { fault: error.message };
    if (error instanceof HeraldError) throw error;
    // One record that nobody thought of must not stop its stream for ever. It is kept, and can be replayed.
    return { fault: `Herald's mapping failed on it, which is a fault of Herald: ${String(error)}` };
  }
}
