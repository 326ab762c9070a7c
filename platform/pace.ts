/**
 * Token buckets by name: each holds `burst` tokens and gains `perSecond`. A call takes one and waits when there is
 * none. Tokens are reserved on arrival (the count may go below zero), so callers leave in the order in which they
 * came and a crowd of waiters cannot all wake for the same token.
 */

/** Tokens per second and burst of each named bucket, from the platform's published limits. */
export type Pace = Record<string, { perSecond: number; burst: number }>;

export type Pacer = {
  /** Wait for a token of `bucket`; rejects when `signal` aborts, and the token goes back. Returns the milliseconds waited. */
  take(bucket: string, signal: AbortSignal): Promise<number>;
  /** Let nobody through `bucket` for `ms` from now on: the platform said that we are too fast. */
  hold(bucket: string, ms: number): void;
};

type Bucket = { tokens: number; filledAt: number; heldUntil: number };

export function createPacer(options: {
  pace: Pace;
  now: () => Date;
  wait: (ms: number, signal: AbortSignal) => Promise<void>;
}): Pacer {
  const { pace, now, wait } = options;
  const buckets = new Map<string, Bucket>();

  function open(name: string): { bucket: Bucket; perSecond: number; burst: number } | null {
    const limit = pace[name];
    // A source without published limits is not paced; a misspelt bucket would silently not be either.
    if (!limit) {
      if (name === 'default') return null;
      throw new Error(`no pace is set for the bucket "${name}"`);
    }
    let bucket = buckets.get(name);
    if (!bucket) {
      bucket = { tokens: limit.burst, filledAt: now().getTime(), heldUntil: Number.NEGATIVE_INFINITY };
      buckets.set(name, bucket);
    }
    return { bucket, ...limit };
  }

  return {
    async take(name, signal) {
      const opened = open(name);
      if (!opened) return 0;
      const { bucket, perSecond, burst } = opened;
      const at = now().getTime();
      // A clock set back must not take tokens away, nor lengthen a hold.
      const elapsed = Math.max(0, at - bucket.filledAt);
      bucket.heldUntil -= Math.max(0, bucket.filledAt - at);
      bucket.tokens = Math.min(burst, bucket.tokens + (elapsed / 1000) * perSecond) - 1;
      bucket.filledAt = at;
      const owedMs = bucket.tokens < 0 ? Math.ceil((-bucket.tokens / perSecond) * 1000) : 0;
      const waitMs = Math.max(owedMs, bucket.heldUntil - at);
      if (waitMs <= 0) return 0;
      try {
        await wait(waitMs, signal);
      } catch (thrown) {
        bucket.tokens += 1;
        throw thrown;
      }
      return waitMs;
    },
    hold(name, ms) {
      const opened = open(name);
      if (opened) opened.bucket.heldUntil = Math.max(opened.bucket.heldUntil, now().getTime() + ms);
    },
  };
}
