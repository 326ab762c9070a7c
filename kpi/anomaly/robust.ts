/** Statistics that one wild day cannot move. */
export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Makes the median absolute deviation equal the standard deviation of a normal distribution: 1 / Φ⁻¹(3/4). */
const normalConsistency = 1.4826;

/** Typical size of errors that should centre on zero, in standard deviations. */
export function wobble(errors: readonly number[]): number {
  return normalConsistency * (median(errors.map(Math.abs)) ?? 0);
}
