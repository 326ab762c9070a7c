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

/** Of a formula that reads facts itself. */
export function needOfFacts(formula: Exclude<Formula, { kind: 'arithmetic' }>): Need {
  return formula.kind === 'span' ? spans : needOf(formula);
}
