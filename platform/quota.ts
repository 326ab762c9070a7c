/**
 * A platform's daily allowance is the whole company's, not ours. The more of it is used, by whomever, the less Herald
 * asks for: from 80 % on it looks every five minutes and puts off what is not urgent, from 85 % on it follows hints
 * only, and the last tenth is for other applications.
 */
import type { Priority } from './pace.ts';
import { ReadFault } from './read-fault.ts';

/** Calls used and allowed in the platform's day, as it last said so. */
export type Quota = { used: number; limit: number; at: Date };

export type QuotaState = 'normal' | 'slow' | 'hints' | 'spent';

/** Up to this share of the day, work of this kind may call. */
export const ceilings: Record<Priority, number> = {
  hinted: 0.9,
  realtime: 0.85,
  settle: 0.8,
  sweep: 0.8,
  backfill: 0.8,
};

/** The day turns while we ask nothing: a reading this old is tried anew. */
const readingHoldsMs = 3_600_000;

export function shareOf(quota: Quota | null, now: Date): number {
  if (!quota || quota.limit <= 0) return 0;
  return now.getTime() - quota.at.getTime() >= readingHoldsMs ? 0 : quota.used / quota.limit;
}

export function quotaState(quota: Quota | null, now: Date): QuotaState {
  const share = shareOf(quota, now);
  if (share >= ceilings.hinted) return 'spent';
  if (share >= ceilings.realtime) return 'hints';
  return share >= ceilings.settle ? 'slow' : 'normal';
}

/** "81 % of the day's 15,000 calls are used", or null while all is normal. */
export function describeQuota(quota: Quota | null, now: Date): string | null {
  const state = quotaState(quota, now);
  if (!quota || state === 'normal') return null;
  const used = `${Math.floor((100 * quota.used) / quota.limit)} % of the day's ${quota.limit.toLocaleString('en')} calls are used`;
  if (state === 'slow') return `${used}: it is read every five minutes`;
  return state === 'hints'
    ? `${used}: only what the system announces is read`
    : `${used}: the rest is left to other applications`;
}

/** @throws ReadFault `quota_exhausted` when this kind of work has to wait for the platform's next day. */
export function admit(name: string, quota: Quota | null, priority: Priority, now: Date): void {
  if (!quota || shareOf(quota, now) < ceilings[priority]) return;
  throw new ReadFault(
    'quota_exhausted',
    `${name}: ${quota.used.toLocaleString('en')} of the day's ${quota.limit.toLocaleString('en')} calls are used; this work (${priority}) goes on when there are fewer.`,
  );
}
