/** Parsed records to a batch of upserts. */
import { RecordFault, type SourceRecord } from '../../source.ts';
import { canonicalJson } from '../canonical-json.ts';
import { parseStamp } from './dates.ts';
import { fieldOf } from './field-of.ts';
import { brokenMark } from './mapping.ts';
import type { Shape } from './values.ts';

export type Keyed = { id: string; record: Record<string, unknown> };

/** Records per batch: one short transaction each. */
export const recordsPerBatch = 2_000;

/** A record without a key cannot be stored as itself: its place stands in, and its fault sends it to quarantine. */
export function keyed(
  record: Record<string, unknown>,
  key: string | readonly string[],
  place: string,
): Keyed {
  const fields = [key].flat();
  const parts = fields.map((field) => textOf(fieldOf(record, field)));
  const missing = parts.indexOf('');
  if (missing < 0) return { id: parts.join('|'), record };
  return {
    id: place,
    record: { [brokenMark]: `${place} has no value in its key field "${fields[missing]}"`, ...record },
  };
}

const textOf = (value: unknown) =>
  typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : '';

/** The last of several copies of one id wins, as it would row by row. */
export function toUpserts(
  records: readonly Keyed[],
  stamp: { updatedAt: string | undefined; shape: Shape; readAt: number },
): SourceRecord[] {
  const last = new Map(records.map((record) => [record.id, record]));
  return [...last.values()].map(({ id, record }) => ({
    op: 'upsert' as const,
    id,
    version: versionOf(record, stamp),
    payload: canonicalJson(record),
  }));
}

/** Without a stamp of its own the newest reading is the newest copy. An unreadable stamp is no reason to lose the record. */
function versionOf(
  record: Record<string, unknown>,
  { updatedAt, shape, readAt }: { updatedAt: string | undefined; shape: Shape; readAt: number },
): number {
  const stamp = updatedAt === undefined ? undefined : fieldOf(record, updatedAt);
  if (typeof stamp === 'number') return stamp < 1e11 ? stamp * 1000 : stamp;
  if (typeof stamp !== 'string' || stamp.trim() === '') return readAt;
  try {
    return parseStamp(stamp, shape);
  } catch (thrown) {
    if (thrown instanceof RecordFault) return readAt;
    throw thrown;
  }
}
