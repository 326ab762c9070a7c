import { HeraldError } from '../../platform/errors.ts';

/**
 * Whole cents in proportion to `weights` that sum to exactly `total`, by largest remainder (Hamilton's method):
 * each gets its share rounded down, and the cents left go to the largest fractions, the earlier one where they tie.
 * So every part is within one cent of its share. A negative total (a credit note) is split as its positive.
 *
 * @param total integer minor units
 * @param weights not negative, at least one positive unless the total is 0
 */
export function splitCents(total: number, weights: readonly number[]): number[] {
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  const fair =
    Number.isSafeInteger(total) && Number.isFinite(whole) && weights.every((weight) => weight >= 0);
  if (!fair || (whole === 0 && total !== 0))
    throw new HeraldError('bug', 'An amount could not be divided; the figure is withheld.', {
      note: `splitCents: ${total} over [${weights.slice(0, 20).join(', ')}]`,
    });
  if (total === 0) return weights.map(() => 0);
  const sign = Math.sign(total);
  const cents = Math.abs(total);
  const shares = weights.map((weight) => cents * (weight / whole));
  const parts = shares.map(Math.floor);
  let left = cents - parts.reduce((sum, part) => sum + part, 0);
  const order = shares
    .map((share, i) => ({ i, fraction: share - parts[i]! }))
    .filter(({ i }) => weights[i]! > 0)
    .sort((a, b) => b.fraction - a.fraction || a.i - b.i);
  // Near 2^53 the shares' own rounding can leave a cent too many or too few: hence around and around, in both directions.
  for (let at = 0; left > 0; at = (at + 1) % order.length, left--) parts[order[at]!.i]!++;
  for (let at = order.length - 1; left < 0; at = (at - 1 + order.length) % order.length) {
    if (parts[order[at]!.i]! === 0) continue;
    parts[order[at]!.i]!--;
    left++;
  }
  return parts.map((part) => (part === 0 ? 0 : sign * part));
}
