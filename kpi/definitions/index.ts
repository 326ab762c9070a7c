/** The catalogue: every KPI that Herald knows, as data. */
import type { KpiDefinition } from '../definition.ts';
import { finance } from './finance.ts';
import { marketing } from './marketing.ts';
import { sales } from './sales.ts';
import { support } from './support.ts';

export const kpis: readonly KpiDefinition[] = [...finance, ...sales, ...marketing, ...support];
