/** From … to, both included; the last one has no end. */
export type LoadBucket = { from: number; to: number | null };

/** Groups of those who have any. */
const groups = 3;

/**
 * Buckets of a load (tickets per customer) from how many customers have each: none, then three groups as equal as
 * whole numbers allow. Every load from 0 on falls into exactly one.
 */
export function loadBuckets(customersByLoad: ReadonlyMap<number, number>): LoadBucket[] {
  const loads = [...customersByLoad].filter(([load, n]) => load > 0 && n > 0).sort(([a], [b]) => a - b);
  if (loads.length === 0) return [{ from: 0, to: null }];
  const all = loads.reduce((sum, [, n]) => sum + n, 0);
  const edges: number[] = [];
  let seen = 0;
  for (const [load, n] of loads.slice(0, -1)) {
    seen += n;
    if (edges.length < groups - 1 && seen >= ((edges.length + 1) / groups) * all) edges.push(load);
  }
  const starts = [0, 1, ...edges.map((edge) => edge + 1)];
  return starts.map((from, i) => ({ from, to: starts[i + 1] === undefined ? null : starts[i + 1]! - 1 }));
}

/** "none", "1–3 tickets", "9 or more tickets". */
export function bucketLabel({ from, to }: LoadBucket): string {
  if (to === 0) return 'no ticket';
  if (to === null) return from === 0 ? 'any number of tickets' : `${from} or more tickets`;
  if (from === to) return from === 1 ? '1 ticket' : `${from} tickets`;
  return `${from}–${to} tickets`;
}
