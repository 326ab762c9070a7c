import type { Answer, Freshness } from '../kpi/answer.ts';
import { formatAge } from '../kpi/number.ts';

/** "Zendesk 3 h ⚠" */
export function describeSource(one: Freshness): string {
  return `${one.title} ${formatAge(one.ageSeconds)}${one.stale ? ' ⚠' : ''}`;
}

/** "Salesforce 2 min · Billing 4 min · Zendesk 3 h ⚠" */
export function describeSources(answer: Pick<Answer, 'freshness'>): string {
  return answer.freshness.map(describeSource).join(' · ');
}
