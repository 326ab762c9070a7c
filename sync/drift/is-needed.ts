/** Does a mapping depend on a field? Found by leaving it out: whatever library reads the record, the result tells. */
import { RecordFault, type Stream } from '../source.ts';
import { without } from './fields.ts';

export function isNeeded(stream: Stream, records: readonly unknown[], path: string): boolean {
  return records.some((record) => result(stream, record) !== result(stream, without(record, path)));
}

function result(stream: Stream, record: unknown): string {
  try {
    return JSON.stringify(stream.unify(record));
  } catch (error) {
    if (error instanceof RecordFault) return `refused: ${error.message}`;
    return `failed: ${(error as Error).message}`;
  }
}
