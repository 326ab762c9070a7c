/**
 * Which of many tests stand when a share `q` of false alarms among them is acceptable: Benjamini & Hochberg 1995,
 * "Controlling the False Discovery Rate" (J. R. Statist. Soc. B 57). Returns a verdict per p-value, in order.
 */
export function benjaminiHochberg(pValues: readonly number[], q: number): boolean[] {
  const ranked = pValues.map((p, i) => ({ p, i })).sort((a, b) => a.p - b.p);
  const last = ranked.findLastIndex(({ p }, rank) => p <= ((rank + 1) / pValues.length) * q);
  const verdicts = pValues.map(() => false);
  for (const { i } of ranked.slice(0, last + 1)) verdicts[i] = true;
  return verdicts;
}

/**
 * Two-sided p-value of a z-score. Complementary error function by the rational Chebyshev fit of Numerical Recipes
 * (Press et al., §6.2), relative error below 1.2e-7 everywhere.
 */
export function pValue(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.5 * x);
  const coefficients = [
    -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587,
    -0.82215223, 0.17087277,
  ];
  const polynomial = coefficients.reduceRight((sum, coefficient) => sum * t + coefficient, 0);
  return t * Math.exp(-x * x + polynomial);
}
