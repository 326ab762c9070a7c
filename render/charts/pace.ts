import type { Chart } from './chart.ts';
import { course } from './course.ts';
import { drawLines, firstOpen } from './trend.ts';

/** The running total by day against the comparison's: shows whether we are ahead, and ends at the number above it. */
export const pace: Chart = {
  name: 'pace',
  fits: (answer) =>
    course(answer).cumulative && answer.series.filter((point) => point.value !== null).length >= 2,
  draw(answer, frame) {
    const { values, comparison } = course(answer);
    return drawLines(answer, { values, firstOpen: firstOpen(answer) }, comparison, frame, true);
  },
};
