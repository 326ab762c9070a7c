import type { Answer } from '../../kpi/answer.ts';
import { isAdditive } from './additive.ts';
import type { Chart } from './chart.ts';
import { drawLines, firstOpen } from './trend.ts';

function runningTotal(values: readonly (number | null)[]): (number | null)[] {
  const last = values.findLastIndex((value) => value !== null);
  let total = 0;
  return values.map((value, i) => {
    total += value ?? 0;
    return i <= last ? total : null;
  });
}

/**
 * The running total by day against the comparison's: single days of bookings jump about, their sum shows
 * whether we are ahead, and it ends at the number above it.
 */
export const pace: Chart = {
  name: 'pace',
  fits: (answer: Answer) =>
    isAdditive(answer) &&
    answer.seriesKind === 'within' &&
    answer.seriesGrain === 'day' &&
    answer.series.filter((point) => point.value !== null).length >= 2,
  draw: (answer, frame) =>
    drawLines(
      answer,
      { values: runningTotal(answer.series.map((point) => point.value)), firstOpen: firstOpen(answer) },
      runningTotal(answer.series.map((point) => point.comparison)),
      frame,
      true,
    ),
};
