import type { KpiDefinition } from '../../kpi/definition.ts';
import { isAdditive } from '../../kpi/engine.ts';
import { parseFormula, reads } from '../../kpi/formula.ts';

/**
 * KPIs of which a single day means something: counts and money that are summed up. Rates of one day are mostly chance,
 * and the level of a stock (open pipeline, backlog) drifts, so that its days are no independent tests.
 */
export function isWatchable(kpi: KpiDefinition): boolean {
  if (kpi.finestGrain !== 'day' || kpi.formula.kind !== 'arithmetic' || !isAdditive(kpi)) return false;
  if (kpi.unit !== 'count' && kpi.unit !== 'money') return false;
  return reads(parseFormula(kpi.formula.text)).every(({ at }) => at === 'period');
}
