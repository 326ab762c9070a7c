/** Where tokens are counted: in this process (here) or for all of them (postgres-ledger.ts). */

/** Tokens per second and burst of one bucket. */
export type Limit = { perSecond: number; burst: number };

export type Ask = {
  limit: Limit;
  /** At most this many tokens; as many as there are, if fewer. */
  want: number;
  /** Tokens that must stay behind for more urgent work. */
  floor: number;
};

/** `granted` 0: look again after `waitMs`. */
export type Grant = { granted: number; waitMs: number };

export type TokenLedger = {
  /** One atomic step: refill by the time that passed, then take. */
  take(bucket: string, ask: Ask): Promise<Grant>;
  /** Let nobody through for `ms` from now on. */
  hold(bucket: string, ms: number, limit: Limit): Promise<void>;
  /** The platform counts fewer tokens than we do: believe it. */
  lower(bucket: string, remaining: number, limit: Limit): Promise<void>;
};

type Row = { tokens: number; filledAt: number; heldUntil: number };

/** For one process alone: a check by `doctor`, a test, a bench. */
export function createMemoryLedger(now: () => Date): TokenLedger {
  const rows = new Map<string, Row>();

  function refill(bucket: string, { perSecond, burst }: Limit): { row: Row; at: number } {
    const at = now().getTime();
    const row = rows.get(bucket) ?? { tokens: burst, filledAt: at, heldUntil: Number.NEGATIVE_INFINITY };
    rows.set(bucket, row);
    // A clock set back must not take tokens away, nor lengthen a hold.
    const elapsedMs = Math.max(0, at - row.filledAt);
    row.heldUntil -= Math.max(0, row.filledAt - at);
    row.tokens = Math.min(burst, row.tokens + (elapsedMs / 1000) * perSecond);
    row.filledAt = at;
    return { row, at };
  }

  return {
    async take(bucket, { limit, want, floor }) {
      const { row, at } = refill(bucket, limit);
      const isHeld = row.heldUntil > at;
      const granted = isHeld ? 0 : Math.max(0, Math.min(want, Math.floor(row.tokens - floor)));
      row.tokens -= granted;
      return { granted, waitMs: granted > 0 ? 0 : waitFor(row.tokens, floor, limit, row.heldUntil - at) };
    },
    async hold(bucket, ms, limit) {
      const { row, at } = refill(bucket, limit);
      row.heldUntil = Math.max(row.heldUntil, at + ms);
    },
    async lower(bucket, remaining, limit) {
      const { row } = refill(bucket, limit);
      row.tokens = Math.min(row.tokens, remaining);
    },
  };
}

/** Milliseconds until one token more than `floor` is there and no hold is left; at least one. */
export function waitFor(tokens: number, floor: number, { perSecond }: Limit, heldMs: number): number {
  return Math.max(1, Math.ceil(heldMs), Math.ceil(((floor + 1 - tokens) / perSecond) * 1000));
}
