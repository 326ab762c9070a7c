/** What the search index shows of an object: the stored records, late by a while, without what is gone. */
import type { Store, Stored } from '../../company/records.ts';
import { cachedByRevision } from '../cached-by-revision.ts';
import { present } from './present.ts';

type Item = Record<string, unknown>;

/** A record that was changed within the lag shows as it was before; one that is new does not show yet. */
export function createVisible(
  store: Store,
  object: string,
  options: { now: () => number; lagMs: () => number },
): () => readonly Item[] {
  const exact = cachedByRevision(store, object, () =>
    [...live(store, object)].map((stored) => present(object, stored)),
  );
  const indexed = new Map<string, Stored>();
  return () => {
    const lagMs = options.lagMs();
    if (lagMs === 0) return exact();
    const until = options.now() - lagMs;
    for (const stored of store.all(object)) if (stored.modifiedAt <= until) indexed.set(stored.id, stored);
    return [...indexed.values()].filter((stored) => !stored.gone).map((stored) => present(object, stored));
  };
}

function* live(store: Store, object: string): Iterable<Stored> {
  for (const stored of store.all(object)) if (!stored.gone) yield stored;
}
