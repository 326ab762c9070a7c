/** Which KPIs have days or weeks that can be called unusual, and how they are read. */
import type { Catalogue } from '../catalogue.ts';
import type { KpiDefinition } from '../definition.ts';
import { parseFormula, type Read, reads } from '../formula.ts';
import { shapeOf } from '../why/shape.ts';
import type { SeriesKind } from './scale.ts';

export type Watch =
  /** `sum`: what happened in the period. `ratio`: parts over wholes. `stock`: what a day did to what there is. */
  | { how: 'sum' | 'ratio' | 'stock'; kind: SeriesKind }
  /** In words: why only its periods are compared. */
  | { how: 'none'; reason: string };

/** What somebody asking for a KPI's unusual days is told, and how they are read where there are some. */
export function watchOf(kpi: KpiDefinition, catalogue: Catalogue): Watch {
  if (kpi.formula.kind !== 'arithmetic')
    return none(`${kpi.title} has no daily sums to judge; its periods are compared`);
  const shape = shapeOf(kpi, catalogue);
  const read = reads(parseFormula(kpi.formula.text));
  const flows = read.every(({ at, what }) => at === 'period' && what !== 'kpi');
  if (shape.kind === 'additive') {
    if (flows) return { how: 'sum', kind: kpi.unit === 'count' ? 'count' : 'money' };
    const stock = read.every(({ at, what }) => at === 'end' && what === 'value');
    return stock
      ? { how: 'stock', kind: 'change' }
      : none(`${kpi.title} is a difference of stocks; they are judged themselves`);
  }
  if (shape.kind !== 'ratio' || !flows || shape.den.kind !== 'expression')
    return none(`${kpi.title} is made of other KPIs; they are judged themselves`);
  if (kpi.finestGrain !== 'day' && kpi.finestGrain !== 'week')
    return none(
      `${kpi.title} means something by ${kpi.finestGrain} only, so its periods are compared and nothing is called unusual`,
    );
  if (kpi.unit === 'percent' && read.every((one) => isCount(one, catalogue)))
    return { how: 'ratio', kind: 'rate' };
  return { how: 'ratio', kind: kpi.unit === 'percent' || kpi.unit === 'score' ? 'plain' : 'money' };
}

const none = (reason: string): Watch => ({ how: 'none', reason });

/** A number of records: what chance has binomial limits for. */
function isCount({ what, measure }: Read, catalogue: Catalogue): boolean {
  const known = catalogue.measureByName.get(measure);
  return what === 'count' || (known?.unit === 'count' && known.value === undefined);
}
