import type { Scale, Signal } from 'vega';
import type { Answer } from '../../kpi/answer.ts';
import { type EndLabel, endLabelRoom } from './end-labels.ts';
import { type Frame, type Rule, rule, type Text, text, textSizes } from './frame.ts';
import { textWidth } from './text-width.ts';
import type { TimeLabel } from './time-labels.ts';
import type { ValueAxis } from './value-axis.ts';

/** Height under the plot for one or two lines of time labels. */
const below = 62;

/** The inner rectangle of a chart with a value axis, and the height at which a value lies. */
export type Plot = Frame & { y0: (value: number) => number };

/** Make room for tick labels on the left, direct labels on the right and time labels below. */
export function plotIn(
  frame: Frame,
  axis: ValueAxis,
  labels: readonly Pick<EndLabel, 'lines' | 'weight'>[],
): Plot {
  const left = Math.max(...axis.ticks.map((tick) => textWidth(tick.label, textSizes.small))) + 16;
  const inner = {
    ...frame,
    x: frame.x + left,
    width: frame.width - left - endLabelRoom(labels),
    y: frame.y + 14,
    height: frame.height - 14 - below,
  };
  const [low, high] = axis.domain;
  return { ...inner, y0: (value) => inner.y + inner.height * (1 - (value - low) / (high - low)) };
}

/** Vega scale from values to heights; the marks use it, the texts above compute the same. */
export const valueScale: Scale = {
  name: 'value',
  type: 'linear',
  domain: { signal: 'domain' },
  range: { signal: 'range' },
  zero: false,
  nice: false,
};

export function valueSignals(axis: ValueAxis, plot: Plot): Signal[] {
  return [
    { name: 'domain', value: axis.domain },
    { name: 'range', value: [plot.y + plot.height, plot.y] },
  ];
}

/** Horizontal lines at the ticks; zero is drawn stronger. */
export function valueGrid(axis: ValueAxis, plot: Plot): Rule[] {
  return axis.ticks.map(({ value }) =>
    rule(
      [plot.x, plot.y0(value)],
      [plot.x + plot.width, plot.y0(value)],
      value === 0 ? plot.theme.comparison : plot.theme.line,
    ),
  );
}

export function valueLabels(axis: ValueAxis, plot: Plot): Text[] {
  return axis.ticks.map((tick) =>
    text(tick.label, {
      x: plot.x - 14,
      y: plot.y0(tick.value),
      color: plot.theme.quiet,
      align: 'right',
      baseline: 'middle',
    }),
  );
}

export function timeAxis(
  labels: readonly TimeLabel[],
  position: (index: number) => number,
  plot: Plot,
): Text[] {
  const bottom = plot.y + plot.height;
  return labels.flatMap((label) =>
    [label.top, label.bottom].flatMap((line, i) =>
      line === ''
        ? []
        : [
            text(line, {
              x: position(label.index),
              y: bottom + 30 + i * 26,
              color: plot.theme.quiet,
              align: 'center',
            }),
          ],
    ),
  );
}

export function targetLine(answer: Answer, plot: Plot): Rule[] {
  if (answer.target === null) return [];
  const y = plot.y0(answer.target);
  return [rule([plot.x, y], [plot.x + plot.width, y], plot.theme.ink, { width: 1.5, dash: [2, 5] })];
}
