import { pValue } from '../anomaly/false-discovery.ts';
import { autocorrelation, type Course, mean, ranks, sum } from './course.ts';

export type Lagged = {
  /** Buckets by which the first series is ahead of the second; below 0 it is behind. */
  lag: number;
  /** Spearman's rank correlation: one outlier does not make a relation. */
  rho: number;
  /** Pairs of buckets that have both values. */
  pairs: number;
  /** Independent pairs that these are worth. */
  effective: number;
  /** Two-sided, of a correlation this strong between unrelated series. */
  p: number;
};

/** What the variance of Spearman's ρ on Fisher's scale is above 1 ÷ (n − 3) (Fieller, Hartley & Pearson, Biometrika 44, 1957). */
const spearmanVariance = 1.06;

/**
 * Correlation of two equally long courses at every lag from −most to most. Neighbouring buckets are alike, so n pairs are worth fewer
 * independent ones: n ÷ (1 + 2 Σ (1 − j ÷ n) ρx(j) ρy(j)) over j up to n ÷ 4, at most n (Pyper & Peterman, Can. J. Fish. Aquat. Sci. 55,
 * 1998). `fitted` is how many numbers were taken from the courses to flatten them.
 */
export function correlateLags(x: Course, y: Course, most: number, fitted: number): Lagged[] {
  const alike = likeness(x, y);
  const out: Lagged[] = [];
  for (let lag = -most; lag <= most; lag++) {
    const pairs = x.flatMap((value, i) => {
      const other = y[i + lag] ?? null;
      return value === null || other === null ? [] : [[value, other] as const];
    });
    const rho = pearson(ranks(pairs.map(([a]) => a)), ranks(pairs.map(([, b]) => b)));
    const worth = pairs.length / Math.max(1, alike(pairs.length));
    const effective = worth * Math.max(0, 1 - fitted / Math.max(1, x.length));
    out.push({ lag, rho, pairs: pairs.length, effective, p: significance(rho, effective) });
  }
  return out;
}

/** By how much the courses' own likeness over time inflates the variance of their correlation. */
function likeness(x: Course, y: Course): (pairs: number) => number {
  const [rx, ry] = [ranked(x), ranked(y)];
  const shared = Array.from(
    { length: Math.floor(x.length / 4) },
    (_one, i) => autocorrelation(rx, i + 1) * autocorrelation(ry, i + 1),
  );
  return (n) => 1 + 2 * sum(shared.map((product, i) => Math.max(0, 1 - (i + 1) / n) * product));
}

function ranked(course: Course): Course {
  const known = ranks(course.filter((value) => value !== null));
  let at = 0;
  return course.map((value) => (value === null ? null : known[at++]!));
}

/** 0 where one of them does not vary. */
function pearson(a: readonly number[], b: readonly number[]): number {
  const [ma, mb] = [mean(a), mean(b)];
  const cross = sum(a.map((value, i) => (value - ma) * (b[i]! - mb)));
  const spread = Math.sqrt(
    sum(a.map((value) => (value - ma) ** 2)) * sum(b.map((value) => (value - mb) ** 2)),
  );
  return spread === 0 ? 0 : Math.max(-1, Math.min(1, cross / spread));
}

function significance(rho: number, effective: number): number {
  if (effective <= 3.5) return 1;
  // A perfect correlation is infinitely far out; so near to 1 it makes no difference.
  const bounded = Math.max(-1 + 1e-9, Math.min(1 - 1e-9, rho));
  return pValue(Math.atanh(bounded) * Math.sqrt((effective - 3) / spearmanVariance));
}
