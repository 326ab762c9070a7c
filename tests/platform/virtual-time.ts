/** A clock that moves only when everybody waits, to the next moment at which somebody wakes. */
import { setImmediate as turn } from 'node:timers/promises';

export type VirtualTime = {
  now: () => Date;
  wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Let what can happen now happen. */
  turn(): Promise<void>;
  /** Let `ms` pass. */
  pass(ms: number): Promise<void>;
  /** Let time pass until nobody waits. */
  run(): Promise<void>;
  /** Put the clock off by `ms`, as an operator does. */
  set(ms: number): void;
};

export function createVirtualTime(startsAt = 1_000_000): VirtualTime {
  let clock = startsAt;
  const sleepers = new Set<{ at: number; wake: () => void }>();

  async function settle(): Promise<void> {
    // A few rounds: a woken sleeper's continuation may wake others.
    for (let round = 0; round < 3; round++) await turn();
  }

  async function until(end: number): Promise<void> {
    await settle();
    while (sleepers.size > 0) {
      const next = Math.min(...[...sleepers].map(({ at }) => at));
      if (next > end) break;
      clock = Math.max(clock, next);
      for (const sleeper of [...sleepers]) if (sleeper.at <= clock) sleeper.wake();
      await settle();
    }
    if (Number.isFinite(end)) clock = Math.max(clock, end);
  }

  return {
    now: () => new Date(clock),
    wait: (ms, signal) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted();
        const end = (settled: () => void) => {
          sleepers.delete(sleeper);
          signal.removeEventListener('abort', fail);
          settled();
        };
        const sleeper = { at: clock + ms, wake: () => end(resolve) };
        const fail = () => end(() => reject(signal.reason));
        signal.addEventListener('abort', fail, { once: true });
        sleepers.add(sleeper);
      }),
    turn: settle,
    pass: (ms) => until(clock + ms),
    run: () => until(Number.POSITIVE_INFINITY),
    set: (ms) => {
      clock += ms;
    },
  };
}
