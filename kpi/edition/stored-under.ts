import type { Catalogue } from '../catalogue.ts';
import type { KpiDefinition } from '../definition.ts';
import { parseFormula, reads } from '../formula.ts';
import { distributionOf } from '../rollup/distribution.ts';

/** The ledger of recurring revenue, among the names of measures. */
export const LEDGER = 'ledger';

/** `narrowed`: filters and breakdowns of the question reach it; what is read of the whole company is not narrowed. */
export type Stored = { name: string; narrowed: boolean };

/** What is kept by data version under a KPI, those that its formula names included; empty where it is read from the facts. */
export function storedUnder(
  { formula }: Pick<KpiDefinition, 'formula'>,
  catalogue: Pick<Catalogue, 'kpiByName'>,
  narrowed = true,
): Stored[] {
  switch (formula.kind) {
    case 'span':
      return [{ name: LEDGER, narrowed }];
    case 'percentile':
      return [{ name: distributionOf(formula).name, narrowed }];
    case 'arithmetic':
      return reads(parseFormula(formula.text)).flatMap((read) => {
        if (read.what !== 'kpi') return [{ name: read.measure, narrowed }];
        const other = catalogue.kpiByName.get(read.measure);
        return other ? storedUnder(other, catalogue, narrowed && !read.overall) : [];
      });
    default:
      return [];
  }
}
