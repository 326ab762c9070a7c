/**
 * Records in quarantine, tried again with the mapping as it is now. What passes is written as a batch of its own; what
 * does not stays, with the reason it has now. A held copy that has been overtaken by a newer one, or whose record is
 * gone, is never written: it is marked `superseded`.
 */
import type { Database, Queryable, Transaction } from '../../db/client.ts';
import { hashOf, holdLease, unify } from '../load.ts';
import type { Source, Stream, UnifiedRow } from '../source.ts';
import { writeUnified } from '../unified.ts';

export type HeldRecord = {
  id: number;
  source: string;
  stream: string;
  recordId: string | null;
  reason: string;
  state: 'held' | 'replayed' | 'superseded';
  at: Date;
};

export type ReplayReport = { replayed: number; superseded: number; held: { id: number; reason: string }[] };

/** Records per transaction. */
const CHUNK = 500;

type Held = { id: number; stream: string; record_id: string | null; payload: string | null };
type Head = { id: string; hash: string; deleted: boolean };

/** What is held, oldest first. */
export async function readQuarantine(
  sql: Queryable,
  { source = null, most }: { source?: string | null; most: number },
): Promise<HeldRecord[]> {
  return sql<HeldRecord[]>`
    select id, source, stream, record_id as "recordId", reason, state, at from quarantine
    where state = 'held' and (${source}::text is null or source = ${source}) order by id limit ${most}`;
}

/** Try a source's held records again, or only `id`. Runs under the source's lease, so that no sync writes meanwhile. */
export async function replayQuarantine(
  db: Database,
  source: Source,
  options: { lease: { name: string; fence: number }; id?: number | null },
): Promise<ReplayReport> {
  const report: ReplayReport = { replayed: 0, superseded: 0, held: [] };
  const streams = await db.sql<{ stream: string }[]>`
    select distinct stream from quarantine where state = 'held' and source = ${source.name} order by stream`;
  for (const { stream: name } of streams) {
    const stream = source.streams.find((each) => each.name === name);
    for (let after = 0; ; ) {
      const last = await db.inTransaction(async (tx) => {
        await holdLease(tx, options.lease);
        const held = await tx<Held[]>`
          select id, stream, record_id, payload from quarantine
          where state = 'held' and source = ${source.name} and stream = ${name} and id > ${after}
            and (${options.id ?? null}::int is null or id = ${options.id ?? null})
          order by id limit ${CHUNK} for update`;
        if (held.length === 0) return null;
        await replayChunk(tx, { source, stream, name, held, report });
        return held.at(-1)!.id;
      });
      if (last === null) break;
      after = last;
    }
  }
  return report;
}

type Chunk = {
  source: Source;
  stream: Stream | undefined;
  name: string;
  held: readonly Held[];
  report: ReplayReport;
};

async function replayChunk(tx: Transaction, { source, stream, name, held, report }: Chunk): Promise<void> {
  const heads = await tx<Head[]>`
    select id, hash, deleted from record_head where tenant = 1 and source = ${source.name} and stream = ${name}
      and id = any(${held.flatMap((row) => row.record_id ?? [])}::text[]) for update`;
  const headOf = new Map(heads.map((head) => [head.id, head]));
  const rows = new Map<string, UnifiedRow>();
  const out: string[] = [];
  const passed: number[] = [];
  const overtaken: number[] = [];
  const failed: { id: number; reason: string }[] = [];
  for (const row of held) {
    const { record_id: id, payload } = row;
    if (!stream) failed.push({ id: row.id, reason: `The source has no stream "${name}" any more.` });
    else if (id === null || payload === null)
      failed.push({ id: row.id, reason: 'Nothing of it was kept that could be read again.' });
    else if (!isCurrent(headOf.get(id), payload)) overtaken.push(row.id);
    else {
      const unified = unify(stream, { payload });
      if ('fault' in unified) failed.push({ id: row.id, reason: unified.fault });
      else {
        passed.push(row.id);
        if (unified.row) rows.set(id, unified.row);
        else out.push(id);
      }
    }
  }
  if (stream && rows.size + out.length > 0) {
    const [batch] = await tx<{ id: number }[]>`
      insert into change_batch (source, stream) values (${source.name}, ${name}) returning id`;
    await writeUnified(tx, { table: stream.table, system: source.name, batchId: batch!.id, rows, out });
  }
  await tx`update quarantine set state = 'replayed' where id = any(${passed}::int[])`;
  await tx`update quarantine set state = 'superseded' where id = any(${overtaken}::int[])`;
  await tx`
    update quarantine q set reason = t.reason
    from unnest(${failed.map((row) => row.id)}::int[], ${failed.map((row) => row.reason)}::text[]) as t(id, reason)
    where q.id = t.id and q.reason <> t.reason`;
  report.replayed += passed.length;
  report.superseded += overtaken.length;
  report.held.push(...failed);
}

/** Only the newest copy of a record may become its row. */
function isCurrent(head: Head | undefined, payload: string): boolean {
  return head !== undefined && !head.deleted && head.hash === hashOf(payload);
}
