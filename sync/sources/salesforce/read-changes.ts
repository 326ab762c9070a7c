/**
 * Changed records in the order of (stamp, Id). Bulk loads stamp thousands of rows with one second, so the position
 * is the pair. A row becomes readable some seconds after its stamp: each lane begins a little before where it left
 * off, and duplicates fall out in the load.
 */
import { z } from 'zod';
import {
  type Batch,
  type Cursor,
  type Lane,
  type ReadContext,
  ReadFault,
  type SourceRecord,
} from '../../source.ts';
import type { Ready } from './packed-queries.ts';
import { readPages, type SalesforceRow } from './pages.ts';
import type { Selection } from './selection.ts';
import type { SalesforceClient } from './session.ts';

/** 1–3 s were measured in real orgs. */
export const visibilityLagMs = 3000;

/** How far a lane reads back. Settle catches what showed up minutes late; Fivetran and Estuary re-read five. */
const overlapMs = { backfill: 0, realtime: 60_000, settle: 600_000 } as const;

/**
 * The position of a quiet stream follows the clock at this distance. If it stayed on the last change, a bulk load of
 * 60,000 rows in one second would be read again by every poll until somebody touches the object.
 */
const quietMs = 300_000;

const positionShape = z.object({
  at: z.iso.datetime(),
  /** Set while pages are open: the last row read at `at`. */
  id: z.string().regex(/^\w+$/).nullable(),
  /** Set while pages are open: up to where the stream is complete once they are done. */
  until: z.iso.datetime().nullable(),
});
type Position = z.infer<typeof positionShape>;

export async function* readChanges(input: {
  stream: string;
  lane: Exclude<Lane, 'sweep'>;
  cursor: Cursor;
  client: SalesforceClient;
  selection: Selection;
  context: ReadContext;
  /** The first page, where it came with others. */
  ready?: Ready | null;
}): AsyncGenerator<Batch> {
  const { stream, lane, client, selection, context, ready } = input;
  const before = input.cursor === null ? null : parsePosition(input.cursor);
  // Complete up to when it was asked, not up to when it is read.
  const sourceNow = (ready?.askedAt ?? context.now().getTime()) + client.skewMs();
  const until = before?.until ?? iso(sourceNow - visibilityLagMs);
  const start = before && startOf(before, overlapMs[lane]);

  const soqlAfter = (row: SalesforceRow | null) =>
    writeQuery(stream, selection, row ? keyOf(row, selection) : start);
  let seen = before?.at ?? null;
  for await (const { rows, isLast } of readPages(client, soqlAfter, ready?.reply)) {
    const last = rows.at(-1);
    const key = last && keyOf(last, selection);
    if (key) seen = key.at;
    yield {
      stream,
      records: rows.map((row) => toRecord(row, selection)),
      cursor: isLast || !key ? closed(seen, until) : { at: key.at, id: key.id, until },
      coveredUntil: isLast ? until : null,
    };
  }
}

/** The query that `readChanges` begins with. @throws ReadFault for a position in an unknown form */
export function firstQuery(
  stream: string,
  lane: Exclude<Lane, 'sweep'>,
  cursor: Cursor,
  selection: Selection,
): string {
  const start = cursor === null ? null : startOf(parsePosition(cursor), overlapMs[lane]);
  return writeQuery(stream, selection, start);
}

type Key = { at: string; id: string | null };

/** An interrupted sequence of pages goes on exactly where it was; a new one reads back by the overlap. */
function startOf(position: Position, overlap: number): Key {
  if (position.id !== null) return { at: position.at, id: position.id };
  return { at: iso(Date.parse(position.at) - overlap), id: null };
}

/** min(last change seen, where we are complete), but following the clock of a quiet stream. */
function closed(seen: string | null, until: string): Position {
  const quiet = iso(Date.parse(until) - quietMs);
  const at = seen === null || seen < quiet ? quiet : seen;
  return { at: at < until ? at : until, id: null, until: null };
}

function writeQuery(object: string, { paths, stamp }: Selection, start: Key | null): string {
  const where =
    start === null
      ? ''
      : start.id === null
        ? ` WHERE ${stamp} >= ${start.at}`
        : ` WHERE ${stamp} > ${start.at} OR (${stamp} = ${start.at} AND Id > '${start.id}')`;
  return `SELECT ${paths.join(', ')} FROM ${object}${where} ORDER BY ${stamp} ASC, Id ASC`;
}

function keyOf(row: SalesforceRow, { stamp }: Selection): { at: string; id: string } {
  return { at: iso(stampOf(row, stamp)), id: row.Id };
}

function stampOf(row: SalesforceRow, stamp: string): number {
  const value = row[stamp];
  const at = typeof value === 'string' ? Date.parse(value.replace(/([+-]\d\d)(\d\d)$/, '$1:$2')) : Number.NaN;
  if (Number.isNaN(at))
    throw new ReadFault('protocol', `Salesforce sent a record (${row.Id}) without a readable ${stamp}`);
  return at;
}

/** A row as the record or the deletion that it stands for. */
export function toRecord(row: SalesforceRow, { stamp }: Selection): SourceRecord {
  const version = stampOf(row, stamp);
  if (row.IsDeleted !== true) return { op: 'upsert', id: row.Id, version, payload: canonical(row) };
  // Fields of a deleted row may come back empty: only the fact that it is gone is taken.
  const survivor = row.MasterRecordId;
  return typeof survivor === 'string' && survivor !== ''
    ? { op: 'delete', id: row.Id, version, reason: 'merged', mergedInto: survivor }
    : { op: 'delete', id: row.Id, version, reason: 'deleted' };
}

/** The same text for the same record: keys sorted, `attributes` (the API's own address book) left out. */
function canonical(row: SalesforceRow): string {
  return JSON.stringify(row, (_key, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(
          Object.entries(part)
            .filter(([name]) => name !== 'attributes')
            .sort(([a], [b]) => (a < b ? -1 : 1)),
        )
      : part,
  );
}

function parsePosition(cursor: Cursor): Position {
  const parsed = positionShape.safeParse(cursor);
  if (parsed.success) return parsed.data;
  throw new ReadFault(
    'cursor_expired',
    'The kept position in Salesforce is in a form that this version does not know; read the stream anew.',
  );
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
