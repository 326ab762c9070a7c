/** A KPI of the configuration as a definition like any other, with the measures that it needs of its own. */
import type { Unit } from '../answer.ts';
import type { Catalogue } from '../catalogue.ts';
import type { Formula, KpiDefinition, Measure } from '../definition.ts';
import type { Dimension, Grain } from '../question.ts';
import { checkFormula } from './check-formula.ts';
import { compileAmount, compileDay, compileDimensions, compileMeasure, tableOf } from './compile-measure.ts';
import { compileWhere, kindOf, type Report } from './conditions.ts';
import type { OwnKpi, OwnMeasure } from './schema.ts';

type Figure = {
  formula: Formula;
  unit: Unit;
  dimensions: readonly Dimension[];
  measures: Measure[];
  grain: Grain;
};

/** What a KPI of the configuration stands on. */
export type OwnWorld = { minorPerUnit: number; sources: readonly string[] };

/** The measures a KPI brings along: found first, so that formulas may name them. */
export function measuresOfOwn(kpi: OwnKpi, world: OwnWorld, report: Report): Measure[] {
  const one = kpi.count ?? kpi.sum ?? kpi.average;
  if (!one) return [];
  const way = kpi.count ? 'count' : kpi.sum ? 'sum' : 'average';
  const { of, where, by, date } = one;
  const value = kpi.sum?.value ?? kpi.average?.value;
  const own: OwnMeasure = {
    of,
    where,
    date,
    label: kpi.title.toLowerCase(),
    ...(by ? { by } : {}),
    ...(value ? { sum: value } : {}),
  };
  const measure = compileMeasure(`own_${kpi.name}`, own, world.minorPerUnit, (at, fault) =>
    report(`${way}.${at.replace(/^sum/, 'value')}`, fault),
  );
  return measure ? [measure] : [];
}

/** The definition, or null when it has faults, all of which were reported. */
export function compileKpi(
  own: OwnKpi,
  catalogue: Catalogue,
  world: OwnWorld,
  report: Report,
): KpiDefinition | null {
  const figure = figureOf(own, catalogue, world, report);
  if (!figure) return null;
  const foreign = (own.by ?? []).filter((one) => !figure.dimensions.includes(one));
  for (const one of foreign)
    report(
      'by',
      `it cannot be split by ${one}: not everything it is made of carries it; ${figure.dimensions.join(', ') || 'nothing'} would do`,
    );
  const strangers = (own.sources ?? []).filter((source) => !world.sources.includes(source));
  for (const one of strangers)
    report('sources', `there is no source "${one}"; there are ${world.sources.join(', ')}`);
  if (foreign.length + strangers.length > 0) return null;
  const { name, title, area, text, good, synonyms, owner, version, reference, detail, smallSample } = own;
  return {
    name,
    title,
    area,
    text,
    good,
    synonyms,
    owner,
    version,
    reference,
    unit: own.unit ?? figure.unit,
    formula: figure.formula,
    sources: own.sources ?? world.sources,
    finestGrain: own.finestGrain ?? figure.grain,
    dimensions: own.by ?? figure.dimensions,
    ...(detail === undefined ? {} : { detail }),
    ...(smallSample === undefined ? {} : { smallSample }),
  };
}

function figureOf(
  own: OwnKpi,
  catalogue: Catalogue,
  world: OwnWorld,
  report: Report,
): Omit<Figure, 'measures'> | null {
  if (own.formula !== undefined) {
    const checked = checkFormula(own.formula, catalogue, (fault) => report('formula', fault));
    if (!checked) return null;
    const { unit, dimensions } = checked;
    return {
      formula: { kind: 'arithmetic', text: own.formula },
      unit,
      dimensions,
      grain: unit === 'ratio' ? 'month' : 'day',
    };
  }
  if (own.percentile) return percentile(own, own.percentile, world, report);
  if (own.distinct) return distinct(own.distinct, world, report);
  const measure = catalogue.measureByName.get(`own_${own.name}`);
  // Its faults have been told when its measure was compiled.
  if (!measure) return null;
  const { dimensions } = measure;
  const divisor = measure.unit === 'seconds' ? secondsPer(own.unit, report) : 1;
  if (divisor === null) return null;
  const scale = divisor === 1 ? '' : ` / ${divisor}`;
  const unit: Unit = measure.unit === 'money' ? 'money' : measure.unit === 'seconds' ? own.unit! : 'count';
  return own.average
    ? {
        formula: { kind: 'arithmetic', text: `${measure.name} / count(${measure.name})${scale}` },
        unit: unit === 'count' ? 'score' : unit,
        dimensions,
        grain: 'month',
      }
    : { formula: { kind: 'arithmetic', text: `${measure.name}${scale}` }, unit, dimensions, grain: 'day' };
}

/** Seconds in the unit that a duration is to be told in. */
function secondsPer(unit: Unit | undefined, report: Report): number | null {
  const seconds = { minutes: 60, hours: 3600, days: 86_400 }[unit as 'minutes'];
  if (seconds === undefined) report('unit', 'a duration is told in minutes, hours or days');
  return seconds ?? null;
}

function percentile(
  own: OwnKpi,
  { of, where, by, date, value, p }: NonNullable<OwnKpi['percentile']>,
  { minorPerUnit }: OwnWorld,
  report: Report,
): Omit<Figure, 'measures'> | null {
  const { tell, table, day, when, dimensions } = select(
    { of, where, ...(by ? { by } : {}), date },
    'percentile',
    minorPerUnit,
    report,
  );
  const amount = table && compileAmount(table, value, 'value', tell.report);
  if (!table || !day || !amount || tell.faults > 0) return null;
  const divisor =
    amount.unit === 'seconds' ? secondsPer(own.unit, report) : amount.unit === 'money' ? minorPerUnit : 1;
  if (divisor === null) return null;
  return {
    formula: {
      kind: 'percentile',
      table,
      day,
      value: divisor === 1 ? amount.sql : `(${amount.sql}) / ${divisor}.0`,
      ...(when ? { when } : {}),
      p: p / 100,
      dimensions,
    },
    unit: amount.unit === 'seconds' ? own.unit! : amount.unit === 'money' ? 'money' : 'score',
    dimensions,
    grain: 'week',
  };
}

function distinct(
  { of, where, by, date, value }: NonNullable<OwnKpi['distinct']>,
  { minorPerUnit }: OwnWorld,
  report: Report,
): Omit<Figure, 'measures'> | null {
  const { tell, table, day, when, dimensions } = select(
    { of, where, ...(by ? { by } : {}), date },
    'distinct',
    minorPerUnit,
    report,
  );
  const kind = table && kindOf(table, value, 'value', tell.report);
  if (!table || !day || !kind || tell.faults > 0) return null;
  return {
    formula: { kind: 'distinct', table, day, value: `f.${value}`, ...(when ? { when } : {}), dimensions },
    unit: 'count',
    dimensions,
    grain: 'day',
  };
}

type Selected = Pick<NonNullable<OwnKpi['count']>, 'of' | 'where' | 'by' | 'date'>;

function select({ of, where, by, date }: Selected, way: string, minorPerUnit: number, report: Report) {
  const tell = {
    faults: 0,
    report: (at: string, fault: string) => {
      tell.faults++;
      report(`${way}.${at}`, fault);
    },
  };
  const table = tableOf(of, tell.report);
  return {
    tell,
    table,
    day: table && compileDay(table, date, 'date', tell.report),
    when: table ? compileWhere(table, where, minorPerUnit, tell.report) : undefined,
    dimensions: table ? compileDimensions(table, by, tell.report) : [],
  };
}
