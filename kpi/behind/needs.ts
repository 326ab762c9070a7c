/** What a figure is read from: tables and the columns without which it could only be nothing. */
import type { FactTable, Formula, Measure } from '../definition.ts';

export type Need = { table: FactTable; columns: readonly string[] };

const named = (fragment: string) => [...fragment.matchAll(/\bf\.(\w+)/g)].map(([, name]) => name!);

/** Where a column that is never given lets the condition hold: it is not needed. */
const tolerant = /\bf\.\w+ is (distinct from|not true|null)\b/g;

export function needOf({
  table,
  day,
  value = '',
  when = '',
}: Pick<Measure, 'table' | 'day' | 'value' | 'when'>): Need {
  return { table, columns: [...new Set(named(`${day} ${value} ${when.replace(tolerant, '')}`))].sort() };
}

/** Recurring revenue between two instants is read from the subscriptions alone (kpi/span/). */
const spans: Need = { table: 'subscription', columns: ['mrr', 'starts_on'] };

/** Credit of campaigns: what was won, and what touched it before (kpi/attribution/). */
const credits: readonly Need[] = [
  { table: 'deal', columns: ['amount', 'closed_on', 'is_won'] },
  { table: 'touch', columns: ['touched_at'] },
];

/** Of a formula that reads facts itself. */
export function needsOfFacts(formula: Exclude<Formula, { kind: 'arithmetic' }>): readonly Need[] {
  switch (formula.kind) {
    case 'span':
      return [spans];
    case 'percentile':
    case 'distinct':
      return [needOf(formula)];
    default:
      return credits;
  }
}
