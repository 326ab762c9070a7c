/** A limit of so many calls within any stretch of `windowMs`, as platforms count them. */
export type RollingLimit = {
  /** Count one call; false when it is over the limit (refused calls are not counted). */
  take(): boolean;
  remaining(): number;
  /** Milliseconds until the next call would pass. */
  freeInMs(): number;
};

export function createRollingLimit(limit: number, windowMs: number, now: () => number): RollingLimit {
  let calls: number[] = [];
  const recent = () => {
    const from = now() - windowMs;
    calls = calls.filter((at) => at > from);
    return calls;
  };
  return {
    take() {
      if (recent().length >= limit) return false;
      calls.push(now());
      return true;
    },
    remaining: () => Math.max(0, limit - recent().length),
    freeInMs() {
      const counted = recent();
      return counted.length < limit ? 0 : Math.max(0, counted[counted.length - limit]! + windowMs - now());
    },
  };
}
