import type { Mark } from 'vega';
import type { Answer } from '../../kpi/answer.ts';
import { formatValue } from '../../kpi/number.ts';
import type { Chart, Drawing } from './chart.ts';
import { type EndLabel, endLabels } from './end-labels.ts';
import { type Frame, textSizes } from './frame.ts';
import { plotIn, targetLine, timeAxis, valueGrid, valueLabels, valueScale, valueSignals } from './plot.ts';
import { ringAt, ringData, ringMark, ringReason } from './ring.ts';
import { timeLabels } from './time-labels.ts';
import { valueAxis } from './value-axis.ts';

/** One line to draw: null is a gap. `firstOpen` is the index of the first bucket that is still running. */
export type Line = { values: readonly (number | null)[]; firstOpen: number };

type Dot = { index: number; value: number };

function lastKnown(values: readonly (number | null)[]): Dot | null {
  const index = values.findLastIndex((value) => value !== null);
  return index < 0 ? null : { index, value: values[index]! };
}

/** A value between two gaps would be a line of no length, so it becomes a dot. */
function lonely(values: readonly (number | null)[]): Dot[] {
  return values.flatMap((value, index) =>
    value !== null && (values[index - 1] ?? null) === null && (values[index + 1] ?? null) === null
      ? [{ index, value }]
      : [],
  );
}

function stroke(data: string, color: string, width: number, dash?: readonly number[]): Mark {
  return {
    type: 'line',
    interactive: false,
    from: { data },
    encode: {
      enter: {
        x: { field: 'x' },
        y: { scale: 'value', field: 'value' },
        defined: { signal: 'isValid(datum.value)' },
        stroke: { value: color },
        strokeWidth: { value: width },
        strokeCap: { value: 'round' },
        strokeJoin: { value: 'round' },
        ...(dash === undefined ? {} : { strokeDash: { value: [...dash] } }),
      },
    },
  };
}

function wash(data: string, color: string): Mark {
  return {
    type: 'area',
    interactive: false,
    from: { data },
    encode: {
      enter: {
        x: { field: 'x' },
        y: { scale: 'value', field: 'value' },
        y2: { scale: 'value', value: 0 },
        defined: { signal: 'isValid(datum.value)' },
        fill: { value: color },
      },
    },
  };
}

function dots(data: string, color: string, frame: Frame, size: number): Mark {
  return {
    type: 'symbol',
    interactive: false,
    from: { data },
    encode: {
      enter: {
        x: { field: 'x' },
        y: { scale: 'value', field: 'value' },
        size: { value: size },
        fill: { value: color },
        stroke: { value: frame.theme.background },
        strokeWidth: { value: 2 },
      },
    },
  };
}

/** Draw this period's line strong and the comparison's grey, both labelled at their ends. */
export function drawLines(
  answer: Answer,
  own: Line,
  other: readonly (number | null)[],
  frame: Frame,
  fromZero: boolean,
): Drawing {
  const { theme, locale } = frame;
  const say = (value: number) => formatValue(value, answer.unit, { currency: answer.currency, locale });
  const compared = other.some((value) => value !== null);
  const axis = valueAxis({
    values: [...own.values, ...other, answer.target],
    unit: answer.unit,
    currency: answer.currency,
    locale,
    fromZero,
  });
  const end = lastKnown(own.values);
  const otherEnd = lastKnown(other);

  const labels: EndLabel[] = [];
  if (answer.target !== null)
    labels.push({ lines: ['Target', say(answer.target)], y: answer.target, color: theme.ink, weight: 400 });
  if (end !== null)
    labels.push({
      lines: compared ? [shortLabel(answer), say(end.value)] : [say(end.value)],
      y: end.value,
      color: theme.brand,
      weight: 700,
    });
  if (otherEnd !== null) {
    labels.push({
      lines: [answer.comparison?.label ?? 'before', say(otherEnd.value)],
      y: otherEnd.value,
      color: theme.quiet,
      weight: 400,
    });
  }
  const plot = plotIn(frame, axis, labels);
  const inset = 10;
  const step = own.values.length > 1 ? (plot.width - 2 * inset) / (own.values.length - 1) : 0;
  const x = (index: number) => plot.x + inset + index * step;
  const rows = (values: readonly (number | null)[]) => values.map((value, index) => ({ x: x(index), value }));
  const at = (list: readonly Dot[]) => list.map((dot) => ({ x: x(dot.index), value: dot.value }));

  const closed = own.values.map((value, i) => (i < own.firstOpen ? value : null));
  const open = own.values.map((value, i) => (i >= own.firstOpen - 1 ? value : null));
  const hasOpen = own.firstOpen < own.values.length;
  const ringed = ringAt(answer, own.values, frame.marked);
  const ring = ringed === null ? null : { x: x(ringed.index), y: plot.y0(ringed.value) };
  const filled = axis.domain[0] === 0 && !compared;
  return {
    data: [
      { name: 'closed', values: rows(closed) },
      { name: 'open', values: rows(hasOpen ? open : []) },
      { name: 'whole', values: rows(own.values) },
      { name: 'other', values: rows(other) },
      { name: 'ends', values: at(end === null ? [] : [end]) },
      ringData(ring),
      { name: 'lonely', values: at(lonely(own.values)) },
      { name: 'otherLonely', values: at(lonely(other)) },
    ],
    signals: valueSignals(axis, plot),
    scales: [valueScale],
    grid: valueGrid(axis, plot),
    marks: [
      ...(filled ? [wash('whole', theme.brandWash)] : []),
      stroke('other', theme.comparison, 4),
      dots('otherLonely', theme.comparison, frame, 120),
      stroke('closed', theme.brand, 6),
      stroke('open', theme.brand, 6, [2, 11]),
      dots('lonely', theme.brand, frame, 160),
      dots('ends', theme.brand, frame, 330),
      ringMark(frame),
    ],
    over: targetLine(answer, plot),
    texts: [
      ...ringReason(ring, frame.marked, plot),
      ...valueLabels(axis, plot),
      ...timeAxis(timeLabels(answer, x, locale, [frame.x, frame.x + frame.width]), x, plot),
      ...endLabels(
        labels.map((label) => ({ ...label, y: plot.y0(label.y) })),
        x(own.values.length - 1) + textSizes.small,
        plot,
      ),
    ],
  };
}

/** The header already says "to date"; beside a line there is no room for it. */
function shortLabel(answer: Answer): string {
  return answer.period.label.replace(/ to date$/, '');
}

/** Index of the first bucket that is still running; the series' length when none is. */
export function firstOpen(answer: Answer): number {
  const index = answer.series.findIndex((point) => !point.complete);
  return index < 0 ? answer.series.length : index;
}

/** A line through the buckets: for rates, durations and stocks, which do not add up. */
export const trend: Chart = {
  name: 'trend',
  fits: (answer) => answer.series.filter((point) => point.value !== null).length >= 2,
  draw: (answer, frame) =>
    drawLines(
      answer,
      { values: answer.series.map((point) => point.value), firstOpen: firstOpen(answer) },
      answer.series.map((point) => point.comparison),
      frame,
      false,
    ),
};
