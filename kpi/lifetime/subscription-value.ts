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
  /** Of `value`, as the survival curve's own uncertainty gives it; the margin is taken as known. */
  standardError: number;
};

/**
 * Lifetime value of a new customer under contract: Σ S(k) × margin ÷ (1 + discount)^k over the months k = 0, 1, …, each
 * paid in advance by those still there. The curve is never drawn out beyond what has been watched; null without any.
 *
 * Gupta, Lehmann, Stuart: "Valuing customers", Journal of Marketing Research 41 (2004), with the Kaplan–Meier estimate
 * in place of a constant retention rate. Standard error: Klein and Moeschberger, "Survival Analysis" (2003), 4.5.2.
 *
 * @param survival times in months
 */
export function subscriptionValue(
  survival: SurvivalCurve,
  { marginPerMonth, discount, horizonMonths }: SubscriptionTerms,
): SubscriptionValue | null {
  const earned: number[] = [];
  for (let month = 0; month < horizonMonths; month++) {
    const there = survivalAt(survival, month);
    if (there === null) break;
    earned.push((there * marginPerMonth) / (1 + discount) ** month);
  }
  if (earned.length === 0) return null;
  const from = (month: number) => earned.slice(month).reduce((sum, value) => sum + value, 0);
  // As for a restricted mean survival time: a step is as uncertain as its customers are few, and moves all after it.
  const variance = survival.steps.reduce((sum, { time, atRisk, left }) => {
    const after = from(Math.ceil(time));
    return after === 0 ? sum : sum + (after ** 2 * left) / (atRisk * (atRisk - left));
  }, 0);
  return {
    value: from(0),
    months: earned.length,
    remaining: survivalAt(survival, earned.length - 1)!,
    standardError: Math.sqrt(variance),
  };
}
