/** What an answer must say besides its number. */
import type { Answer } from './answer.ts';
import type { KpiDefinition } from './definition.ts';
import { formatAge } from './number.ts';

const isRate = (kpi: KpiDefinition) => kpi.unit === 'percent' || kpi.unit === 'score';

export function gatherWarnings(kpi: KpiDefinition, answer: Answer, n: number, today: string): string[] {
  const warnings: string[] = [];
  const { period, question } = answer;
  const least = kpi.smallSample ?? (isRate(kpi) ? 30 : kpi.formula.kind === 'percentile' ? 10 : 0);
  if (period.from > today) warnings.push(`${period.label} has not begun.`);
  else if (answer.value === null)
    warnings.push(`Not enough data for ${period.label}: no records to compute it from.`);
  else if (n > 0 && n < least) warnings.push(`Small sample: ${n} records, fewer than ${least}.`);
  for (const { title, ageSeconds, stale } of answer.freshness) {
    if (ageSeconds === null) warnings.push(`${title} has not been synced yet: its records are missing.`);
    else if (stale) warnings.push(`${title} is ${formatAge(ageSeconds)} old: later changes are missing.`);
  }
  if (!period.complete && period.from <= today)
    warnings.push(
      `${period.label} is still running${question.comparison?.kind === 'previous' ? '; compared with the same days elapsed' : ''}.`,
    );
  const withoutAmount =
    answer.components.find((component) => component.name === 'won_without_amount')?.value ?? 0;
  if (withoutAmount > 0) warnings.push(`${withoutAmount} won deals have no amount and are not in it.`);
  for (const { from, to } of question.repairs) warnings.push(`Read "${from}" as "${to}".`);
  return warnings;
}
