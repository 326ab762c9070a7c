/** What was read in one snapshot, so that KPIs made of the same figures read them once. Never kept beyond it. */
export type Once = Map<string, Promise<unknown>>;

/** The value under a key, read at its first use. */
export function once<T>(kept: Once, key: readonly unknown[], read: () => Promise<T>): Promise<T> {
  const name = JSON.stringify(key);
  const known = kept.get(name) as Promise<T> | undefined;
  if (known) return known;
  const reading = read();
  kept.set(name, reading);
  return reading;
}
