import type { KpiDefinition } from '../../kpi/definition.ts';
import type { Question } from '../../kpi/question.ts';
import { dimensionWords } from './vocabulary.ts';

/** The echo of how a question was read: "Churn · Q3 2026 · compared with Q2 2026 · by segment". */
export function readingOf(
  question: Omit<Question, 'reading'>,
  kpi: KpiDefinition,
  asOf: string | null,
): string {
  const { period, comparison, by, top, filters } = question;
  const parts = [kpi.title, period.label];
  if (comparison) parts.push(`compared with ${comparison.period.label}`);
  if (top && by) parts.push(`${top.order} ${top.n} by ${dimensionWords[by][0]}`);
  else if (by) parts.push(`by ${dimensionWords[by][0]}`);
  for (const { dimension, values } of filters)
    parts.push(`${dimensionWords[dimension][0]} ${values.join(' or ')}`);
  if (question.aim) parts.push('against its target');
  if (asOf) parts.push(`as known on ${asOf}`);
  return parts.join(' · ');
}
