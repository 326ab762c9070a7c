/** Statistics that one wild day cannot move. */
export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Makes the median absolute deviation equal the standard deviation of a normal distribution: 1 / Φ⁻¹(3/4). */
export const normalConsistency = 1.4826;
/** Φ⁻¹(.95): nine of ten errors of a normal distribution are within so many standard deviations. */
const ninetyPercent = 1.6449;

/** Of fewer errors, the largest tenth is one or two of them. */
const tailFrom = 20;

/**
 * Typical size of errors that should centre on zero, in standard deviations: 1.4826 × their median absolute size, or
 * what the largest tenth of them says where that is more. Deals and payments have long tails, of which the middle
 * knows nothing.
 */
export function wobble(errors: readonly number[]): number {
  if (errors.length === 0) return 0;
  const sizes = errors.map(Math.abs).sort((a, b) => a - b);
  const middle = normalConsistency * median(sizes)!;
  const tail = sizes[Math.floor(0.9 * (sizes.length - 1))]! / ninetyPercent;
  return sizes.length < tailFrom ? middle : Math.max(middle, tail);
}
