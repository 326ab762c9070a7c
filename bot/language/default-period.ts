import { currentPeriod, lastPeriod, type Standpoint } from '../../kpi/calendar.ts';
import type { KpiDefinition } from '../../kpi/definition.ts';
import type { Period } from '../../kpi/question.ts';

/**
 * The period of a question that names none. Churn, NRR and their like, and whatever means something by the quarter
 * or year only: the last complete one, because a running one is misleading; what looks ahead: the running quarter. All
 * others: this month to date.
 */
export function defaultPeriod(kpi: KpiDefinition, at: Standpoint): Period {
  if (kpi.outlook) return currentPeriod('quarter', at);
  if (kpi.finestGrain === 'year') return lastPeriod('year', 1, at);
  if (kpi.formula.kind === 'span' || kpi.finestGrain === 'quarter') return lastPeriod('quarter', 1, at);
  return currentPeriod('month', at);
}
