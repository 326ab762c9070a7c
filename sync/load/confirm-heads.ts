import type { Transaction } from '../../db/client.ts';
import { listOf } from './lists.ts';
import type { Upsert } from './newest-only.ts';
import type { Place } from './write-history.ts';

/**
 * The text that is known holds at a newer version as well: remember that, so that an older copy which differs and is
 * read late does not win. No version of history, no change: nothing that anybody counts is different.
 */
export async function confirmHeads(
  tx: Transaction,
  { source, stream }: Place,
  confirmed: readonly (Upsert & { hash: string })[],
): Promise<void> {
  // In the order in which other batches lock heads too.
  await tx`
    with t as (select id, hash::uuid, version::bigint
      from rows from (string_to_table(${listOf(confirmed.map((r) => r.id))}, chr(30)), string_to_table(${listOf(confirmed.map((r) => r.hash))}, chr(30)),
        string_to_table(${listOf(confirmed.map((r) => r.version))}, chr(30))) as t(id, hash, version) limit ${confirmed.length}),
    held as (select h.id, t.version from record_head h join t on t.id = h.id
      where h.tenant = 1 and h.source = ${source} and h.stream = ${stream} and h.hash = t.hash and t.version > h.version and not h.deleted
      order by h.id collate "C" for update of h)
    update record_head h set version = held.version from held
    where h.tenant = 1 and h.source = ${source} and h.stream = ${stream} and h.id = held.id`;
}
