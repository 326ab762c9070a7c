/**
 * Gamma-gamma: what customers spend per purchase. Each has an own mean, around which its purchases are gamma
 * distributed (shape p); the means differ between customers (q, gamma). It supposes that how much one spends says
 * nothing of how often.
 *
 * Fader, Hardie, Lee: "RFM and CLV", Journal of Marketing Research 42 (2005); Fader and Hardie, "The gamma-gamma model
 * of monetary value", note 025 (2013), http://www.brucehardie.com/notes/025/ (equations 1a and 5).
 */
import { HeraldError } from '../../platform/errors.ts';
import { logGamma } from './log-gamma.ts';
import { nelderMead } from './nelder-mead.ts';
import type { PurchaseSummary } from './purchase-summary.ts';

export type GammaGamma = { p: number; q: number; gamma: number };
export type Spending = Pick<PurchaseSummary, 'repeats' | 'meanSpend'>;
export type GammaGammaFit = { model: GammaGamma; logLikelihood: number; customers: number };

type Spent = { x: number; mean: number };

/** Customers without a repeat purchase, or who paid nothing, say nothing of spending: they are left out. */
function spenders(customers: readonly Spending[]): Spent[] {
  return customers.flatMap(({ repeats, meanSpend }) =>
    repeats > 0 && meanSpend !== null && meanSpend > 0 ? [{ x: repeats, mean: meanSpend }] : [],
  );
}

export function gammaGammaLogLikelihood(model: GammaGamma, customers: readonly Spending[]): number {
  return likelihoodOf(model, spenders(customers));
}

function likelihoodOf({ p, q, gamma }: GammaGamma, customers: readonly Spent[]): number {
  const constant = q * Math.log(gamma) - logGamma(q);
  return customers.reduce((sum, { x, mean }) => {
    const px = p * x;
    return (
      sum +
      constant +
      logGamma(px + q) -
      logGamma(px) +
      (px - 1) * Math.log(mean) +
      px * Math.log(x) -
      (px + q) * Math.log(gamma + x * mean)
    );
  }, 0);
}

/**
 * Maximum likelihood estimate; `gamma` is in the unit of the amounts.
 * @throws `ask` when the purchases cannot tell the parameters
 */
export function fitGammaGamma(customers: readonly Spending[]): GammaGammaFit {
  const spent = spenders(customers);
  if (spent.length === 0)
    throw new HeraldError('ask', 'Nobody has bought twice yet, so a lifetime value cannot be forecast.');
  const typical = spent.reduce((sum, { mean }) => sum + mean, 0) / spent.length;
  const modelAt = (at: readonly number[]): GammaGamma => {
    const [p, q, gamma] = at.map(Math.exp) as [number, number, number];
    return { p, q, gamma };
  };
  const found = nelderMead((at) => -likelihoodOf(modelAt(at), spent), [1, 1, Math.log(typical)]);
  if (!found.converged || !found.at.every((x) => Math.abs(x) < 25))
    throw new HeraldError('ask', 'These purchases are too few or too alike to forecast a lifetime value.', {
      note: `gamma-gamma: ${found.iterations} iterations, log parameters ${found.at.join(', ')}`,
    });
  return { model: modelAt(found.at), logLikelihood: -found.value, customers: spent.length };
}

/**
 * Mean spend per purchase expected of a customer: its own mean drawn towards everybody's, the more so the fewer its
 * purchases. Null where the model has no mean (q ≤ 1 without enough purchases).
 */
export function expectedSpend(
  { p, q, gamma }: GammaGamma,
  { repeats: x, meanSpend }: Spending,
): number | null {
  const strength = p * x + q - 1;
  return strength <= 0 ? null : (p * (gamma + x * (meanSpend ?? 0))) / strength;
}
