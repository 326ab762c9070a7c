/** Hash-first: only ids, hashes and versions travel to tell what changed; payloads stay here and are not parsed. */
import type { Transaction } from '../../db/client.ts';
import { sizeFault } from './check-record.ts';
import { hashOf } from './hash.ts';
import { listOf, storableJson } from './lists.ts';
import type { Removal, Upsert } from './newest-only.ts';
import { Pipeline } from './pipeline.ts';
import type { Place } from './write-history.ts';

/** What a batch of copies says: those to load, and those that are known but newer than thought. */
export type Found = {
  changed: Changed[];
  confirmed: (Upsert & { hash: string })[];
  /** None of the changed ones was ever there. */
  areNew: boolean;
};

export type Changed = Upsert & {
  hash: string;
  /** Why its text is not kept; null when it is. */
  tooLarge: string | null;
};

/** Records of a statement: while the database looks for them, the worker hashes the next. */
const PER_STATEMENT = 1_000;

/**
 * `changed`: copies that differ from the newest known one and are not older, and copies newer than a deletion.
 * `confirmed`, if asked for: the same text under a newer version.
 */
export async function findChanged(
  tx: Transaction,
  place: Place,
  upserts: readonly Upsert[],
  options: { withConfirmed: boolean },
): Promise<Found> {
  const found = await find(tx, place, upserts, options);
  // What a database text cannot hold is rare: only what seems changed is looked through, and looked for again as it is kept.
  const odd: Upsert[] = [];
  const changed = found.changed.filter((record) => {
    const payload = storableJson(record.payload);
    if (payload === record.payload) return true;
    odd.push({ ...record, payload });
    return false;
  });
  if (odd.length === 0) return found;
  const again = await find(tx, place, odd, options);
  return {
    changed: [...changed, ...again.changed],
    confirmed: [...found.confirmed, ...again.confirmed],
    areNew: found.areNew && again.areNew,
  };
}

async function find(
  tx: Transaction,
  { source, stream }: Place,
  upserts: readonly Upsert[],
  { withConfirmed }: { withConfirmed: boolean },
): Promise<Found> {
  const found: Found = { changed: [], confirmed: [], areNew: true };
  const pipeline = new Pipeline();
  for (let from = 0; from < upserts.length; from += PER_STATEMENT) {
    const some = upserts.slice(from, from + PER_STATEMENT);
    const ids = listOf(some.map(({ id }) => id));
    const hashes = some.map(({ payload }) => hashOf(payload));
    // The heads by their keys first, whatever the planner knows of the table: it may not read a whole stream for a batch.
    const asked = tx<{ at: number; is_new: boolean; same: boolean }[]>`
      select (t.at - 1)::int as at, h.id is null as is_new, h.hash is not distinct from t.hash and not h.deleted as same
      from (select id, hash::uuid, version::bigint, at
        from rows from (string_to_table(${ids}, chr(30)), string_to_table(${listOf(hashes)}, chr(30)),
          string_to_table(${listOf(some.map((r) => r.version))}, chr(30))) with ordinality as t(id, hash, version, at) limit ${some.length}) t
      left join (select id, hash, version, deleted from record_head
        where tenant = 1 and source = ${source} and stream = ${stream} and id = any(string_to_array(${ids}, chr(30))) offset 0) h on h.id = t.id
      where h.id is null or (t.hash <> h.hash and t.version >= h.version) or (t.version > h.version and (h.deleted or ${withConfirmed}))`;
    pipeline.send(
      asked.then((rows) => {
        for (const { at, is_new, same } of rows) {
          const record = some[at]!;
          if (same) found.confirmed.push({ ...record, hash: hashes[at]! });
          else {
            found.changed.push({ ...record, hash: hashes[at]!, tooLarge: sizeFault(record.payload) });
            found.areNew &&= is_new;
          }
        }
      }),
    );
  }
  await pipeline.end();
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
