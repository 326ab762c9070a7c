/** What a reply's headers tell of the platform's limits; each source reads its own. */
export type LimitNews =
  /** So many calls are left in a bucket's present window, which ends in `resetMs` (null: not said). */
  | { kind: 'window'; bucket: string; remaining: number; resetMs: number | null }
  | { kind: 'day'; used: number; limit: number };

export type ReadLimits = (headers: Headers, now: Date) => LimitNews[];

/** A header's whole number; null when it is absent or none. */
export function countIn(headers: Headers, name: string): number | null {
  const value = headers.get(name)?.trim();
  return value && /^\d{1,12}$/.test(value) ? Number(value) : null;
}
