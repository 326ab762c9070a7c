import type { Answer } from '../../kpi/answer.ts';
import { isAdditive } from './additive.ts';

/** How an answer's course is told, in every channel the same. */
export type Course = {
  /** True when the values are running totals: the last one is the answer's own. */
  cumulative: boolean;
  values: readonly (number | null)[];
  comparison: readonly (number | null)[];
};

function runningTotal(values: readonly (number | null)[]): (number | null)[] {
  const last = values.findLastIndex((value) => value !== null);
  let total = 0;
  return values.map((value, i) => {
    total += value ?? 0;
    return i <= last ? total : null;
  });
}

/**
 * Days of what adds up are told as their running total: single days of bookings jump about, their sum shows
 * whether we are ahead and ends at the answer's value. Everything else is told as it is.
 */
export function course(answer: Answer): Course {
  const values = answer.series.map((point) => point.value);
  const comparison = answer.series.map((point) => point.comparison);
  const cumulative = isAdditive(answer) && answer.seriesKind === 'within' && answer.seriesGrain === 'day';
  return cumulative
    ? { cumulative, values: runningTotal(values), comparison: runningTotal(comparison) }
    : { cumulative, values, comparison };
}
