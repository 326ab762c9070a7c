/** Which single part explains a change best: exact arithmetic on sums that add up. */

export type MovedPart = { name: string; value: number | null; comparison: number | null };

export type LeadingPart = {
  name: string;
  /** Its share of the whole change; above 1 when others moved the other way. */
  share: number;
};

/** Below half, a change is told as broad rather than as one part's. */
const leastShare = 0.5;
/** A part that merely moved in step with its size is no news: it has to explain clearly more than that. */
const overContribution = 1.2;
/** Names that stand for many or for none. */
const nameless = new Set(['other', 'unknown', '']);

/**
 * The part that carries at least half of the change and more than its size would let expect; null when the change is
 * broad. Contribution: (value − comparison of the part) ÷ (the same of all parts).
 */
export function leadingPart(parts: readonly MovedPart[]): LeadingPart | null {
  const sum = (pick: (part: MovedPart) => number) => parts.reduce((total, part) => total + pick(part), 0);
  const change = sum((part) => (part.value ?? 0) - (part.comparison ?? 0));
  const base = sum((part) => Math.abs(part.comparison ?? 0));
  if (change === 0 || parts.length < 2) return null;
  const shares = parts
    .filter((part) => !nameless.has(part.name))
    .map((part) => ({
      name: part.name,
      share: ((part.value ?? 0) - (part.comparison ?? 0)) / change,
      size: base === 0 ? 0 : Math.abs(part.comparison ?? 0) / base,
    }))
    .sort((a, b) => b.share - a.share);
  const [first] = shares;
  if (!first || first.share < leastShare || first.share < overContribution * first.size) return null;
  return { name: first.name, share: first.share };
}
