import { type SurvivalCurve, survivalAt } from './kaplan-meier.ts';

export type SubscriptionTerms = {
  /** Earned per month from a customer who is there: MRR × gross margin. */
  marginPerMonth: number;
  /** Per month: 0.01 is 1 %. */
  discount: number;
  /** At most so many months ahead. */
  horizonMonths: number;
};

export type SubscriptionValue = {
  /** In the unit of `marginPerMonth`. */
  value: number;
  /** Months that were summed: fewer than the horizon where nobody has been a customer for that long. */
  months: number;
  /** Share still there after them, 0–1: what they go on to earn is not in `value`, which is a lower bound if above 0. */
  remaining: number;
};

/**
 * Lifetime value of a new customer under contract: Σ S(k) × margin ÷ (1 + discount)^k over the months k = 0, 1, …, each
 * paid in advance by those still there. The curve is never drawn out beyond what has been watched; null without any.
 *
 * Gupta, Lehmann, Stuart: "Valuing customers", Journal of Marketing Research 41 (2004), with the Kaplan–Meier estimate
 * in place of a constant retention rate.
 *
 * @param survival times in months
 */
export function subscriptionValue(
  survival: SurvivalCurve,
  { marginPerMonth, discount, horizonMonths }: SubscriptionTerms,
): SubscriptionValue | null {
  let value = 0;
  let months = 0;
  for (; months < horizonMonths; months++) {
    const there = survivalAt(survival, months);
    if (there === null) break;
    value += (there * marginPerMonth) / (1 + discount) ** months;
  }
  if (months === 0) return null;
  return { value, months, remaining: survivalAt(survival, months - 1)! };
}
