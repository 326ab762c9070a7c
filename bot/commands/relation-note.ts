/** A relation as a note: the finding, the figures behind it, and how it was found. */
import type { Answer } from '../../kpi/answer.ts';
import { formatValue } from '../../kpi/number.ts';
import type { KpiRelation } from '../../kpi/relation/relate-kpis.ts';
import type { RetentionRelation } from '../../kpi/relation/relate-retention.ts';
import { sayHow, sayLag } from '../../kpi/relation/say-lag.ts';
import { groupLine, retentionNotes, sayRetention } from '../../kpi/relation/say-retention.ts';
import type { Action, Note } from './command.ts';

/** Buckets whose figures are shown: enough to see the two courses side by side. */
const mostShown = 6;

export function lagNote(found: KpiRelation, currency: Answer['currency']): Note {
  const { first, second, courses, grain } = found;
  const shown = courses.days.slice(-mostShown);
  const course = (title: string, values: KpiRelation['courses']['first'], unit: Answer['unit']) =>
    `${title}: ${values
      .slice(-mostShown)
      .map((value) => formatValue(value, unit, { currency }))
      .join(' · ')}`;
  return {
    kind: 'note',
    title: `${first.title} and ${second.title}`,
    lines: [
      sayLag(found),
      ...(shown.length > 0
        ? [
            `The last ${shown.length} ${grain}s, from ${shown[0]}:`,
            course(first.title, courses.first, first.unit),
            course(second.title, courses.second, second.unit),
          ]
        : []),
      ...sayHow(found),
    ],
    actions: [first, second].map(
      ({ title, name }): Action => ({
        verb: 'ask',
        label: title,
        value: `${name.replaceAll('_', ' ')} last 12 months`,
      }),
    ),
  };
}

export function retentionNote(found: RetentionRelation): Note {
  const load = found.by === 'ticket_load';
  return {
    kind: 'note',
    title: `Retention by ${load ? 'ticket load' : 'campaign of origin'} · ${found.period.label}`,
    lines: [
      sayRetention(found),
      ...(found.groups.length > 0 ? [...found.groups.map(groupLine), ...retentionNotes(found)] : []),
    ],
    actions: [
      load
        ? { verb: 'ask', label: 'Does it lead?', value: 'does tickets created lead churn' }
        : { verb: 'ask', label: 'Churn by source', value: 'churn by source' },
    ],
  };
}
