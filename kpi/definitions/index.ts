/** The catalogue: every KPI that Herald knows, as data. */
import type { KpiDefinition } from '../definition.ts';
import { attribution } from './attribution.ts';
import { finance } from './finance.ts';
import { lifetime } from './lifetime.ts';
import { marketing } from './marketing.ts';
import { pipeline } from './pipeline.ts';
import { recurringRevenue } from './recurring-revenue.ts';
import { sales } from './sales.ts';
import { support } from './support.ts';
import { unitEconomics } from './unit-economics.ts';

export const kpis: readonly KpiDefinition[] = [
  ...recurringRevenue,
  ...unitEconomics,
  ...lifetime,
  ...finance,
  ...sales,
  ...pipeline,
  ...marketing,
  ...attribution,
  ...support,
];
