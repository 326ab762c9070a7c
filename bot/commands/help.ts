/** `/kpi` alone and `/kpi help`: what this person may ask, with real examples. */
import type { Catalogue } from '../../kpi/catalogue.ts';
import { may, type Rights } from '../access/roles.ts';
import type { Reply, Role } from './command.ts';

/** What each role is shown first. */
const boards: Record<Role | 'none', readonly string[]> = {
  executive: [
    'churn last quarter',
    'mrr this month',
    'bookings this quarter vs last year',
    'nrr',
    'win rate by region last quarter',
  ],
  manager: [
    'win rate by owner last quarter',
    'open pipeline by segment',
    'tickets created yesterday',
    'mqls by source last month',
    'csat last month',
  ],
  analyst: [
    'churn last quarter by segment',
    'sales velocity last quarter',
    'mql to customer last quarter by source',
    'first response last month by priority',
    'mrr by plan',
  ],
  viewer: [
    'tickets created last week',
    'csat last month',
    'first response last month',
    'conversations this week',
    'sla last month',
  ],
  none: [],
};

export function help({ kpis }: Catalogue, rights: Rights): Reply {
  const seen = kpis.filter((kpi) => may(rights, `read:${kpi.area}`));
  if (seen.length === 0) {
    return {
      kind: 'problem',
      problem: {
        kind: 'access',
        message: 'You are not known to Herald yet. Ask your administrator to give you a role.',
        suggestions: [],
      },
      actions: [],
    };
  }
  const examples = boards[rights.role].filter((example) =>
    seen.some(
      (kpi) =>
        example.startsWith(kpi.name.replaceAll('_', ' ')) ||
        kpi.synonyms.some((synonym) => example.startsWith(synonym)),
    ),
  );
  const byArea = new Map<string, string[]>();
  for (const kpi of seen) byArea.set(kpi.area, [...(byArea.get(kpi.area) ?? []), kpi.title]);
  return {
    kind: 'note',
    title: 'Ask for a KPI, a period and a breakdown',
    lines: [
      'For example: churn last quarter · win rate by region this year vs last · top 5 owners by bookings in Q3 · mrr as of 15 October',
      ...[...byArea].map(
        ([area, titles]) => `${area[0]!.toUpperCase()}${area.slice(1)}: ${titles.join(', ')}`,
      ),
      'Tables: retention cohorts · funnel last quarter by source · records behind churn last quarter',
      'define churn shows how a number is computed.',
    ],
    actions: examples.slice(0, 5).map((example) => ({ verb: 'ask', label: example, value: example })),
  };
}
