/** What an answer's number is made of: the inputs of its formula, with names and units for people. */
import type { Component } from './answer.ts';
import { attributedComponents } from './attribution/attributed-figures.ts';
import type { Catalogue } from './catalogue.ts';
import type { KpiDefinition } from './definition.ts';
import { keyOf, parseFormula, type Read, reads } from './formula.ts';
import { lifetimeComponents } from './lifetime/lifetime-figures.ts';
import { linkedComponents } from './linked/linked-figures.ts';
import { spanComponents } from './span/figures.ts';
import { stageComponents } from './stages/stage-figures.ts';

type Inputs = ReadonlyMap<string, number | null>;

/** Components of a figure now and, when there is one, of the figure it is compared with. */
export function componentsOf(
  { formula }: KpiDefinition,
  catalogue: Catalogue,
  now: Inputs,
  before: Inputs | null,
): Component[] {
  const component = (key: string, named: Pick<Component, 'name' | 'label' | 'unit'>): Component => ({
    ...named,
    value: now.get(key) ?? null,
    comparison: before?.get(key) ?? null,
  });
  switch (formula.kind) {
    case 'arithmetic':
      return reads(parseFormula(formula.text)).map((read) =>
        component(keyOf(read), describeRead(read, catalogue)),
      );
    case 'span':
      return spanComponents[formula.of].map((one) => component(one.name, one));
    case 'attribution':
      return attributedComponents.map((one) => component(one.name, one));
    case 'lifetime':
      return lifetimeComponents.map((one) => component(one.name, one));
    case 'stages':
      return stageComponents[formula.of].map((one) => component(one.name, one));
    case 'linked':
      return linkedComponents[formula.of].map((one) => component(one.name, one));
    case 'percentile':
    case 'distinct':
      return [component('n', { name: 'n', label: 'records', unit: 'count' })];
    default:
      return formula satisfies never;
  }
}

/** Name, words and unit of one input of a formula: `count_won_value`, `mrr_end`, `churn`. */
export function describeRead(
  read: Read,
  { kpiByName, measureByName }: Catalogue,
): Pick<Component, 'name' | 'label' | 'unit'> {
  if (read.what === 'kpi') {
    const kpi = kpiByName.get(read.measure);
    const window = `${read.overall ? ' of the company' : ''}${read.months === undefined ? '' : `, ${read.months} months`}`;
    return {
      name: `${read.measure}${read.months === undefined ? '' : `_${read.months}_months`}`,
      label: `${kpi?.title ?? read.measure}${window}`,
      unit: kpi?.unit ?? 'score',
    };
  }
  const measure = measureByName.get(read.measure);
  const counted = read.what === 'count';
  const edge = read.at === 'period' ? '' : read.at;
  return {
    name: `${counted ? 'count_' : ''}${read.measure}${edge && `_${edge}`}`,
    label: `${counted ? 'number of ' : ''}${measure?.label ?? read.measure}${edge && ` at the ${edge}`}`,
    unit: !counted && measure?.unit === 'money' ? 'money' : 'count',
  };
}

/** The formula as people read it. */
export function formulaText({ formula }: KpiDefinition): string {
  if (formula.kind === 'arithmetic') return formula.text;
  if (formula.kind === 'percentile')
    return `${formula.p === 0.5 ? 'median' : `${100 * formula.p}th percentile`} over ${formula.table}s`;
  if (formula.kind === 'attribution')
    return `won value credited to responses by the ${formula.model.replace('_', '-')} model`;
  if (formula.kind === 'lifetime')
    return formula.of === 'customers'
      ? `Kaplan–Meier survival × ${formula.pays} × ${formula.margin}; BG/NBD × gamma-gamma × ${formula.margin} without subscriptions`
      : `BG/NBD × gamma-gamma × ${formula.margin}`;
  if (formula.kind === 'stages')
    return stageComponents[formula.of].map((component) => component.label).join(' ÷ ');
  if (formula.kind === 'linked')
    return linkedComponents[formula.of].map((component) => component.label).join(', ');
  if (formula.kind === 'distinct') return `different ${formula.value.replace('f.', '')} of ${formula.table}s`;
  return spanComponents[formula.of].map((component) => component.label).join(' ÷ ');
}
