import type { Dimension } from '../../kpi/question.ts';
import { longestName } from './longest-name.ts';
import { skip } from './period/atom.ts';
import { countOf } from './period/relative.ts';
import type { Token } from './tokens.ts';
import { breakdownWords, dimensionOf } from './vocabulary.ts';

/** `best` and `worst` wait for the KPI: the best churn is the lowest. */
export type Order = 'top' | 'bottom' | 'best' | 'worst';

export type TopFound = { n: number | null; order: Order; by: Dimension | null; length: number };

const orders: ReadonlyMap<string, Order> = new Map<string, Order>([
  ...['top', 'highest', 'largest', 'biggest', 'most'].map((word): [string, Order] => [word, 'top']),
  ...['bottom', 'lowest', 'smallest', 'least', 'fewest'].map((word): [string, Order] => [word, 'bottom']),
  ['best', 'best'],
  ['worst', 'worst'],
]);

export const orderWords: readonly string[] = [...orders.keys()];

const breakdownNames: ReadonlyMap<string, true> = new Map(breakdownWords.map((words) => [words, true]));

/** "top 5 reps", "worst three regions", "highest" */
export function readTop(tokens: readonly Token[], i: number): TopFound | null {
  const order = orders.get(tokens[i]?.text ?? '');
  if (!order) return null;
  const n = countOf(tokens[i + 1]?.text);
  const j = n === null ? i + 1 : i + 2;
  const dimension = longestName(tokens, j, dimensionOf, 3);
  return { n, order, by: dimension?.found ?? null, length: j - i + (dimension?.length ?? 0) };
}

export type ByFound = { by: Dimension | null; length: number };

/** "by region", "split by segment", "per rep"; `by: null` when no dimension follows. */
export function readBreakdown(tokens: readonly Token[], i: number): ByFound | null {
  const words = longestName(tokens, i, breakdownNames, 3);
  if (!words) return null;
  const j = skip(tokens, skip(tokens, i + words.length, 'the', 'our', 'customer'), 'the');
  const direct = longestName(tokens, i + words.length, dimensionOf, 3);
  if (direct) return { by: direct.found, length: words.length + direct.length };
  const dimension = longestName(tokens, j, dimensionOf, 3);
  return dimension
    ? { by: dimension.found, length: j - i + dimension.length }
    : { by: null, length: words.length };
}
