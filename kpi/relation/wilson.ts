/** 95 % of a normal distribution lies within so many standard deviations. */
const z = 1.959963984540054;

/** What share of all such cases may well be, having seen `hits` of `n`: Wilson's 95 % interval, 0 to 1 (J. Am. Stat. Assoc. 22, 1927). */
export function wilson(hits: number, n: number): { low: number; high: number } {
  if (n === 0) return { low: 0, high: 1 };
  const p = hits / n;
  const centre = p + (z * z) / (2 * n);
  const margin = z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  const whole = 1 + (z * z) / n;
  // None and all are certain at their own end; rounding must not move them off it.
  return {
    low: hits === 0 ? 0 : (centre - margin) / whole,
    high: hits === n ? 1 : (centre + margin) / whole,
  };
}
