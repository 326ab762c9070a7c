/**
 * Pacing by token buckets: each holds `burst` tokens and gains `perSecond`; a call takes one and waits when there is
 * none. The tokens are counted by a ledger that processes may share.
 *
 * So that not every call costs a round trip to that ledger, a busy caller takes some tokens ahead and may use them
 * for `keepMs`. The bound stays exact: with keepMs·perSecond taken off the burst that the ledger knows, what is sent
 * in any window t was granted in t + keepMs, hence is at most burst − keep·rate + rate·(t + keep) = burst + rate·t.
 */
import { createMemoryLedger, type Limit, type TokenLedger } from './token-ledger.ts';

/** The limit of each named bucket, from the platform's published limits. */
export type Pace = Record<string, Limit>;

/** Kinds of work, the most urgent first. */
export const priorities = ['hinted', 'realtime', 'settle', 'sweep', 'backfill'] as const;
export type Priority = (typeof priorities)[number];

/** Share of a bucket that work of this kind leaves to more urgent work. */
const leaves: Record<Priority, number> = {
  hinted: 0,
  realtime: 0.1,
  settle: 0.2,
  sweep: 0.3,
  backfill: 0.4,
};

export type Pacer = {
  /** Wait for a token of `bucket`; rejects when `signal` aborts. Returns the milliseconds waited. */
  take(bucket: string, signal: AbortSignal, priority?: Priority): Promise<number>;
  /** Let nobody through `bucket` for `ms` from now on: the platform said that we are too fast. */
  hold(bucket: string, ms: number): Promise<void>;
  /** The platform says that only this many calls are left at the moment. */
  lower(bucket: string, remaining: number): Promise<void>;
};

export type PacerOptions = {
  pace: Pace;
  now: () => Date;
  wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Default: this process alone. */
  ledger?: TokenLedger;
  /** How long tokens taken ahead may be used. Default 0: none are. */
  keepMs?: number;
};

type Waiter = { priority: number; go: () => void; fail: (reason: unknown) => void };
type Bucket = {
  limit: Limit;
  /** Tokens that a busy caller takes ahead, and how long they hold. */
  ahead: number;
  keepMs: number;
  reserve: number;
  askedAt: number;
  waiters: Waiter[];
  wake: AbortController;
  isServing: boolean;
};

export function createPacer(options: PacerOptions): Pacer {
  const { pace, now, wait, ledger = createMemoryLedger(now), keepMs = 0 } = options;
  const buckets = new Map<string, Bucket>();

  function open(name: string): Bucket | null {
    const limit = pace[name];
    // A source without published limits is not paced; a misspelt bucket would silently not be either.
    if (!limit) {
      if (name === 'default') return null;
      throw new Error(`no pace is set for the bucket "${name}"`);
    }
    let bucket = buckets.get(name);
    if (!bucket) {
      bucket = {
        ...divide(limit, keepMs),
        reserve: 0,
        askedAt: 0,
        waiters: [],
        wake: new AbortController(),
        isServing: false,
      };
      buckets.set(name, bucket);
    }
    return bucket;
  }

  /** Grants tokens to the waiters, the most urgent first, until nobody waits. */
  async function serve(name: string, bucket: Bucket): Promise<void> {
    if (bucket.isServing) return;
    bucket.isServing = true;
    try {
      while (bucket.waiters.length > 0) {
        const { priority } = bucket.waiters[0]!;
        const isBusy = isFresh(bucket, now());
        const alike = bucket.waiters.filter((waiter) => waiter.priority === priority).length;
        const askedAt = now().getTime();
        const { granted, waitMs } = await ledger.take(name, {
          limit: bucket.limit,
          want: alike + (isBusy ? bucket.ahead : 0),
          floor: floorOf(bucket.limit, priorities[priority]!),
        });
        const served = bucket.waiters.splice(0, granted);
        for (const waiter of served) waiter.go();
        if (granted > 0) Object.assign(bucket, { reserve: granted - served.length, askedAt });
        else if (bucket.waiters.length > 0) {
          bucket.wake = new AbortController();
          await pauseUntil(waitMs, bucket.wake.signal);
        }
      }
    } catch (thrown) {
      for (const waiter of bucket.waiters.splice(0)) waiter.fail(thrown);
    } finally {
      bucket.isServing = false;
    }
  }

  async function pauseUntil(ms: number, woken: AbortSignal): Promise<void> {
    try {
      await wait(ms, woken);
    } catch (thrown) {
      if (!woken.aborted) throw thrown;
    }
  }

  return {
    async take(name, signal, priority = 'realtime') {
      signal.throwIfAborted();
      const bucket = open(name);
      if (!bucket) return 0;
      if (bucket.reserve > 0 && isFresh(bucket, now()) && bucket.waiters.length === 0) {
        bucket.reserve--;
        return 0;
      }
      const since = now().getTime();
      await new Promise<void>((resolve, reject) => {
        const waiter: Waiter = {
          priority: priorities.indexOf(priority),
          go: () => settle(resolve),
          fail: (reason) => settle(() => reject(reason)),
        };
        const leave = () => {
          const at = bucket.waiters.indexOf(waiter);
          if (at >= 0) bucket.waiters.splice(at, 1);
          bucket.wake.abort();
          waiter.fail(signal.reason);
        };
        const settle = (end: () => void) => {
          signal.removeEventListener('abort', leave);
          end();
        };
        signal.addEventListener('abort', leave, { once: true });
        const behind = bucket.waiters.findIndex((other) => other.priority > waiter.priority);
        bucket.waiters.splice(behind < 0 ? bucket.waiters.length : behind, 0, waiter);
        // Who is more urgent than those that wait may find tokens where they did not.
        if (bucket.waiters[0] === waiter) bucket.wake.abort();
        void serve(name, bucket);
      });
      return now().getTime() - since;
    },
    async hold(name, ms) {
      const bucket = open(name);
      if (!bucket) return;
      bucket.reserve = 0;
      await ledger.hold(name, ms, bucket.limit);
    },
    async lower(name, remaining) {
      const bucket = open(name);
      if (!bucket || remaining >= bucket.limit.burst) return;
      bucket.reserve = Math.min(bucket.reserve, remaining);
      await ledger.lower(name, remaining, bucket.limit);
    },
  };
}

/** What stays in the bucket for others; never all of it. */
function floorOf({ burst }: Limit, priority: Priority): number {
  return Math.floor((burst - 1) * leaves[priority]);
}

/** Tokens taken ahead still hold. A clock set back ends them: nobody knows how old they are. */
function isFresh({ askedAt, keepMs }: Bucket, now: Date): boolean {
  const ageMs = now.getTime() - askedAt;
  return ageMs >= 0 && ageMs < keepMs;
}

/** The part of a limit that the ledger knows, and what may be taken ahead; a small bucket is not divided. */
function divide(limit: Limit, keepMs: number): Pick<Bucket, 'limit' | 'ahead' | 'keepMs'> {
  const ahead = (limit.perSecond * keepMs) / 1000;
  if (ahead < 1 || limit.burst - ahead < 2) return { limit, ahead: 0, keepMs: 0 };
  return { limit: { ...limit, burst: limit.burst - ahead }, ahead: Math.floor(ahead), keepMs };
}
