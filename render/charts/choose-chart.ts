import type { Answer } from '../../kpi/answer.ts';
import { breakdown } from './breakdown.ts';
import type { Chart } from './chart.ts';
import { columns } from './columns.ts';
import { facts } from './facts.ts';
import { pace } from './pace.ts';
import { silence } from './silence.ts';
import { trend } from './trend.ts';

/** All charts, the most telling first. A new one is a file and a line here. */
export const charts: readonly Chart[] = [breakdown, pace, columns, trend, facts, silence];

/** The chart for an answer: the first that fits; `silence` always does. */
export function chooseChart(answer: Answer): Chart {
  return charts.find((chart) => chart.fits(answer)) ?? silence;
}
