import type { SourceRecord } from '../source.ts';

export type Upsert = Extract<SourceRecord, { op: 'upsert' }>;
export type Removal = Extract<SourceRecord, { op: 'delete' }>;

/** Of several copies of one record in a batch, the newest counts; of two equally new ones, the later. */
export function newestOnly(records: readonly SourceRecord[]): SourceRecord[] {
  const newest = new Map<string, SourceRecord>();
  for (const record of records) {
    const known = newest.get(record.id);
    if (!known || record.version >= known.version) newest.set(record.id, record);
  }
  return [...newest.values()];
}
