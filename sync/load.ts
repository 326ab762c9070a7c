/**
 * One batch into the snapshot: history, unified rows, change log and cursor commit in one transaction, or not at all.
 *
 * Hash-first: only (id, hash, version) decide what changed; unchanged payloads are neither parsed nor written, so a
 * repeated batch costs little and makes no version. Effects are idempotent: the same batch twice changes nothing.
 * A batch too large for one transaction is loaded in parts; its cursor commits with the last of them.
 */
import type { Database, Transaction } from '../db/client.ts';
import { identityFault } from './load/check-record.ts';
import { confirmHeads } from './load/confirm-heads.ts';
import { findChanged, findGone } from './load/find-changed.ts';
import { type Held, hold } from './load/hold.ts';
import { holdLease } from './load/hold-lease.ts';
import { keepCheckpoint } from './load/keep-checkpoint.ts';
import { storableJson } from './load/lists.ts';
import { newestOnly, type Removal, type Upsert } from './load/newest-only.ts';
import { openBatch } from './load/open-batch.ts';
import { splitBatch } from './load/split-batch.ts';
import type { Loaded, LoadTarget } from './load/target.ts';
import { writeChanged } from './load/write-changed.ts';
import { Overtaken, writeGone } from './load/write-history.ts';
import type { Batch, SourceRecord } from './source.ts';
import { writeUnified } from './unified.ts';

export { hashOf } from './load/hash.ts';
export { keepSwept, loadSweep } from './load/sweep.ts';
export type { Loaded, LoadTarget } from './load/target.ts';
export { unify } from './load/unify.ts';
export { holdLease };

/** How often a part is tried that another lane got in the way of. */
const TRIES = 5;

/** Load one batch. Throws what the database throws; nothing of the part at which it failed is kept then, nor the cursor. */
export async function loadBatch(db: Database, target: LoadTarget, batch: Batch): Promise<Loaded> {
  const { sound, held } = checkAll(batch.records);
  const parts = splitBatch(newestOnly(sound));
  const total: Loaded = { read: batch.records.length, changed: 0, deleted: 0, quarantined: held.length };
  for (const [at, records] of parts.entries()) {
    const last = at === parts.length - 1;
    const loaded = await loadPart(db, target, { records, held: last ? held : [], end: last ? batch : null });
    total.changed += loaded.changed;
    total.deleted += loaded.deleted;
    total.quarantined += loaded.quarantined;
  }
  return total;
}

type Part = {
  records: readonly SourceRecord[];
  /** What cannot be stored as itself. */
  held: readonly Held[];
  /** The position, with the last part alone. */
  end: Pick<Batch, 'cursor' | 'coveredUntil'> | null;
};

async function loadPart(db: Database, target: LoadTarget, part: Part): Promise<Omit<Loaded, 'read'>> {
  for (let attempt = 1; ; attempt++) {
    try {
      // What was new when it was looked for may be there by now: from the second try on it is looked for again.
      return await db.inTransaction((tx) => writePart(tx, target, part, { trustNew: attempt === 1 }));
    } catch (error) {
      if (!(error instanceof Overtaken) || attempt === TRIES) throw error;
    }
  }
}

async function writePart(
  tx: Transaction,
  target: LoadTarget,
  part: Part,
  { trustNew }: { trustNew: boolean },
): Promise<Omit<Loaded, 'read'>> {
  const place = { source: target.source.name, stream: target.stream.name };
  await holdLease(tx, target.lease);
  // Copies come out of order where records are followed one by one: an older one that is read late must find its better.
  const withConfirmed = target.lane === 'realtime' || target.lane === 'hinted';
  const { changed, confirmed, areNew } = await findChanged(tx, place, part.records.filter(isUpsert), {
    withConfirmed,
  });
  if (confirmed.length > 0) await confirmHeads(tx, place, confirmed);
  const gone = await findGone(tx, place, part.records.filter(isRemoval));
  let batchId: number | null = null;
  const held = [...part.held];
  if (changed.length + gone.length > 0) batchId = await openBatch(tx, target);
  if (batchId !== null && changed.length > 0)
    held.push(...(await writeChanged(tx, target, batchId, changed, { areNew: areNew && trustNew })));
  if (batchId !== null && gone.length > 0) {
    await writeGone(tx, place, batchId, gone);
    const out = gone.map((record) => record.id);
    await writeUnified(tx, {
      table: target.stream.table,
      system: place.source,
      batchId,
      rows: new Map(),
      out,
    });
  }
  await hold(tx, place, held);
  if (part.end) await keepCheckpoint(tx, target, part.end, batchId);
  return { changed: changed.length, deleted: gone.length, quarantined: held.length - part.held.length };
}

const isUpsert = (record: SourceRecord): record is Upsert => record.op === 'upsert';
const isRemoval = (record: SourceRecord): record is Removal => record.op === 'delete';

/** Records that the database can tell apart, and those that it cannot. */
function checkAll(records: readonly SourceRecord[]): { sound: SourceRecord[]; held: Held[] } {
  const sound: SourceRecord[] = [];
  const held: Held[] = [];
  for (const record of records) {
    const reason = identityFault(record);
    if (reason === null) sound.push(record);
    else
      held.push({
        id: String(record.id),
        reason,
        payload: record.op === 'upsert' ? storableJson(record.payload) : null,
      });
  }
  return { sound, held };
}
