/** What an answer must say besides its number. */
import type { Answer, Freshness } from './answer.ts';
import { describeLack, type Lack } from './behind/lacking.ts';
import type { KpiDefinition } from './definition.ts';
import { formatAge } from './number.ts';
import { meaningOfNone } from './sentence.ts';

const isRate = (kpi: KpiDefinition) => kpi.unit === 'percent' || kpi.unit === 'score';

export function gatherWarnings(
  kpi: KpiDefinition,
  answer: Answer,
  { n, lacking, notes = [] }: { n: number; lacking: readonly Lack[]; notes?: readonly string[] },
  today: string,
): string[] {
  const warnings: string[] = [];
  const { period, question } = answer;
  const least = kpi.smallSample ?? (isRate(kpi) ? 30 : kpi.formula.kind === 'percentile' ? 10 : 0);
  if (period.from > today) warnings.push(`${period.label} has not begun.`);
  else if (lacking.length > 0)
    warnings.push(`Cannot be told: ${describeLack(lacking)}. Connect one under "sources" in herald.yaml.`);
  else if (notes.length > 0) warnings.push(...notes);
  else if (answer.value === null && meaningOfNone(answer, kpi) !== '') {
    // The sentence says why.
  } else if (answer.value === null)
    warnings.push(`Not enough data for ${period.label}: no records to compute it from.`);
  else if (n > 0 && n < least) warnings.push(`Small sample: ${n} records, fewer than ${least}.`);
  if (!period.complete && period.from <= today)
    warnings.push(
      `${period.label} is still running${question.comparison?.kind === 'previous' ? '; compared with the same days elapsed' : ''}.`,
    );
  if (question.aim && answer.target === null)
    warnings.push(
      `No target is set for ${answer.title} in ${period.label}${question.filters.length > 0 ? ' with this filter' : ''}. Targets are set under "targets" in herald.yaml.`,
    );
  return warnings;
}

/** What old, missing or seldom read data means for the reader, source by source. */
export function freshnessWarnings(freshness: readonly Freshness[]): string[] {
  return freshness.flatMap(({ title, ageSeconds, stale, unreachableSince, slowed }) => {
    if (ageSeconds === null) return [`${title} has not been synced yet: its records are missing.`];
    if (unreachableSince)
      return [`${title}: not reachable since ${utc(unreachableSince)}; later changes are missing.`];
    const old = stale ? `${title} is ${formatAge(ageSeconds)} old: later changes are missing.` : null;
    return [old, slowed ? `${title}: ${slowed}.` : null].filter((one) => one !== null);
  });
}

/** "2026-11-22 09:41 UTC" */
const utc = (iso: string) => `${iso.slice(0, 16).replace('T', ' ')} UTC`;
