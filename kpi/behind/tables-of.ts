import type { Catalogue } from '../catalogue.ts';
import type { FactTable, KpiDefinition } from '../definition.ts';
import { parseFormula, reads } from '../formula.ts';
import { needsOfFacts } from './needs.ts';

/** Tables whose facts make a KPI's number, those of the KPIs in its formula included. */
export function tablesOf({ formula }: Pick<KpiDefinition, 'formula'>, catalogue: Catalogue): Set<FactTable> {
  if (formula.kind !== 'arithmetic') return new Set(needsOfFacts(formula).map(({ table }) => table));
  const tables = new Set<FactTable>();
  for (const read of reads(parseFormula(formula.text))) {
    // KPIs over KPIs are checked for rings when they are defined.
    const other = read.what === 'kpi' ? catalogue.kpiByName.get(read.measure) : undefined;
    if (other) for (const table of tablesOf(other, catalogue)) tables.add(table);
    const measure = read.what === 'kpi' ? undefined : catalogue.measureByName.get(read.measure);
    if (measure) tables.add(measure.table);
  }
  return tables;
}
