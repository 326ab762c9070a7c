/** What a figure is read from: tables and the columns without which it could only be nothing. */
import type { FactTable, Formula, LinkedFigure, Measure } from '../definition.ts';

export type Need = { table: FactTable; columns: readonly string[] };

const named = (fragment: string) => [...fragment.matchAll(/\bf\.(\w+)/g)].map(([, name]) => name!);

/** Written by Herald on every row, or worked out of a ticket's events: no source gives them. */
const own = new Set([
  'tenant',
  'system',
  'company',
  'followed',
  'late',
  'orphan',
  'until',
  'due_at',
  'elapsed_seconds',
  'breached',
  'judged_at',
  'first_reply_business_seconds',
  'first_solution_business_seconds',
  'resolution_business_seconds',
]);

/** A condition may hold though such a column is never given: it is not needed. */
const tolerated = (condition: string) =>
  [...condition.matchAll(/\bf\.(\w+) is (?:distinct from|not true|null)\b|\bcoalesce\(f\.(\w+),/g)].map(
    ([, first, second]) => first ?? second!,
  );

export function needOf({
  table,
  day,
  value = '',
  when = '',
}: Pick<Measure, 'table' | 'day' | 'value' | 'when'>): Need {
  const spared = tolerated(when);
  const conditions = named(when).filter((column) => !spared.includes(column));
  const columns = [...named(`${day} ${value}`), ...conditions].filter((column) => !own.has(column));
  // Every row has an id: where nothing else is needed, a row is.
  return { table, columns: columns.length > 0 ? [...new Set(columns)].sort() : ['id'] };
}

/** Recurring revenue between two instants is read from the subscriptions alone (kpi/span/). */
const spans: Need = { table: 'subscription', columns: ['mrr', 'starts_on'] };

/** Credit of campaigns: what was won, and what touched it before (kpi/attribution/). */
const credits: readonly Need[] = [
  { table: 'deal', columns: ['amount', 'closed_on', 'is_won'] },
  { table: 'touch', columns: ['touched_at'] },
];

/** The ways of deals through their stages (kpi/stages/). */
const stages: readonly Need[] = [
  { table: 'deal_stage', columns: ['deal_id', 'entered_at', 'probability', 'stage'] },
  { table: 'deal', columns: ['closed_on'] },
];

/** Leads with the work on them, deals with their companies' responses (kpi/linked/). */
export const linkedNeeds = (of: LinkedFigure): readonly Need[] =>
  of === 'influenced_pipeline'
    ? [
        { table: 'deal', columns: ['amount', 'closed_on', 'created_on', 'is_closed'] },
        { table: 'touch', columns: ['responded', 'touched_at'] },
      ]
    : [
        { table: 'person', columns: ['lead_at'] },
        { table: 'activity', columns: ['kind', 'person_id'] },
      ];

/** Lifetime value takes what there is: contracts, or purchases; and the margin's own tables (kpi/lifetime/). */
const lifetimes: readonly Need[] = (['subscription', 'payment', 'invoice', 'spend'] as const).map(
  (table) => ({
    table,
    columns: [],
  }),
);

/** Of a formula that reads facts itself. */
export function needsOfFacts(formula: Exclude<Formula, { kind: 'arithmetic' }>): readonly Need[] {
  switch (formula.kind) {
    case 'span':
      return [spans];
    case 'percentile':
    case 'distinct':
      return [needOf(formula)];
    case 'attribution':
      return credits;
    case 'stages':
      return stages;
    case 'linked':
      return linkedNeeds(formula.of);
    case 'lifetime':
      return lifetimes;
    default:
      return formula satisfies never;
  }
}
