/** All KPIs and measures that one Herald knows: its own and those of the company's configuration. */
import type { KpiDefinition, Measure } from './definition.ts';
import { kpis } from './definitions/index.ts';
import { measures } from './definitions/measures.ts';
import { distributionsOf } from './rollup/distribution.ts';

export type Catalogue = {
  kpis: readonly KpiDefinition[];
  kpiByName: ReadonlyMap<string, KpiDefinition>;
  /** Everything that is kept by day: measures, and the distributions that percentiles are read from. */
  measures: readonly Measure[];
  measureByName: ReadonlyMap<string, Measure>;
};

export function createCatalogue(
  allKpis: readonly KpiDefinition[],
  allMeasures: readonly Measure[],
): Catalogue {
  const measureByName = new Map(
    [...allMeasures, ...distributionsOf(allKpis)].map((measure) => [measure.name, measure]),
  );
  return {
    kpis: allKpis,
    kpiByName: new Map(allKpis.map((kpi) => [kpi.name, kpi])),
    measures: [...measureByName.values()],
    measureByName,
  };
}

/** What Herald brings along. */
export const builtIn = createCatalogue(kpis, measures);
