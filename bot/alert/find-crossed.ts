/** KPIs beyond a limit that somebody set: their usual question is asked, and its answer compared. */
import { formatAnswerValue, formatValue } from '../../kpi/number.ts';
import { rightsOf } from '../access/roles.ts';
import type { Answerer } from '../commands/answer-text.ts';
import type { Feedback } from './feedback.ts';
import type { News } from './news.ts';
import type { AlertRule } from './run-detection.ts';

export type CrossedInput = { answerer: Answerer; rules: readonly AlertRule[]; feedback: Feedback };

/** One per rule, KPI and period: a limit that stays crossed is told once a period. No value crosses nothing. */
export async function findCrossed({ answerer, rules, feedback }: CrossedInput): Promise<News[]> {
  const crossed: News[] = [];
  for (const { kpis, above, below, targets } of rules) {
    if (above === undefined && below === undefined) continue;
    for (const name of kpis) {
      const kpi = answerer.catalogue.kpiByName.get(name.replaceAll(' ', '_'));
      if (!kpi) continue;
      const question = kpi.name.replaceAll('_', ' ');
      const answer = await answerer.answer(answerer.parse(question), rightsOf({ role: 'executive' }));
      const { value, period, unit, currency } = answer;
      const side =
        value !== null && above !== undefined && value > above
          ? ({ word: 'above', limit: above } as const)
          : value !== null && below !== undefined && value < below
            ? ({ word: 'below', limit: below } as const)
            : null;
      // A sum of a running period is below its limit because the period is not over.
      if (!side || (side.word === 'below' && !period.complete)) continue;
      // A source that is behind has not told the number yet.
      if (answer.freshness.some(({ coveredUntil }) => coveredUntil === null)) continue;
      crossed.push({
        key: `${kpi.name}:${period.from}:${side.word} ${side.limit}`,
        kpi,
        segment: null,
        level: 'alert',
        startedOn: period.from,
        endedOn: answer.at.slice(0, 10),
        text: `${kpi.title} is ${formatAnswerValue(answer)} (${period.label}), ${side.word} the limit of ${formatValue(side.limit, unit, { currency })}.`,
        by: kpi.dimensions[0] ?? null,
        snoozed: feedback.isSnoozed(kpi.name, null),
        facts: {
          kind: 'threshold',
          day: period.from,
          startedOn: period.from,
          endedOn: answer.at.slice(0, 10),
          value,
          limit: side.limit,
          side: side.word,
        },
        question,
        marked: null,
        note: `Alert: a limit in the configuration (${side.word} ${side.limit})`,
        targets,
      });
    }
  }
  return crossed;
}
