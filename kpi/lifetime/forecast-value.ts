import { type BgNbd, expectedPurchases } from './bg-nbd.ts';
import { expectedSpend, type GammaGamma } from './gamma-gamma.ts';
import type { PurchaseSummary } from './purchase-summary.ts';

export type ForecastTerms = {
  /** How many periods ahead. */
  periods: number;
  /** Length of a period in the time unit of the summaries: with weeks, 365.25 / 12 / 7 is a month. */
  periodLength: number;
  /** Gross margin, 0–1: value is what is earned, not what is taken. */
  margin: number;
  /** Per period: 0.01 is 1 %. */
  discount: number;
};

/**
 * What a customer without a contract is expected to earn us from now on, in the unit of its spend: purchases expected
 * in each period × spend expected per purchase × margin, discounted from each period's end. Null where the spend
 * cannot be told.
 *
 * Fader, Hardie, Lee: "RFM and CLV", Journal of Marketing Research 42 (2005), in whole periods instead of continuously.
 */
export function forecastValue(
  models: { buying: BgNbd; spending: GammaGamma },
  customer: PurchaseSummary,
  { periods, periodLength, margin, discount }: ForecastTerms,
): number | null {
  const spend = expectedSpend(models.spending, customer);
  if (spend === null) return null;
  let before = 0;
  let purchases = 0;
  for (let period = 1; period <= periods; period++) {
    const by = expectedPurchases(models.buying, customer, period * periodLength);
    purchases += (by - before) / (1 + discount) ** period;
    before = by;
  }
  return purchases * spend * margin;
}
