/** The first line of every message: the answer in words. */
import type { Answer } from './answer.ts';
import { describeLack, type Lack } from './behind/lacking.ts';
import type { KpiDefinition } from './definition.ts';
import { describeChange, formatValue } from './number.ts';
import { sayPace } from './target/say-pace.ts';

export function composeSentence(answer: Answer, kpi: KpiDefinition, lacking: readonly Lack[] = []): string {
  const { currency } = answer;
  const say = (value: number | null, unit = answer.unit) => formatValue(value, unit, { currency });
  const scope = answer.question.filters.map((filter) => filter.values.join(' and ')).join(', ');
  const subject = `${kpi.title}${scope ? ` for ${scope}` : ''}`;
  const when = answer.period.label;
  if (lacking.length > 0) return `${subject}: ${describeLack(lacking)}.`;
  if (answer.value === null) return `${subject}: not enough data for ${when}.`;
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
  return [first, sayPace(answer, answer.question.aim ?? false), detail].filter((part) => part).join(' ');
}

/** Fill "{lost_customers} of {start_customers} customers left." from the components; nothing when one is missing. */
function detailOf(answer: Answer, kpi: KpiDefinition): string {
  if (!kpi.detail) return '';
  let missing = false;
  const text = kpi.detail.replace(/\{(\w+)\}/g, (_all, name: string) => {
    const component = answer.components.find((c) => c.name === name);
    if (!component || component.value === null) missing = true;
    return component ? formatValue(component.value, component.unit, { currency: answer.currency }) : '';
  });
  return missing ? '' : text;
}
