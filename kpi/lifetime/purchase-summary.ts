import { dayNumber } from '../calendar/day.ts';
import type { Day } from '../question.ts';

export type Purchase = { customer: string; day: Day; amount: number };

/** What the lifetime models need to know of a customer. Times in the unit asked for. */
export type PurchaseSummary = {
  customer: string;
  /** x: days with a purchase after the first one. */
  repeats: number;
  /** t_x: from the first purchase to the last; 0 without a repeat. */
  recency: number;
  /** T: from the first purchase to the end of observation. */
  age: number;
  /** Mean amount of a repeat day; null without a repeat. */
  meanSpend: number | null;
};

/**
 * Purchases up to and including `until`, per customer in order of first appearance; customers who came later are
 * left out. Purchases of one day are one purchase, and the first is no repeat: the convention of Fader, Hardie and
 * Lee (Marketing Science 24, 2005), as in their CDNOW data files.
 *
 * @param unitDays length of the time unit in days: 7 gives weeks
 */
export function summarisePurchases(
  purchases: readonly Purchase[],
  { until, unitDays }: { until: Day; unitDays: number },
): PurchaseSummary[] {
  const spentOn = new Map<string, Map<number, number>>();
  for (const { customer, day, amount } of purchases) {
    if (day > until) continue;
    const days = spentOn.get(customer) ?? new Map<number, number>();
    days.set(dayNumber(day), (days.get(dayNumber(day)) ?? 0) + amount);
    spentOn.set(customer, days);
  }
  const end = dayNumber(until);
  return [...spentOn].map(([customer, days]) => {
    const sorted = [...days].sort(([a], [b]) => a - b);
    const first = sorted[0]![0];
    const repeats = sorted.slice(1);
    const spent = repeats.reduce((sum, [, amount]) => sum + amount, 0);
    return {
      customer,
      repeats: repeats.length,
      recency: (sorted.at(-1)![0] - first) / unitDays,
      age: (end - first) / unitDays,
      meanSpend: repeats.length === 0 ? null : spent / repeats.length,
    };
  });
}
