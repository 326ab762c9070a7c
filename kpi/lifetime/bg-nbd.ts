/**
 * BG/NBD: how often customers without a contract will buy again. While alive a customer buys at random at rate λ,
 * and after each purchase leaves for good with chance p; λ is gamma distributed over customers (r, alpha), p beta (a, b).
 * Not for subscriptions, whose end is seen: use `kaplanMeier` and `subscriptionValue`.
 *
 * Fader, Hardie, Lee: "'Counting your customers' the easy way", Marketing Science 24 (2005); equation numbers are theirs.
 */
import { HeraldError } from '../../platform/errors.ts';
import { hyp2f1 } from './hyp2f1.ts';
import { logBeta, logGamma } from './log-gamma.ts';
import { nelderMead } from './nelder-mead.ts';
import type { PurchaseSummary } from './purchase-summary.ts';

export type BgNbd = { r: number; alpha: number; a: number; b: number };
/** A customer's repeat purchases, recency and age: see `PurchaseSummary`. */
export type Buying = Pick<PurchaseSummary, 'repeats' | 'recency' | 'age'>;
export type BgNbdFit = { model: BgNbd; logLikelihood: number; customers: number };

/** Sum of the customers' log-likelihoods (equation 6), with logarithms throughout: Γ(r + x) alone passes 1e308 at x = 171. */
export function bgNbdLogLikelihood({ r, alpha, a, b }: BgNbd, customers: readonly Buying[]): number {
  const constant = r * Math.log(alpha) - logGamma(r) - logBeta(a, b);
  // What depends on the number of purchases alone is shared by many customers.
  const shared = new Map<number, { stayed: number; left: number }>();
  const sharedOf = (x: number) => {
    const known = shared.get(x);
    if (known) return known;
    const counted = logGamma(r + x);
    const made = {
      stayed: counted + logBeta(a, b + x),
      left: x === 0 ? -Infinity : counted + logBeta(a + 1, b + x - 1),
    };
    shared.set(x, made);
    return made;
  };
  return customers.reduce((sum, { repeats, recency, age }) => {
    const { stayed, left } = sharedOf(repeats);
    const alive = stayed - (r + repeats) * Math.log(alpha + age);
    const gone = left - (r + repeats) * Math.log(alpha + recency);
    return sum + constant + logSum(alive, gone);
  }, 0);
}

/**
 * Maximum likelihood estimate. Times may be in any unit; rates come in the same.
 * @throws `ask` when the purchases cannot tell the parameters
 */
export function fitBgNbd(customers: readonly Buying[]): BgNbdFit {
  if (!customers.some(({ repeats }) => repeats > 0))
    throw new HeraldError('ask', 'Nobody has bought twice yet, so a lifetime value cannot be forecast.');
  const meanAge = customers.reduce((sum, { age }) => sum + age, 0) / customers.length;
  // All four are positive: searched on the log scale, from a start of the data's own time scale.
  const modelAt = (at: readonly number[]): BgNbd => {
    const [r, alpha, a, b] = at.map(Math.exp) as [number, number, number, number];
    return { r, alpha, a, b };
  };
  const start = [0, Math.log(Math.max(meanAge, Number.EPSILON) / 4), 0, 0];
  const found = nelderMead((at) => -bgNbdLogLikelihood(modelAt(at), customers), start);
  if (!found.converged || !found.at.every((x) => Math.abs(x) < 20))
    throw new HeraldError('ask', 'These purchases are too few or too alike to forecast a lifetime value.', {
      note: `BG/NBD: ${found.iterations} iterations, log parameters ${found.at.join(', ')}`,
    });
  return { model: modelAt(found.at), logLikelihood: -found.value, customers: customers.length };
}

/**
 * Repeat purchases that a customer is expected to make in the next `time`, given the past (equation 10).
 */
export function expectedPurchases(model: BgNbd, { repeats: x, recency, age }: Buying, time: number): number {
  const { r, alpha, b } = model;
  const a = offThePoles(model.a, b + x);
  const z = time / (alpha + age + time);
  const discount = (r + x) * Math.log((alpha + age) / (alpha + age + time));
  const kept = 1 - hyp2f1(r + x, b + x, a + b + x - 1, z, discount);
  const ifAlive = ((a + b + x - 1) / (a - 1)) * kept;
  return ifAlive * probabilityAlive(model, { repeats: x, recency, age });
}

/** Repeat purchases that a new customer is expected to make in the first `time` (equation 9). */
export function expectedPurchasesOfNew(model: BgNbd, time: number): number {
  const { r, alpha, b } = model;
  const a = offThePoles(model.a, b);
  const kept = 1 - hyp2f1(r, b, a + b - 1, time / (alpha + time), r * Math.log(alpha / (alpha + time)));
  return ((a + b - 1) / (a - 1)) * kept;
}

/**
 * Chance that the customer is still one, 0–1. Without a repeat purchase it is 1: in this model customers leave only
 * after a repeat purchase. Fader, Hardie, Lee: "Computing P(alive) using the BG/NBD model" (2008).
 */
export function probabilityAlive({ r, alpha, a, b }: BgNbd, { repeats: x, recency, age }: Buying): number {
  if (x === 0) return 1;
  const odds = (a / (b + x - 1)) * Math.exp((r + x) * Math.log((alpha + age) / (alpha + recency)));
  return 1 / (1 + odds);
}

/** At a = 1 and at a + b = 1 the expectations are 0/0 with a limit; a millionth beside it they are as good as there. */
function offThePoles(a: number, b: number): number {
  const near = (x: number) => Math.abs(x) < 1e-6;
  return near(a - 1) || near(a + b - 1) ? a + 2e-6 : a;
}

/** ln(e^p + e^q) without overflow; q may be −∞. */
function logSum(p: number, q: number): number {
  const high = Math.max(p, q);
  return high + Math.log1p(Math.exp(Math.min(p, q) - high));
}
