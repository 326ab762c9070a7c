/** A stream of Intercom, and what its readers are handed. */
import type { ReadContext, SourceRecord, Stream } from '../../source.ts';
import { ReadFault } from '../../source.ts';
import { canonicalJson } from '../canonical-json.ts';
import type { Session } from './session.ts';

export type Item = Record<string, unknown>;
export type Reading = { session: Session; context: ReadContext };

/** Cursor of streams that are searched: complete up to `until` (seconds); `page` and `from` while a backfill is under way. */
export type SearchCursor = { until?: number; page?: string | null; from?: number };

export type IntercomStream = Stream & {
  /** What this stream's readers add to an item, once a reading. */
  refine?: (reading: Reading) => (items: Item[]) => Promise<Item[]>;
  read(
    lane: Stream['lanes'][number],
    cursor: SearchCursor & { readAt?: number },
    reading: Reading,
  ): AsyncIterable<import('../../source.ts').Batch>;
};

export function secondsNow(context: ReadContext): number {
  return Math.floor(context.now().getTime() / 1000);
}

export function isoOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}

/** Two copies of one record are ordered by its modification stamp, in whole seconds; what has none by when it was read. */
export function toUpsert(item: Item, readAt: number): SourceRecord {
  const stamp = typeof item.updated_at === 'number' ? item.updated_at * 1000 : readAt;
  return { op: 'upsert', id: idOf(item), version: stamp, payload: canonicalJson(item) };
}

export function idOf(item: Item): string {
  if (typeof item.id === 'string' && item.id !== '') return item.id;
  if (typeof item.id === 'number') return String(item.id);
  throw new ReadFault('protocol', 'Intercom sent a record without an id');
}
