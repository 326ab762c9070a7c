export type FactorShare = {
  name: string;
  /** In the unit of the product; they add up to its change. */
  contribution: number;
  /** Of the whole change; null when the product did not move. */
  share: number | null;
};

/**
 * What each factor of K = Π fᵢ^eᵢ adds to its change: logarithmic mean of K × eᵢ ln(f1 ÷ f0), so that shares are those
 * of the logarithm (LMDI: Ang, Energy Policy 32, 2004). It is exact, does not depend on the order of the factors, and
 * stays defined when K comes out where it began. Logarithms need factors above 0: otherwise Shapley values.
 */
export function factors(
  names: readonly string[],
  before: readonly number[],
  after: readonly number[],
  exponents: readonly number[],
): FactorShare[] {
  const product = (values: readonly number[]) =>
    values.reduce((all, value, i) => all * value ** exponents[i]!, 1);
  const [k0, k1] = [product(before), product(after)];
  const positive = [...before, ...after].every((value) => value > 0);
  const contributions = positive
    ? names.map((_name, i) => logMean(k0, k1) * exponents[i]! * Math.log(after[i]! / before[i]!))
    : shapley(names.length, (changed) =>
        product(names.map((_name, i) => (changed & (1 << i) ? after[i]! : before[i]!))),
      );
  return names.map((name, i) => ({
    name,
    contribution: contributions[i]!,
    share: k1 === k0 ? null : contributions[i]! / (k1 - k0),
  }));
}

/** (b − a) ÷ (ln b − ln a); a where they meet. */
function logMean(a: number, b: number): number {
  const ratio = b / a - 1;
  if (ratio === 0) return a;
  // log1p keeps the quotient right when the two are nearly equal, log when one is far below the other.
  return (b - a) / (Math.abs(ratio) < 0.5 ? Math.log1p(ratio) : Math.log(b / a));
}

/** Each factor's effect, averaged over every order in which the factors could have changed; `value` of a bit set. */
function shapley(n: number, value: (changed: number) => number): number[] {
  const values = Array.from({ length: 1 << n }, (_one, changed) => value(changed));
  const factorial = (k: number): number => (k < 2 ? 1 : k * factorial(k - 1));
  return Array.from({ length: n }, (_one, i) => {
    let sum = 0;
    for (let others = 0; others < 1 << n; others++) {
      if (others & (1 << i)) continue;
      const size = bits(others);
      const weight = (factorial(size) * factorial(n - size - 1)) / factorial(n);
      sum += weight * (values[others | (1 << i)]! - values[others]!);
    }
    return sum;
  });
}

function bits(set: number): number {
  let count = 0;
  for (let rest = set; rest > 0; rest >>= 1) count += rest & 1;
  return count;
}
