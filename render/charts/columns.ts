import type { Mark } from 'vega';
import type { Answer } from '../../kpi/answer.ts';
import { formatValue } from '../../kpi/number.ts';
import { isAdditive } from './additive.ts';
import type { Chart } from './chart.ts';
import { type EndLabel, endLabels } from './end-labels.ts';
import { type Frame, type Text, text } from './frame.ts';
import { plotIn, targetLine, timeAxis, valueGrid, valueLabels, valueScale, valueSignals } from './plot.ts';
import { ringAt, ringData, ringMark, ringReason } from './ring.ts';
import { timeLabels } from './time-labels.ts';
import { valueAxis } from './value-axis.ts';

const most = 40;

/** In a trailing series the last column is the asked period; inside a period all of them are. */
function asked(answer: Answer, index: number): boolean {
  return answer.seriesKind === 'within' || index === answer.series.length - 1;
}

function bars(data: string): Mark {
  return {
    type: 'rect',
    interactive: false,
    from: { data },
    encode: {
      enter: {
        xc: { field: 'x' },
        width: { field: 'width' },
        y: { scale: 'value', field: 'value' },
        y2: { scale: 'value', value: 0 },
        fill: { field: 'fill' },
        stroke: { field: 'stroke' },
        strokeWidth: { field: 'strokeWidth' },
        strokeDash: { field: 'dash' },
        cornerRadiusTopLeft: { value: 3 },
        cornerRadiusTopRight: { value: 3 },
      },
    },
  };
}

/** Columns for what adds up over weeks, months and quarters; a bucket still running is outlined, not filled. */
export const columns: Chart = {
  name: 'columns',
  fits: (answer) =>
    isAdditive(answer) &&
    answer.seriesGrain !== 'day' &&
    answer.series.length <= most &&
    answer.series.filter((point) => point.value !== null).length >= 2,
  draw(answer, frame: Frame) {
    const { theme, locale } = frame;
    const { series, target } = answer;
    const say = (value: number) => formatValue(value, answer.unit, { currency: answer.currency, locale });
    const values = series.flatMap((point) => [point.value, point.comparison]);
    const axis = valueAxis({
      values: [...values, target],
      unit: answer.unit,
      currency: answer.currency,
      locale,
      fromZero: true,
    });
    const compared = series.some((point) => point.comparison !== null);
    const labels: EndLabel[] = [];
    if (target !== null)
      labels.push({ lines: ['Target', say(target)], y: target, color: theme.ink, weight: 400 });
    const lastCompared = series.at(-1)?.comparison ?? null;
    if (compared && lastCompared !== null) {
      labels.push({
        lines: [answer.comparison?.label ?? 'before', say(lastCompared)],
        y: lastCompared,
        color: theme.quiet,
        weight: 400,
      });
    }
    const plot = plotIn(frame, axis, labels);
    const band = plot.width / series.length;
    const x = (index: number) => plot.x + (index + 0.5) * band;
    const width = Math.min(84, band * 0.64) * (compared ? 0.72 : 1);
    const behind = Math.min(110, band * 0.86);
    const own = series.flatMap((point, i) => {
      if (point.value === null) return [];
      const color = asked(answer, i) ? theme.brand : theme.brandSoft;
      return [
        {
          x: x(i),
          width,
          value: point.value,
          fill: point.complete ? color : theme.brandWash,
          stroke: point.complete ? null : color,
          strokeWidth: point.complete ? 0 : 3,
          dash: point.complete ? null : [8, 6],
        },
      ];
    });
    const other = series.flatMap((point, i) =>
      point.comparison === null
        ? []
        : [
            {
              x: x(i),
              width: behind,
              value: point.comparison,
              fill: theme.line,
              stroke: null,
              strokeWidth: 0,
              dash: null,
            },
          ],
    );
    const last = series.at(-1);
    const note: Text[] =
      last?.value == null
        ? []
        : [
            text(say(last.value), {
              x: x(series.length - 1),
              y: plot.y0(Math.max(0, last.value)) - 10,
              color: theme.brand,
              weight: 700,
              align: 'center',
            }),
          ];
    const ringed = ringAt(
      answer,
      series.map((point) => point.value),
      frame.marked,
    );
    const ring = ringed === null ? null : { x: x(ringed.index), y: plot.y0(ringed.value) };
    return {
      data: [ringData(ring), { name: 'own', values: own }, { name: 'other', values: other }],
      signals: valueSignals(axis, plot),
      scales: [valueScale],
      grid: valueGrid(axis, plot),
      marks: [bars('other'), bars('own'), ringMark(frame)],
      over: targetLine(answer, plot),
      texts: [
        ...valueLabels(axis, plot),
        ...timeAxis(timeLabels(answer, x, locale, [frame.x, frame.x + frame.width]), x, plot),
        // A ring on the last column says more than the value that the header has anyway.
        ...(ringed?.index === series.length - 1 ? [] : note),
        ...ringReason(ring, frame.marked, plot),
        ...endLabels(
          labels.map((label) => ({ ...label, y: plot.y0(label.y) })),
          plot.x + plot.width + 12,
          plot,
        ),
      ],
    };
  },
};
