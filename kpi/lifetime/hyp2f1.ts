import { HeraldError } from '../../platform/errors.ts';

/** Terms shrink by z in the end: this many settle z up to 0.9999. */
const mostTerms = 500_000;
const large = 1e200;
const logLarge = Math.log(large);

/**
 * e^logFactor · ₂F₁(a, b; c; z), the Gaussian hypergeometric function, for 0 ≤ z < 1, a, b > 0 and c > −1, c ≠ 0.
 *
 * The Gauss series (Abramowitz and Stegun 15.1.1). With these arguments all terms after the first have one sign, so
 * nothing cancels and no transformation is needed. The value itself passes 1e308 for customers with a few
 * hundred purchases, while the product that is wanted does not: hence the factor, and a running scale.
 */
export function hyp2f1(a: number, b: number, c: number, z: number, logFactor = 0): number {
  let scale = logFactor;
  let term = 1;
  let sum = 1;
  for (let n = 0; n < mostTerms; n++) {
    const ratio = ((a + n) * (b + n) * z) / ((c + n) * (n + 1));
    term *= ratio;
    sum += term;
    if (Math.abs(sum) > large) {
      term /= large;
      sum /= large;
      scale += logLarge;
    }
    // Terms may grow before they shrink; what is left of the tail is below term · ratio / (1 − ratio).
    const tail = Math.max(z, Math.abs(ratio));
    if (tail < 1 && Math.abs(term) * tail <= 1e-16 * (1 - tail) * Math.abs(sum)) return sum * Math.exp(scale);
  }
  throw new HeraldError('bug', 'The lifetime forecast did not converge for a customer.', {
    note: `hyp2f1(${a}, ${b}; ${c}; ${z})`,
  });
}
