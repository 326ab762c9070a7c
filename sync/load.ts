/**
 * One batch into the snapshot: history, unified rows, change log and cursor commit in one transaction, or not at all.
 *
 * Hash-first: only (id, hash, version) decide what changed; unchanged payloads are neither parsed nor written, so a
 * repeated batch costs little and makes no version. Effects are idempotent: the same batch twice changes nothing.
 */
import { createHash } from 'node:crypto';
import type { Database, Transaction } from '../db/client.ts';
import { HeraldError } from '../platform/errors.ts';
import type { Batch, LoadedLane, Source, SourceRecord, Stream, UnifiedRow } from './source.ts';
import { RecordFault } from './source.ts';
import { writeUnified } from './unified.ts';

export type Loaded = { read: number; changed: number; deleted: number; quarantined: number };

export type LoadTarget = {
  source: Source;
  stream: Stream;
  lane: LoadedLane;
  runId: number;
  /** The right to write: refused when another worker took over. */
  lease: { name: string; fence: number };
};

type Upsert = Extract<SourceRecord, { op: 'upsert' }>;
type Removal = Extract<SourceRecord, { op: 'delete' }>;

/** MD5 as a UUID: sixteen bytes, indexed natively. It tells copies apart, it protects nothing. */
export const hashOf = (payload: string) => {
  const hex = createHash('md5').update(payload).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
};

/** Load one batch. Throws what the database throws; nothing of the batch is kept then. */
export async function loadBatch(db: Database, target: LoadTarget, batch: Batch): Promise<Loaded> {
  return db.inTransaction(async (tx) => {
    await holdLease(tx, target.lease);
    const { upserts, removals } = newestOnly(batch.records);
    const changed = await findChanged(tx, target, upserts);
    const gone = await findGone(tx, target, removals);
    let batchId: number | null = null;
    let quarantined = 0;
    if (changed.length + gone.length > 0) {
      batchId = await openBatch(tx, target);
      await writeHistory(tx, target, batchId, changed, gone);
      const rows = new Map<string, UnifiedRow>();
      const out: string[] = gone.map((record) => record.id);
      for (const record of changed) {
        const unified = unify(target.stream, record);
        if ('fault' in unified) {
          quarantined++;
          await tx`insert into quarantine (source, stream, record_id, reason, payload)
            values (${target.source.name}, ${target.stream.name}, ${record.id}, ${unified.fault}, ${record.payload})`;
        } else if (unified.row === null) out.push(record.id);
        else rows.set(record.id, unified.row);
      }
      await writeUnified(tx, { table: target.stream.table, system: target.source.name, batchId, rows, out });
    }
    await keepCheckpoint(tx, target, batch, batchId);
    return { read: batch.records.length, changed: changed.length, deleted: gone.length, quarantined };
  });
}

/** Delete what a complete sweep no longer found. `brake` is the largest share that may go without being asked. */
export async function loadSweep(
  db: Database,
  target: LoadTarget,
  options: { brake: number },
): Promise<Loaded> {
  return db.inTransaction(async (tx) => {
    await holdLease(tx, target.lease);
    const { name } = target.source;
    const stream = target.stream.name;
    const missing = await tx<{ id: string; version: number }[]>`
      select h.id, h.version from record_head h
      where h.tenant = 1 and h.source = ${name} and h.stream = ${stream} and not h.deleted
        and not exists (select from sweep_seen s where s.source = ${name} and s.stream = ${stream} and s.id = h.id)`;
    const [{ live } = { live: 0 }] = await tx<{ live: number }[]>`
      select count(*)::int as live from record_head where tenant = 1 and source = ${name} and stream = ${stream} and not deleted`;
    if (missing.length > 20 && missing.length > live * options.brake) {
      throw new HeraldError(
        'setup',
        `A sweep of ${name} ${stream} would delete ${missing.length} of ${live} records, more than the ${Math.round(options.brake * 100)} % that may go unasked. Nothing was deleted. If this is right, run "herald sync --source ${name} --allow-deletes".`,
      );
    }
    if (missing.length > 0) {
      const batchId = await openBatch(tx, target);
      const gone = missing.map(
        (row): Removal => ({ op: 'delete', id: row.id, version: row.version, reason: 'missing' }),
      );
      await writeHistory(tx, target, batchId, [], gone);
      await writeUnified(tx, {
        table: target.stream.table,
        system: name,
        batchId,
        rows: new Map(),
        out: gone.map((record) => record.id),
      });
    }
    await tx`delete from sweep_seen where source = ${name} and stream = ${stream}`;
    return { read: 0, changed: 0, deleted: missing.length, quarantined: 0 };
  });
}

/** Remember the ids of one page of a sweep. */
export async function keepSwept(
  db: Database,
  target: LoadTarget,
  ids: readonly string[],
  first: boolean,
): Promise<void> {
  await db.inTransaction(async (tx) => {
    const { name } = target.source;
    if (first) await tx`delete from sweep_seen where source = ${name} and stream = ${target.stream.name}`;
    await tx`insert into sweep_seen (source, stream, id) select ${name}, ${target.stream.name}, unnest(${ids as string[]}::text[]) on conflict do nothing`;
  });
}

/** Refuse to write when another worker took over; the right is held until the transaction ends. */
export async function holdLease(tx: Transaction, lease: LoadTarget['lease']): Promise<void> {
  const [held] =
    await tx`select 1 from lease where name = ${lease.name} and fence = ${lease.fence} for share`;
  if (!held) throw new HeraldError('upstream', `Another worker took over ${lease.name}; this one stops.`);
}

/** Of several copies of one record in a batch, the newest counts. */
function newestOnly(records: readonly SourceRecord[]): { upserts: Upsert[]; removals: Removal[] } {
  const newest = new Map<string, SourceRecord>();
  for (const record of records) {
    const known = newest.get(record.id);
    if (!known || record.version >= known.version) newest.set(record.id, record);
  }
  const upserts: Upsert[] = [];
  const removals: Removal[] = [];
  for (const record of newest.values()) {
    if (record.op === 'upsert') upserts.push(record);
    else removals.push(record);
  }
  return { upserts, removals };
}

async function findChanged(
  tx: Transaction,
  target: LoadTarget,
  upserts: Upsert[],
): Promise<(Upsert & { hash: string })[]> {
  if (upserts.length === 0) return [];
  const hashed = upserts.map((record) => ({ ...record, hash: hashOf(record.payload) }));
  const rows = await tx<{ at: number }[]>`
    select (t.at - 1)::int as at
    from unnest(${hashed.map((r) => r.id)}::text[], ${hashed.map((r) => r.hash)}::uuid[], ${hashed.map((r) => r.version)}::bigint[])
      with ordinality as t(id, hash, version, at)
    left join record_head h on h.tenant = 1 and h.source = ${target.source.name} and h.stream = ${target.stream.name} and h.id = t.id
    where h.id is null or (t.hash <> h.hash and t.version >= h.version) or (h.deleted and t.version > h.version)`;
  return rows.map((row) => hashed[row.at]!);
}

async function findGone(tx: Transaction, target: LoadTarget, removals: Removal[]): Promise<Removal[]> {
  if (removals.length === 0) return [];
  const rows = await tx<{ at: number }[]>`
    select (t.at - 1)::int as at
    from unnest(${removals.map((r) => r.id)}::text[], ${removals.map((r) => r.version)}::bigint[]) with ordinality as t(id, version, at)
    join record_head h on h.tenant = 1 and h.source = ${target.source.name} and h.stream = ${target.stream.name} and h.id = t.id
    where not h.deleted and t.version >= h.version`;
  return rows.map((row) => removals[row.at]!);
}

async function openBatch(tx: Transaction, target: LoadTarget): Promise<number> {
  const [row] = await tx<{ id: number }[]>`
    insert into change_batch (source, stream, run_id) values (${target.source.name}, ${target.stream.name}, ${target.runId}) returning id`;
  return row!.id;
}

async function writeHistory(
  tx: Transaction,
  target: LoadTarget,
  batchId: number,
  changed: (Upsert & { hash: string })[],
  gone: Removal[],
): Promise<void> {
  const { name } = target.source;
  const stream = target.stream.name;
  if (changed.length > 0) {
    const ids = changed.map((r) => r.id);
    const versions = changed.map((r) => r.version);
    await tx`insert into record_version (source, stream, id, valid_from, batch_id, version, op, payload)
      select ${name}, ${stream}, t.id, clock_timestamp(), ${batchId}, t.version, 'upsert', t.payload
      from unnest(${ids}::text[], ${versions}::bigint[], ${changed.map((r) => r.payload)}::text[]) as t(id, version, payload)`;
    await tx`insert into record_head (source, stream, id, hash, version, deleted)
      select ${name}, ${stream}, t.id, t.hash, t.version, false
      from unnest(${ids}::text[], ${changed.map((r) => r.hash)}::uuid[], ${versions}::bigint[]) as t(id, hash, version)
      on conflict (tenant, source, stream, id) do update set hash = excluded.hash, version = excluded.version, deleted = false`;
  }
  if (gone.length > 0) {
    const ids = gone.map((r) => r.id);
    const versions = gone.map((r) => r.version);
    await tx`insert into record_version (source, stream, id, valid_from, batch_id, version, op, payload)
      select ${name}, ${stream}, t.id, clock_timestamp(), ${batchId}, t.version, t.reason, null
      from unnest(${ids}::text[], ${versions}::bigint[], ${gone.map((r) => r.reason)}::text[]) as t(id, version, reason)`;
    await tx`update record_head h set deleted = true, version = greatest(h.version, t.version)
      from unnest(${ids}::text[], ${versions}::bigint[]) as t(id, version)
      where h.tenant = 1 and h.source = ${name} and h.stream = ${stream} and h.id = t.id`;
  }
}

/** One record through its source's mapping: a row, null when it is no fact, or what is wrong with it. */
export function unify(
  stream: Stream,
  record: Pick<Upsert, 'payload'>,
): { row: UnifiedRow | null } | { fault: string } {
  if (record.payload.includes('\\u0000'))
    return { fault: 'A text in it holds a NUL character, which a database text cannot keep.' };
  let raw: unknown;
  try {
    raw = JSON.parse(record.payload);
  } catch (error) {
    return { fault: `It is not valid JSON: ${(error as Error).message}` };
  }
  try {
    return { row: stream.unify(raw) };
  } catch (error) {
    if (error instanceof RecordFault) return { fault: error.message };
    throw error;
  }
}

async function keepCheckpoint(
  tx: Transaction,
  target: LoadTarget,
  batch: Batch,
  batchId: number | null,
): Promise<void> {
  await tx`
    insert into checkpoint (source, stream, lane, cursor, covered_until, finished_at, batch_id, updated_at)
    values (${target.source.name}, ${target.stream.name}, ${target.lane}, ${JSON.stringify(batch.cursor)}::text::jsonb,
      ${batch.coveredUntil}::timestamptz, case when ${batch.coveredUntil !== null} then clock_timestamp() end, ${batchId}, clock_timestamp())
    on conflict (source, stream, lane) do update set cursor = excluded.cursor,
      covered_until = coalesce(excluded.covered_until, checkpoint.covered_until),
      finished_at = coalesce(excluded.finished_at, checkpoint.finished_at),
      batch_id = coalesce(excluded.batch_id, checkpoint.batch_id), updated_at = excluded.updated_at`;
}
