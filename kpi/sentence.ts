/** The first line of every message: the answer in words. */
import type { Answer } from './answer.ts';
import { describeLack, type Lack } from './behind/lacking.ts';
import type { KpiDefinition } from './definition.ts';
import { evaluate, parseFormula } from './formula.ts';
import { describeChange, formatValue } from './number.ts';
import { sayPace } from './target/say-pace.ts';

export function composeSentence(answer: Answer, kpi: KpiDefinition, lacking: readonly Lack[] = []): string {
  const { currency } = answer;
  const say = (value: number | null, unit = answer.unit) => formatValue(value, unit, { currency });
  const scope = answer.question.filters.map((filter) => filter.values.join(' and ')).join(', ');
  const subject = `${kpi.title}${scope ? ` for ${scope}` : ''}`;
  const when = answer.period.label;
  if (lacking.length > 0) return `${subject}: ${describeLack(lacking)}.`;
  if (answer.value === null) {
    const meaning = meaningOfNone(answer, kpi);
    return meaning ? `${subject}, ${when}: ${meaning}` : `${subject}: not enough data for ${when}.`;
  }
  const verb = answer.period.complete ? 'was' : 'is';
  const change =
    answer.comparison && answer.comparison.change !== null ? describeChange(answer.comparison) : null;
  const compared = !answer.comparison
    ? ''
    : answer.comparison.value === null
      ? `; there is no figure for ${answer.comparison.label}`
      : change === null
        ? `, after ${say(answer.comparison.value)} in ${answer.comparison.label}`
        : change.arrow === ''
          ? `, unchanged from ${answer.comparison.label}`
          : `, ${change.arrow === '▲' ? 'up' : 'down'} ${answer.comparison.changeUnit === 'pp' ? '' : `${change.amount} `}from ${say(answer.comparison.value)} in ${answer.comparison.label}`;
  const detail = detailOf(answer, kpi);
  const first = `${subject} ${verb} ${say(answer.value)} in ${when}${compared}.`;
  return [first, enoughOf(answer.value, kpi), sayPace(answer, answer.question.aim ?? false), detail]
    .filter((part) => part)
    .join(' ');
}

const enoughOf = (value: number, { enough }: KpiDefinition) =>
  !enough ? '' : value >= enough.from ? enough.reached : enough.short;

/** What it means that there is no figure, where the definition says so; its components filled in. */
export function meaningOfNone(answer: Pick<Answer, 'components' | 'currency'>, kpi: KpiDefinition): string {
  const of = (name: string) => answer.components.find((component) => component.name === name)?.value ?? null;
  const found = kpi.absent?.find(
    ({ when }) =>
      when === undefined || (evaluate(parseFormula(when), (read) => of(read.measure), 0) ?? -1) >= 0,
  );
  return found ? (fill(found.text, answer) ?? '') : '';
}

/** "{lost_customers} of {start_customers} customers left." from the components; nothing when one is missing. */
const detailOf = (answer: Answer, kpi: KpiDefinition): string =>
  kpi.detail ? (fill(kpi.detail, answer) ?? '') : '';

/** Null when a component that is named has no value. */
function fill(
  template: string,
  { components, currency }: Pick<Answer, 'components' | 'currency'>,
): string | null {
  let missing = false;
  const text = template.replace(/\{(\w+)\}/g, (_all, name: string) => {
    const component = components.find((one) => one.name === name);
    if (!component || component.value === null) missing = true;
    return component ? formatValue(component.value, component.unit, { currency }) : '';
  });
  return missing ? null : text;
}
