/**
 * When a source is looked at again: at once when a look failed, soon while it changes, later while it rests, rarely
 * when its day runs short.
 */
import type { QuotaState } from '../../platform/quota.ts';

const SLOW_MS = 5 * 60_000;
/** A reading of the day holds an hour: then one look tells whether it has turned. */
const HOUR_MS = 3_600_000;
/** Looks without a change after which a source counts as resting. */
const RESTING = 3;

export type Look = {
  everyMs: number;
  /** Looks without a change, in a row. */
  idle: number;
  /** Looks that failed, in a row, where waiting may help. */
  failed: number;
  quota: QuotaState;
  random: () => number;
};

/** Milliseconds; up to a tenth more, so that many sources do not march in step. */
export function nextLookMs({ everyMs, idle, failed, quota, random }: Look): number {
  const spread = 1 + 0.1 * random();
  switch (quota) {
    case 'normal':
      // What failed once mostly passes, and nobody knows what it would have shown.
      if (failed === 1) return (everyMs / 4) * spread;
      return (idle >= RESTING ? 2 * everyMs : everyMs) * spread;
    case 'slow':
      return SLOW_MS * spread;
    case 'hints':
    case 'spent':
      return HOUR_MS * spread;
    default:
      return quota satisfies never;
  }
}
