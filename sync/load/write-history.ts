/** Heads first, then versions: whoever holds the head's row lock appends next, so versions of a record never overlap. */
import type { Transaction } from '../../db/client.ts';
import { DatabaseFault } from '../../db/fault.ts';
import type { Changed } from './find-changed.ts';
import { listOf } from './lists.ts';
import type { Removal } from './newest-only.ts';

export type Place = { source: string; stream: string };

/**
 * The newest known copies. What was found changed is guarded again: somebody else may have written it since. Those that
 * were not there are inserted without looking; a head that is there after all is refused (23505).
 */
export async function writeHeads(
  tx: Transaction,
  { source, stream }: Place,
  batchId: number,
  changed: readonly Changed[],
  { areNew }: { areNew: boolean },
): Promise<void> {
  const onConflict = tx`
    on conflict (tenant, source, stream, id) do update set hash = excluded.hash, version = excluded.version, deleted = false
      where (excluded.hash <> h.hash and excluded.version >= h.version) or (h.deleted and excluded.version > h.version)`;
  const heads = await tx`
    insert into record_head as h (source, stream, id, hash, version, deleted)
    select ${source}, ${stream}, t.id, t.hash::uuid, t.version::bigint, false
    from (select * from rows from (string_to_table(${listOf(changed.map((record) => record.id))}, chr(30)), string_to_table(${listOf(changed.map((record) => record.hash))}, chr(30)),
      string_to_table(${listOf(changed.map((record) => record.version))}, chr(30))) as t(id, hash, version) limit ${changed.length}) t
    where exists (select from change_batch where id = ${batchId}) order by t.id collate "C" ${areNew ? tx`` : onConflict}`;
  expect(heads.count, changed.length);
}

/** Their versions of history, behind their heads. */
export async function appendVersions(
  tx: Transaction,
  { source, stream }: Place,
  batchId: number,
  changed: readonly Changed[],
): Promise<void> {
  const payloads = changed.map((record) => (record.tooLarge === null ? record.payload : null));
  await tx`
    insert into record_version (source, stream, id, valid_from, batch_id, version, op, payload)
    select ${source}, ${stream}, t.id, clock_timestamp(), ${batchId}, t.version::bigint, case when t.payload is null then 'too_large' else 'upsert' end, t.payload
    from rows from (string_to_table(${listOf(changed.map((record) => record.id))}, chr(30)),
      string_to_table(${listOf(changed.map((record) => record.version))}, chr(30)),
      string_to_table(${listOf(payloads)}, chr(30), chr(31))) as t(id, version, payload)
    limit ${changed.length}`;
}

/** Records that are gone: guarded heads, and a version that says so. */
export async function writeGone(
  tx: Transaction,
  { source, stream }: Place,
  batchId: number,
  gone: readonly Removal[],
): Promise<void> {
  if (gone.length === 0) return;
  const ids = listOf(gone.map((record) => record.id));
  const versions = listOf(gone.map((record) => record.version));
  const heads = await tx`
    update record_head h set deleted = true, version = greatest(h.version, t.version::bigint)
    from (select * from rows from (string_to_table(${ids}, chr(30)), string_to_table(${versions}, chr(30))) as t(id, version) limit ${gone.length}) t
    where h.tenant = 1 and h.source = ${source} and h.stream = ${stream} and h.id = t.id and not h.deleted and t.version::bigint >= h.version`;
  expect(heads.count, gone.length);
  await tx`
    insert into record_version (source, stream, id, valid_from, batch_id, version, op, payload)
    select ${source}, ${stream}, t.id, clock_timestamp(), ${batchId}, t.version::bigint, t.reason, null
    from rows from (string_to_table(${ids}, chr(30)), string_to_table(${versions}, chr(30)),
      string_to_table(${listOf(gone.map((record) => record.reason))}, chr(30))) as t(id, version, reason)
    limit ${gone.length}`;
}

function expect(written: number, wanted: number): void {
  if (written !== wanted) throw new Overtaken();
}

/** Passes: the whole transaction is tried again, and finds what is changed now. */
export class Overtaken extends DatabaseFault {
  constructor() {
    super(
      'unavailable',
      'Another lane wrote the same records meanwhile; nothing of this batch was kept and it can be tried again.',
    );
  }
}
