/** The catalogue with a company's own measures and KPIs: checked as a whole, every fault told with its place. */
import type { Catalogue } from '../catalogue.ts';
import { createCatalogue } from '../catalogue.ts';
import type { KpiDefinition, Measure } from '../definition.ts';
import { parseFormula, reads } from '../formula.ts';
import { compileKpi, measuresOfOwn, type OwnWorld } from './compile-kpi.ts';
import { compileMeasure } from './compile-measure.ts';
import type { OwnDefinitions, OwnKpi } from './schema.ts';

/**
 * `base` and the company's own. Faults come as "kpis.0 (big_deals).count.where.amonut: deal has no column …"; with any
 * the catalogue holds what could be read, and must not be used.
 */
export function ownCatalogue(
  base: Catalogue,
  own: OwnDefinitions,
  world: OwnWorld,
): { catalogue: Catalogue; faults: string[] } {
  const faults: string[] = [];
  const measures: Measure[] = [...base.measures];
  for (const [name, definition] of Object.entries(own.measures)) {
    if (base.measureByName.has(name)) faults.push(`measures.${name}: Herald has a measure of that name`);
    const measure = compileMeasure(name, definition, world.minorPerUnit, (at, fault) =>
      faults.push(`measures.${name}.${at}: ${fault}`),
    );
    if (measure) measures.push(measure);
  }
  const placeOf = (kpi: OwnKpi) => `kpis.${own.kpis.indexOf(kpi)} (${kpi.name})`;
  for (const kpi of own.kpis)
    measures.push(
      ...measuresOfOwn(kpi, world, (at, fault) => faults.push(`${placeOf(kpi)}.${at}: ${fault}`)),
    );
  faults.push(...sharedNames(base, own.kpis, placeOf));
  let catalogue = createCatalogue(base.kpis, measures);
  for (const kpi of inOrder(own.kpis, (cycle) => faults.push(cycle))) {
    const compiled = compileKpi(kpi, catalogue, world, (at, fault) =>
      faults.push(`${placeOf(kpi)}.${at}: ${fault}`),
    );
    // A name that is taken has been told already; the first one stays.
    if (compiled && !catalogue.kpiByName.has(kpi.name))
      catalogue = createCatalogue([...catalogue.kpis, compiled], measures);
  }
  return { catalogue: inOrderOf(catalogue, base, own.kpis), faults };
}

/** KPIs after those that they read. Those on a circle are told and left out. */
function inOrder(kpis: readonly OwnKpi[], tell: (fault: string) => void): OwnKpi[] {
  const byName = new Map(kpis.map((kpi) => [kpi.name, kpi]));
  const done: OwnKpi[] = [];
  const told = new Set<OwnKpi>();
  const visit = (kpi: OwnKpi, path: readonly OwnKpi[]): boolean => {
    if (done.includes(kpi)) return true;
    if (told.has(kpi)) return false;
    if (path.includes(kpi)) {
      const circle = [...path.slice(path.indexOf(kpi)), kpi];
      for (const one of circle) told.add(one);
      tell(
        `kpis: ${circle.map((one) => one.name).join(' → ')} goes in a circle: a KPI cannot be made of itself`,
      );
      return false;
    }
    const needed = namesIn(kpi).flatMap((name) => byName.get(name) ?? []);
    if (!needed.every((one) => visit(one, [...path, kpi]))) return false;
    done.push(kpi);
    return true;
  };
  for (const kpi of kpis) visit(kpi, []);
  return done;
}

function namesIn({ formula }: OwnKpi): string[] {
  if (formula === undefined) return [];
  try {
    return reads(parseFormula(formula)).flatMap((read) => (read.what === 'kpi' ? [read.measure] : []));
  } catch {
    // What is wrong with it is told where it is compiled.
    return [];
  }
}

/** Two KPIs must not share a name, and a word must not mean a built-in's name. */
function sharedNames(base: Catalogue, kpis: readonly OwnKpi[], placeOf: (kpi: OwnKpi) => string): string[] {
  const faults: string[] = [];
  const taken = new Map<string, string>();
  for (const kpi of base.kpis)
    for (const word of wordsOf(kpi)) taken.set(word, `the KPI ${kpi.name} that Herald brings along`);
  for (const kpi of kpis) {
    for (const word of new Set(wordsOf(kpi))) {
      const owner = taken.get(word);
      if (owner) faults.push(`${placeOf(kpi)}: "${word}" already means ${owner}; choose another word`);
      else taken.set(word, `the KPI ${kpi.name}`);
    }
  }
  return faults;
}

const wordsOf = ({ name, title, synonyms }: Pick<KpiDefinition, 'name' | 'title' | 'synonyms'>) =>
  [name.replaceAll('_', ' '), title, ...synonyms].map((word) => word.toLowerCase());

/** In the order of the configuration, whatever had to be compiled first. */
function inOrderOf(catalogue: Catalogue, base: Catalogue, own: readonly OwnKpi[]): Catalogue {
  const mine = own.flatMap((kpi) => {
    const compiled = catalogue.kpiByName.get(kpi.name);
    return compiled && !base.kpis.includes(compiled) ? [compiled] : [];
  });
  return createCatalogue([...base.kpis, ...new Set(mine)], catalogue.measures);
}
