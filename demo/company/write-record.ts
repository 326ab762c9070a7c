import type { Store } from './records.ts';

/** Writes a record that was created at one instant and last changed at another, the way a living system would hold it. */
export function writeRecord(
  store: Store,
  object: string,
  id: string,
  record: Record<string, unknown>,
  times: { created: number; changed: number },
): void {
  store.put(object, id, record, times.created);
  if (times.changed !== times.created) store.put(object, id, record, times.changed);
}
