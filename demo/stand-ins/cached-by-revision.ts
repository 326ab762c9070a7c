/** Stand-ins answer thousands of pages over sets that rarely change: sort once per write, not once per page. */
import type { Store } from '../company/records.ts';

/** `build()` again only after `object` was written to. */
export function cachedByRevision<T>(store: Store, object: string, build: () => T): () => T {
  let kept: { revision: number; value: T } | null = null;
  return () => {
    const revision = store.revision(object);
    if (kept?.revision !== revision) kept = { revision, value: build() };
    return kept.value;
  };
}

/** Index of the first item for which `isAtOrAfter` holds; items before it must all fail it. */
export function lowerBound<T>(items: readonly T[], isAtOrAfter: (item: T) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isAtOrAfter(items[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Platform ids are numbers in text; anything else falls back to text order. */
export function compareIds(a: string, b: string): number {
  const difference = Number(a) - Number(b);
  if (!Number.isNaN(difference)) return difference;
  return a < b ? -1 : a > b ? 1 : 0;
}
