import type { Answer } from '../../kpi/answer.ts';

/**
 * True when the values of parts of a period add up to the period's: a sum of flows. A stock (`mrr@end`),
 * a ratio or an average does not, and drawing it in columns or as a running total would be false.
 */
export function isAdditive(answer: Answer): boolean {
  if (answer.unit !== 'count' && answer.unit !== 'money') return false;
  return /^[a-z][a-z0-9_]*(\s*[+-]\s*[a-z][a-z0-9_]*)*$/.test(answer.definition.formula.trim());
}
