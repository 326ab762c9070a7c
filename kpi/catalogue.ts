/** All KPIs and measures that one Herald knows: its own and those of the company's configuration. */
import type { KpiDefinition, Measure } from './definition.ts';
import { kpis } from './definitions/index.ts';
import { measures } from './definitions/measures.ts';

export type Catalogue = {
  kpis: readonly KpiDefinition[];
  kpiByName: ReadonlyMap<string, KpiDefinition>;
  measures: readonly Measure[];
  measureByName: ReadonlyMap<string, Measure>;
};

export function createCatalogue(
  allKpis: readonly KpiDefinition[],
  allMeasures: readonly Measure[],
): Catalogue {
  return {
    kpis: allKpis,
    kpiByName: new Map(allKpis.map((kpi) => [kpi.name, kpi])),
    measures: allMeasures,
    measureByName: new Map(allMeasures.map((measure) => [measure.name, measure])),
  };
}

/** What Herald brings along. */
export const builtIn = createCatalogue(kpis, measures);
