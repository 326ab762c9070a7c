/** One way of expecting the next value of a fine series, and how far it has usually been off. */
import { median, normalConsistency } from './robust.ts';
import { SortedWindow } from './sorted-window.ts';

export type Predictor = {
  /** Null before enough was seen. */
  expect(at: number): number | null;
  /** One standard deviation of its errors so far, with room for the tails that they have; null before enough was seen. */
  spread(): Spread | null;
  /** `seen` counts among its errors; null leaves them as they are. `trained` is what the next expectation is made from. */
  learn(at: number, seen: number | null, trained: number): void;
};

type Own = { expect(at: number): number | null; learn(at: number, trained: number): void };

/** `middle` decides between predictors; `tail` is what a point has to stand out from. */
export type Spread = { middle: number; tail: number };

const day = 86_400_000;
/** Values of a slot that its usual one is the median of, and the fewest. */
const alike = 7;
const fewestAlike = 3;
const fewestErrors = 60;
/** z of nine and of 99 in a hundred errors of a normal distribution, two-sided. */
const z90 = 1.6449;
const z99 = 2.5758;

/** What the values around now have been: for series without a rhythm. */
export function recentLevel(window: number, memory: number): Predictor {
  const values = new SortedWindow(window);
  return withErrors(memory, {
    expect: () => (values.size < Math.min(window, 12) ? null : values.median()),
    learn: (_, value) => values.push(value),
  });
}

/** What this time of day (or week) has usually been, moved by how far the last points were from theirs. */
export function rhythmOf(period: number, step: number, levelWindow: number, memory: number): Predictor {
  const slots = new Map<number, number[]>();
  const level = new SortedWindow(levelWindow);
  const slotOf = (at: number) => Math.floor((((at % period) + period) % period) / step);
  const usual = (at: number) => {
    const known = slots.get(slotOf(at)) ?? [];
    return known.length < fewestAlike ? null : median(known);
  };
  return withErrors(memory, {
    expect(at) {
      const value = usual(at);
      return value === null ? null : value + 0.9 * (level.median() ?? 0);
    },
    learn(at, value) {
      const before = usual(at);
      if (before !== null) level.push(value - before);
      const known = slots.get(slotOf(at)) ?? [];
      slots.set(slotOf(at), [...known, value].slice(-alike));
    },
  });
}

export const periods = { day, week: 7 * day };

function withErrors(memory: number, own: Own): Predictor {
  const sizes = new SortedWindow(memory);
  return {
    expect: own.expect,
    spread() {
      if (sizes.size < fewestErrors) return null;
      const middle = normalConsistency * sizes.median()!;
      return {
        middle: Math.max(middle, sizes.quantile(0.9)! / z90),
        tail: Math.max(middle, sizes.quantile(0.9)! / z90, sizes.quantile(0.99)! / z99),
      };
    },
    learn(at, seen, trained) {
      const expected = seen === null ? null : own.expect(at);
      if (expected !== null) sizes.push(Math.abs(seen! - expected));
      own.learn(at, trained);
    },
  };
}
