import type { Journey, Touch } from './journey.ts';

/** Models that look at one journey at a time. */
export const touchModels = ['first', 'last', 'linear', 'time_decay', 'position'] as const;
export type TouchModel = (typeof touchModels)[number];

/** A touch a week earlier earns half: the half-life that Google Ads gives its time decay model. */
const halfLifeHours = 7 * 24;

/** Position-based (U-shaped), as Google Ads weighs it: the middle shares what the two ends leave. */
const endShare = 0.4;

/**
 * Credit per touch, in the journey's order and unit; the credits sum to the journey's value (to the last bit of a
 * double: `splitCents` makes them exact in cents). A journey without touches earns nobody anything: `[]`.
 *
 * - `first`, `last`: all to that touch
 * - `linear`: equal parts
 * - `time_decay`: weight 2^(−hoursBefore / 168), continuous rather than in steps of a week
 * - `position`: 40 % first, 40 % last, 20 % shared by those between; two touches 50/50, a single one everything
 *
 * Definitions: Google Ads, "About attribution models" (https://support.google.com/google-ads/answer/6259715).
 */
export function credit(journey: Journey, model: TouchModel): number[] {
  const weights = weightsOf(journey.touches, model);
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => (journey.value * weight) / whole);
}

function weightsOf(touches: readonly Touch[], model: TouchModel): number[] {
  const n = touches.length;
  switch (model) {
    case 'first':
      return touches.map((_touch, i) => (i === 0 ? 1 : 0));
    case 'last':
      return touches.map((_touch, i) => (i === n - 1 ? 1 : 0));
    case 'linear':
      return touches.map(() => 1);
    case 'time_decay': {
      // Measured from the latest touch: only differences matter, and a long-past journey cannot underflow to 0/0.
      const latest = touches.reduce((least, touch) => Math.min(least, touch.hoursBefore), Infinity);
      return touches.map(({ hoursBefore }) => 2 ** ((latest - hoursBefore) / halfLifeHours));
    }
    case 'position':
      if (n <= 2) return touches.map(() => 1);
      return touches.map((_touch, i) => (i === 0 || i === n - 1 ? endShare : (1 - 2 * endShare) / (n - 2)));
    default:
      return model satisfies never;
  }
}
