/**
 * A condition that lets an index find the facts of some periods before their day in the company's calendar is worked
 * out. Every zone is within a day of UTC, so it is a day wider than the periods: what it lets pass too much, the day
 * itself keeps out. Fragments other than a plain column or `tz(column)` cannot be narrowed.
 */
import type { Span } from './slice.ts';

/** `and f.created_at >= $7::date - 1 and …`, or nothing; its two dates are added to `values`. */
export function near(day: string, periods: readonly Span[], values: unknown[]): string {
  const column = /^(?:tz\((f\.\w+)\)|(f\.\w+))$/.exec(day);
  const name = column?.[1] ?? column?.[2];
  if (!name || periods.length === 0) return '';
  // Calendar dates order as texts.
  const [from] = periods.map((period) => period.from).sort();
  const to = periods
    .map((period) => period.to)
    .sort()
    .at(-1);
  values.push(from, to);
  return `and ${name} >= $${values.length - 1}::date - 1 and ${name} < $${values.length}::date + 2`;
}
