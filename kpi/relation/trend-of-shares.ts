import { pValue } from '../anomaly/false-discovery.ts';

export type Trend = 'rises' | 'falls' | 'none' | 'too_few';

/** Fewer of either outcome than this, over all groups, and chance alone could make any order. */
const fewestOutcomes = 5;
const level = 0.05;

/**
 * Whether a share rises or falls along ordered groups, each one step from the next: the Cochran–Armitage test
 * (Armitage, Biometrics 11, 1955), two-sided at 5 %.
 */
export function trendOfShares(groups: readonly { hits: number; n: number }[]): Trend {
  const n = groups.reduce((sum, group) => sum + group.n, 0);
  const hits = groups.reduce((sum, group) => sum + group.hits, 0);
  if (groups.length < 2 || hits < fewestOutcomes || n - hits < fewestOutcomes) return 'too_few';
  const p = hits / n;
  const moment = (pick: (group: { hits: number; n: number }, step: number) => number) =>
    groups.reduce((sum, group, step) => sum + pick(group, step), 0);
  const centre = moment((group, step) => step * group.n) / n;
  const score = moment((group, step) => (step - centre) * group.hits);
  const variance = p * (1 - p) * moment((group, step) => (step - centre) ** 2 * group.n);
  if (variance === 0 || pValue(score / Math.sqrt(variance)) >= level) return 'none';
  return score > 0 ? 'rises' : 'falls';
}
