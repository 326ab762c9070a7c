/** What stands between Herald and one source, for all its calls and all its cycles: pace, breaker, daily allowance. */
import { type Breaker, type BreakerState, createBreaker } from './breaker.ts';
import type { LimitNews, ReadLimits } from './limit-news.ts';
import { createPacer, type Pace, type Pacer, type PacerOptions, type Priority } from './pace.ts';
import { admit, type Quota, type QuotaState, quotaState } from './quota.ts';
import type { ReadFault } from './read-fault.ts';
import type { Reply } from './reply.ts';

export type Gate = {
  pacer: Pacer;
  breaker: Breaker;
  /** @throws ReadFault `quota_exhausted` */
  admit(priority: Priority): void;
  /** Take to heart what a complete reply tells of limits, and that a day is spent. */
  heed(reply: Reply, fault: ReadFault | null): Promise<void>;
  quota(): Quota | null;
  quotaState(): QuotaState;
};

export type GateOptions = {
  name: string;
  pace: Pace;
  now: () => Date;
  wait: PacerOptions['wait'];
  ledger?: PacerOptions['ledger'];
  keepMs?: number;
  readLimits?: ReadLimits;
  /** What was known before this process began. */
  quota?: Quota | null;
  onBreaker?: (state: BreakerState) => Promise<void>;
  /** Told of the first reading, of each change of state, and now and then in between. */
  onQuota?: (quota: Quota, state: QuotaState, before: QuotaState) => Promise<void>;
};

/** What a window says is trusted this long at most: some platforms count minutes, none that we pace count hours. */
const longestHoldMs = 60_000;
/** A reading is told again when it is this old. */
const toldAgainMs = 60_000;

export function createGate(options: GateOptions): Gate {
  const { name, now, readLimits = () => [], onQuota = async () => undefined } = options;
  const pacer = createPacer(options);
  const breaker = createBreaker({ name, now, ...(options.onBreaker ? { onChange: options.onBreaker } : {}) });
  let quota = options.quota ?? null;
  let toldAt = Number.NEGATIVE_INFINITY;

  async function keep(reading: Omit<Quota, 'at'>): Promise<void> {
    const at = now();
    const before = quotaState(quota, at);
    quota = { ...reading, at };
    const state = quotaState(quota, at);
    if (state === before && Math.abs(at.getTime() - toldAt) < toldAgainMs) return;
    toldAt = at.getTime();
    await onQuota(quota, state, before);
  }

  async function take(news: LimitNews): Promise<void> {
    if (news.kind === 'day') return keep(news);
    if (news.remaining === 0 && news.resetMs !== null)
      return pacer.hold(news.bucket, Math.min(news.resetMs, longestHoldMs));
    return pacer.lower(news.bucket, news.remaining);
  }

  return {
    pacer,
    breaker,
    admit: (priority) => admit(name, quota, priority, now()),
    async heed(reply, fault) {
      for (const news of readLimits(reply.headers, now())) await take(news);
      // Refused for the day, whatever the count says.
      if (fault?.kind === 'quota_exhausted') {
        const limit = Math.max(1, quota?.limit ?? 1);
        await keep({ used: Math.max(limit, quota?.used ?? 0), limit });
      }
    },
    quota: () => quota,
    quotaState: () => quotaState(quota, now()),
  };
}
