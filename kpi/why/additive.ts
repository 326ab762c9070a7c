/** What a part adds to the change of a whole, in the KPI's unit. */
export type Contribution = {
  name: string;
  contribution: number;
  /** Of the whole change; negative when it offsets, above 1 when others offset it; null when the whole did not move. */
  share: number | null;
  /** Its weight in the whole, 0 to 1: the share of the change that would be no news. */
  size: number;
  /** How much its weight shifted (Jensen–Shannon terms). */
  surprise: number;
};

/**
 * Contributions to the change of a sum: Δ_i ÷ ΔTotal. A part that is missing on one side counts as 0 there.
 * They add up to the change, their shares to 1.
 */
export function additive(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
): Contribution[] {
  const names = [...new Set([...before.keys(), ...after.keys()])];
  const change = total(after) - total(before);
  const [weightBefore, weightAfter] = [weights(before), weights(after)];
  return names.map((name) => {
    const contribution = (after.get(name) ?? 0) - (before.get(name) ?? 0);
    const size = weightBefore.get(name) ?? 0;
    return {
      name,
      contribution,
      share: change === 0 ? null : contribution / change,
      size,
      surprise: surprise(size, weightAfter.get(name) ?? 0),
    };
  });
}

export function total(parts: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const value of parts.values()) sum += value;
  return sum;
}

/** Each part's weight by magnitude: sums such as net new MRR have parts of both signs. */
export function weights(parts: ReadonlyMap<string, number>): Map<string, number> {
  let whole = 0;
  for (const value of parts.values()) whole += Math.abs(value);
  return new Map([...parts].map(([name, value]) => [name, whole === 0 ? 0 : Math.abs(value) / whole]));
}

/**
 * A part's term of the Jensen–Shannon divergence between two distributions, from its weight in each.
 * (Bhagwan et al., "Adtributor", NSDI 2014, §3.3.)
 */
export function surprise(p: number, q: number): number {
  const term = (x: number) => (x === 0 ? 0 : x * Math.log((2 * x) / (p + q)));
  return (term(p) + term(q)) / 2;
}
