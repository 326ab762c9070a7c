import type { SourceRecord } from '../source.ts';

/** Characters of payload that one transaction takes: a few copies of them are in memory meanwhile. */
export const mostPerPart = 8 * 1024 * 1024;
const MOST_RECORDS = 5_000;

/** Records in their order, in parts that one transaction can take; never none, for the position is kept with the last. */
export function splitBatch(records: readonly SourceRecord[]): SourceRecord[][] {
  const parts: SourceRecord[][] = [[]];
  let size = 0;
  for (const record of records) {
    const length = record.op === 'upsert' ? record.payload.length : 0;
    const part = parts.at(-1)!;
    if (part.length > 0 && (size + length > mostPerPart || part.length >= MOST_RECORDS)) {
      parts.push([record]);
      size = length;
    } else {
      part.push(record);
      size += length;
    }
  }
  return parts;
}
