/** Hash-first: only ids, hashes and versions travel to tell what changed; payloads stay here and are not parsed. */
import type { Transaction } from '../../db/client.ts';
import { sizeFault } from './check-record.ts';
import { hashOf } from './hash.ts';
import { listOf } from './lists.ts';
import type { Removal, Upsert } from './newest-only.ts';
import type { Place } from './write-history.ts';

/** What a batch of copies says: those to load, and those that are known but newer than thought. */
export type Found = { changed: Changed[]; confirmed: (Upsert & { hash: string })[] };

export type Changed = Upsert & {
  hash: string;
  /** Why its text is not kept; null when it is. */
  tooLarge: string | null;
};

/**
 * `changed`: copies that differ from the newest known one and are not older, and copies newer than a deletion.
 * `confirmed`, if asked for: the same text under a newer version.
 */
export async function findChanged(
  tx: Transaction,
  { source, stream }: Place,
  upserts: readonly Upsert[],
  { withConfirmed }: { withConfirmed: boolean },
): Promise<Found> {
  const found: Found = { changed: [], confirmed: [] };
  if (upserts.length === 0) return found;
  const hashes = upserts.map(({ payload }) => hashOf(payload));
  const rows = await tx<{ at: number; same: boolean }[]>`
    select (t.at - 1)::int as at, h.hash is not distinct from t.hash and not h.deleted as same
    from (select id, hash::uuid, version::bigint, at
      from rows from (string_to_table(${listOf(upserts.map((r) => r.id))}, chr(30)), string_to_table(${listOf(hashes)}, chr(30)),
        string_to_table(${listOf(upserts.map((r) => r.version))}, chr(30))) with ordinality as t(id, hash, version, at) limit ${upserts.length}) t
    left join record_head h on h.tenant = 1 and h.source = ${source} and h.stream = ${stream} and h.id = t.id
    where h.id is null or (t.hash <> h.hash and t.version >= h.version) or (t.version > h.version and (h.deleted or ${withConfirmed}))`;
  for (const { at, same } of rows) {
    const record = upserts[at]!;
    if (same) found.confirmed.push({ ...record, hash: hashes[at]! });
    else found.changed.push({ ...record, hash: hashes[at]!, tooLarge: sizeFault(record.payload) });
  }
  return found;
}

/** Deletions of records that are there and not newer. */
export async function findGone(
  tx: Transaction,
  { source, stream }: Place,
  removals: readonly Removal[],
): Promise<Removal[]> {
  if (removals.length === 0) return [];
  const rows = await tx<{ at: number }[]>`
    select (t.at - 1)::int as at
    from (select id, version::bigint, at
      from rows from (string_to_table(${listOf(removals.map((r) => r.id))}, chr(30)), string_to_table(${listOf(removals.map((r) => r.version))}, chr(30)))
        with ordinality as t(id, version, at) limit ${removals.length}) t
    join record_head h on h.tenant = 1 and h.source = ${source} and h.stream = ${stream} and h.id = t.id
    where not h.deleted and t.version >= h.version`;
  return rows.map(({ at }) => removals[at]!);
}
