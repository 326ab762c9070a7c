/** Lanczos' approximation with g = 7 and nine terms (Godfrey's coefficients): about fifteen digits for x > 0. */
const g = 7;
const first = 0.99999999999980993;
const terms = [
  676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
  -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];
const halfLogTwoPi = 0.5 * Math.log(2 * Math.PI);

/** ln Γ(x) for x > 0. */
export function logGamma(x: number): number {
  // Below 1/2 the approximation loses digits; one step up the recurrence Γ(x) = Γ(x + 1) / x keeps them.
  if (x < 0.5) return logGamma(x + 1) - Math.log(x);
  const z = x - 1;
  const sum = terms.reduce((all, term, i) => all + term / (z + i + 1), first);
  const t = z + g + 0.5;
  return halfLogTwoPi + (z + 0.5) * Math.log(t) - t + Math.log(sum);
}

/** ln B(a, b) for a, b > 0. */
export function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b);
}
