import type { Catalogue } from '../catalogue.ts';
import type { KpiDefinition } from '../definition.ts';
import { isSum, parseFormula, reads } from '../formula.ts';

/** True when the KPI's value over a period is the sum of its days': no stock, no rate, no median. */
export function isFlow({ formula }: KpiDefinition, { measureByName }: Catalogue): boolean {
  if (formula.kind === 'span') return formula.of === 'new_customers' || formula.of === 'net_new_mrr';
  if (formula.kind !== 'arithmetic') return false;
  const expression = parseFormula(formula.text);
  return (
    isSum(expression) &&
    reads(expression).every(
      (read) => read.at === 'period' && measureByName.get(read.measure)?.kind === 'flow',
    )
  );
}
