/** What a HubSpot stream adds to the contract: where its rows are listed and how one row becomes records. */
import type { ReadContext, SourceRecord, Stream } from '../../source.ts';
import { canonicalJson } from '../canonical-json.ts';
import type { Row } from './page.ts';
import type { HubspotSession } from './session.ts';

export type HubspotStream = Stream & {
  listPath: string;
  /** Query of every list page; without `limit` and `after`. */
  listQuery: Record<string, string>;
  pageSize: number;
  /** Set for CRM objects, which search can read by modification. */
  search?: {
    path: string;
    /** A wrong name finds nothing and says 200: contacts and companies differ. */
    cursorProperty: 'lastmodifieddate' | 'hs_lastmodifieddate';
    properties: readonly string[];
  };
  /** What a row lacks and its mapping needs, fetched for a page of rows at once. */
  complete?(rows: readonly Row[], reading: Reading): Promise<Row[]>;
  recordsOf(row: Row): SourceRecord[];
  /** What an archived row deletes. Default: the record of its id. */
  removalsOf?(row: Row): SourceRecord[];
  /** Its records are not HubSpot's own but made of another's: no push names them. */
  isDerived?: boolean;
};

export type Reading = { session: HubspotSession; stream: HubspotStream; context: ReadContext };

/** Rows as records, with all that belongs to them. */
export async function recordsIn(reading: Reading, rows: readonly Row[]): Promise<SourceRecord[]> {
  const { stream } = reading;
  const whole = stream.complete && rows.length > 0 ? await stream.complete(rows, reading) : rows;
  return whole.flatMap((row) => stream.recordsOf(row));
}

/** Milliseconds of a row's modification stamp; 0 when it has none (its mapping then says what is wrong). */
export function modifiedMs(row: Row, cursorProperty?: string): number {
  const properties = row.properties as Record<string, unknown> | undefined;
  const stamp = (cursorProperty && properties?.[cursorProperty]) ?? row.updatedAt;
  if (typeof stamp !== 'string') return 0;
  const ms = /^\d+$/.test(stamp) ? Number(stamp) : Date.parse(stamp);
  return Number.isNaN(ms) ? 0 : ms;
}

/**
 * A CRM row as a record, and a deletion for each record merged into it. Only the fields that list and search share are
 * kept, so that both give the same text.
 */
export function crmRecordsOf(row: Row, cursorProperty: string): SourceRecord[] {
  const { id, properties, createdAt, updatedAt, archived, related } = row;
  const version = modifiedMs(row, cursorProperty);
  const payload = canonicalJson({ id, properties, createdAt, updatedAt, archived, related });
  const merged = (properties as Record<string, unknown> | undefined)?.hs_merged_object_ids;
  const losers =
    typeof merged === 'string' ? merged.split(';').filter((loser) => loser !== '' && loser !== id) : [];
  return [
    { op: 'upsert', id, version, payload },
    ...losers.map(
      (loser): SourceRecord => ({ op: 'delete', id: loser, version, reason: 'merged', mergedInto: id }),
    ),
  ];
}

/** An archived row as a deletion. */
export function asRemoval(stream: HubspotStream, row: Row): SourceRecord {
  return {
    op: 'delete',
    id: row.id,
    version: removedMs(row, stream.search?.cursorProperty),
    reason: 'archived',
  };
}

/** The later of an archived row's two stamps. */
export function removedMs(row: Row, cursorProperty?: string): number {
  const archivedAt = typeof row.archivedAt === 'string' ? Date.parse(row.archivedAt) : 0;
  return Math.max(archivedAt || 0, modifiedMs(row, cursorProperty));
}

/** A row of a flat list (owners, emails) as a record. */
export function flatRecordsOf(row: Row): SourceRecord[] {
  return [{ op: 'upsert', id: row.id, version: modifiedMs(row), payload: canonicalJson(row) }];
}
