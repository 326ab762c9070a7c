/**
 * When the mapping of a stream was changed (herald.yaml names other columns, or other rows count), the records that
 * are here are mapped anew from their history: the source shows them no more, as nothing changed in them. What could
 * not be read before and can be now leaves quarantine.
 */
import type { Database } from '../db/client.ts';
import { hold } from './load/hold.ts';
import { holdLease } from './load/hold-lease.ts';
import { mapAll } from './load/map-all.ts';
import { openBatch } from './load/open-batch.ts';
import type { LoadTarget } from './load/target.ts';
import type { MappingPrint, UnifiedRow, UnifiedTable } from './source.ts';
import { writeUnified } from './unified.ts';

/** Records per transaction. */
const CHUNK = 1_000;
/** Kept beside the positions of the stream's lanes. */
const LANE = 'mapping';

type Kept = MappingPrint & { table: UnifiedTable };

/** Bring the stream's rows to its mapping. Returns how many records were mapped; 0 where it is as it was. */
export async function remap(db: Database, target: LoadTarget): Promise<number> {
  const { source, stream } = target;
  if (!stream.mapping) return 0;
  const now: Kept = { ...stream.mapping, table: stream.table };
  const [row] = await db.sql<{ cursor: Kept }[]>`
    select cursor from checkpoint where source = ${source.name} and stream = ${stream.name} and lane = ${LANE}`;
  if (row?.cursor.print === now.print) return 0;
  let mapped = 0;
  if (row)
    for (let after: string | null = ''; after !== null; ) {
      const done = await remapChunk(db, target, row.cursor, after);
      mapped += done.read;
      after = done.last;
    }
  // Last: a crash before it maps them once more, which changes nothing.
  await db.sql`
    insert into checkpoint (source, stream, lane, cursor) values (${source.name}, ${stream.name}, ${LANE}, ${JSON.stringify(now)}::text::jsonb)
    on conflict (source, stream, lane) do update set cursor = excluded.cursor, updated_at = clock_timestamp()`;
  return mapped;
}

async function remapChunk(
  db: Database,
  target: LoadTarget,
  before: Kept,
  after: string,
): Promise<{ read: number; last: string | null }> {
  const { source, stream } = target;
  const place = { source: source.name, stream: stream.name };
  return db.inTransaction(async (tx) => {
    await holdLease(tx, target.lease);
    const records = await tx<{ id: string; payload: string }[]>`
      select h.id, v.payload from record_head h
      cross join lateral (
        select payload from record_version v where v.tenant = h.tenant and v.source = h.source and v.stream = h.stream and v.id = h.id
        order by v.valid_from desc limit 1) v
      where h.tenant = 1 and h.source = ${place.source} and h.stream = ${place.stream} and not h.deleted and h.id > ${after} and v.payload is not null
      order by h.id limit ${CHUNK}`;
    if (records.length === 0) return { read: 0, last: null };
    const { rows, out, held } = await mapAll(
      stream,
      records.map((record) => ({ ...record, tooLarge: null })),
    );
    const batchId = await openBatch(tx, target);
    const away = before.columns.filter((column) => !stream.mapping!.columns.includes(column));
    const blank: UnifiedRow = Object.fromEntries(away.map((column) => [column, null]));
    const isMoved = before.table !== stream.table;
    const full = isMoved ? rows : new Map([...rows].map(([id, one]) => [id, { ...blank, ...one }]));
    await writeUnified(tx, { table: stream.table, system: place.source, batchId, rows: full, out });
    if (isMoved)
      await writeUnified(tx, {
        table: before.table,
        system: place.source,
        batchId,
        rows: new Map(),
        out: records.map(({ id }) => id),
      });
    await tx`
      update quarantine set state = 'replayed' where source = ${place.source} and stream = ${place.stream} and state = 'held'
        and record_id = any(${[...rows.keys(), ...out]}::text[])`;
    await hold(tx, place, held);
    return { read: records.length, last: records.length < CHUNK ? null : records.at(-1)!.id };
  });
}
