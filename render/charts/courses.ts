import type { Mark } from 'vega';
import type { Unit } from '../../kpi/answer.ts';
import { formatValue } from '../../kpi/number.ts';
import type { Drawing } from './chart.ts';
import { type Frame, rule, text, textSizes } from './frame.ts';
import { plotIn, timeAxis, valueGrid, valueLabels } from './plot.ts';
import { fitText, textWidth } from './text-width.ts';
import { timeLabels } from './time-labels.ts';
import { valueAxis } from './value-axis.ts';

export type CourseOf = { name: string; unit: Unit; values: readonly (number | null)[] };

export type Courses = {
  days: readonly string[];
  grain: 'week' | 'month';
  currency: string | null;
  /** One above the other over the same time. */
  upper: CourseOf;
  lower: CourseOf;
  /** The upper one moved to when the lower one follows, and whether they go against each other; null where neither is ahead. */
  moved: (CourseOf & { turned: boolean }) | null;
};

/** Between the panels; the upper one needs no time labels, which it would leave room for. */
const apart = 18;
const heading = 34;
/** What `plotIn` keeps below a plot for time labels. */
const labelRoom = 62;

/** Two lines in two panels, each on a scale of its own; in the lower one, dashed, what is ahead of it. */
export function coursesChart(courses: Courses, frame: Frame): Drawing {
  const { theme, locale } = frame;
  const { days, upper, lower, moved, currency } = courses;
  const axisOf = ({ values, unit }: CourseOf) =>
    valueAxis({ values, unit, currency, locale, fromZero: false });
  const [above, below] = [axisOf(upper), axisOf(lower)];
  const height = (frame.height - apart - labelRoom) / 2;
  const last = (course: CourseOf) => {
    const value = course.values.findLast((one) => one !== null) ?? null;
    return { lines: [formatValue(value, course.unit, { currency, locale })], weight: 700 as const };
  };
  const labels = [last(upper), last(lower)];
  const wide = [...above.ticks, ...below.ticks].reduce((a, b) => (b.label.length > a.label.length ? b : a));
  const panel = (axis: typeof above, top: number) => {
    // Both as wide as the wider one asks, so that a day stands under itself.
    const inner = plotIn(
      { ...frame, y: top + heading, height: height - heading + labelRoom },
      { ...axis, ticks: [...axis.ticks.slice(0, -1), { ...axis.ticks.at(-1)!, label: wide.label }] },
      labels,
    );
    return inner;
  };
  const [first, second] = [panel(above, frame.y), panel(below, frame.y + height + apart)];
  const step = days.length > 1 ? (first.width - 20) / (days.length - 1) : 0;
  const x = (index: number) => first.x + 10 + index * step;
  const rows = (values: readonly (number | null)[], y0: (value: number) => number) =>
    values.map((value, i) => ({ x: x(i), y: value === null ? null : y0(value) }));
  const ghost = moved && resized(moved, lower.values);
  const ends = [
    { course: upper, plot: first },
    { course: lower, plot: second },
  ].flatMap(({ course, plot }) => {
    const index = course.values.findLastIndex((value) => value !== null);
    return index < 0 ? [] : [{ x: x(index), y: plot.y0(course.values[index]!), course }];
  });
  const series = {
    series: days.map((at) => ({ at, value: null, comparison: null, complete: true })),
    seriesKind: 'trailing' as const,
    seriesGrain: courses.grain,
    period: { label: '', unit: courses.grain, from: days[0] ?? '' },
  };
  const nameWidth = textWidth(lower.name, textSizes.label, 700);
  return {
    data: [
      { name: 'upper', values: rows(upper.values, first.y0) },
      { name: 'lower', values: rows(lower.values, second.y0) },
      { name: 'ghost', values: ghost ? rows(ghost, second.y0) : [] },
      { name: 'ends', values: ends.map((end) => ({ x: end.x, y: end.y })) },
    ],
    grid: [...valueGrid(above, first), ...valueGrid(below, second)],
    marks: [
      line('ghost', theme.comparison, 4, [9, 9]),
      line('upper', theme.brand, 5),
      line('lower', theme.brand, 5),
      {
        type: 'symbol',
        interactive: false,
        from: { data: 'ends' },
        encode: {
          enter: {
            x: { field: 'x' },
            y: { field: 'y' },
            size: { value: 240 },
            fill: { value: theme.brand },
            stroke: { value: theme.background },
            strokeWidth: { value: 2 },
          },
        },
      },
    ],
    over: ghost
      ? [
          rule(
            [frame.x + nameWidth + 28, second.y - 34],
            [frame.x + nameWidth + 72, second.y - 34],
            theme.comparison,
            { width: 4, dash: [9, 9] },
          ),
        ]
      : [],
    texts: [
      text(fitText(upper.name, textSizes.label, frame.width, 700), {
        x: frame.x,
        y: first.y - 26,
        size: textSizes.label,
        weight: 700,
        color: theme.ink,
      }),
      text(fitText(lower.name, textSizes.label, frame.width, 700), {
        x: frame.x,
        y: second.y - 26,
        size: textSizes.label,
        weight: 700,
        color: theme.ink,
      }),
      ...(ghost && moved
        ? [
            text(
              fitText(
                `${moved.name}${moved.turned ? ', upside down' : ''}, on this scale`,
                textSizes.small,
                frame.width - nameWidth - 90,
              ),
              { x: frame.x + nameWidth + 84, y: second.y - 26, color: theme.quiet },
            ),
          ]
        : []),
      ...valueLabels(above, first),
      ...valueLabels(below, second),
      ...ends.map(({ x: at, y, course }) =>
        text(last(course).lines[0]!, {
          x: at + textSizes.small,
          y,
          color: theme.brand,
          weight: 700,
          baseline: 'middle',
        }),
      ),
      ...timeAxis(timeLabels(series, x, locale, [frame.x, frame.x + frame.width]), x, second),
    ],
  };
}

function line(data: string, color: string, width: number, dash?: readonly number[]): Mark {
  return {
    type: 'line',
    interactive: false,
    from: { data },
    encode: {
      enter: {
        x: { field: 'x' },
        y: { field: 'y' },
        defined: { signal: 'isValid(datum.y)' },
        stroke: { value: color },
        strokeWidth: { value: width },
        strokeCap: { value: 'round' },
        strokeJoin: { value: 'round' },
        ...(dash ? { strokeDash: { value: [...dash] } } : {}),
      },
    },
  };
}

/** Brought to the other's middle and spread, and turned over where they go against each other: shapes compare, amounts do not. */
function resized(
  { values, turned }: { values: readonly (number | null)[]; turned: boolean },
  onto: readonly (number | null)[],
): (number | null)[] {
  const pairs = values.flatMap((a, i) => {
    const b = onto[i] ?? null;
    return a === null || b === null ? [] : [[a, b] as const];
  });
  const [from, to] = [spread(pairs.map(([a]) => a)), spread(pairs.map(([, b]) => b))];
  const factor = from.deviation === 0 ? 0 : ((turned ? -1 : 1) * to.deviation) / from.deviation;
  const shown = onto.filter((value) => value !== null);
  const [low, high] = [Math.min(...shown), Math.max(...shown)];
  return values.map((value) =>
    // Never out of the panel.
    value === null ? null : Math.min(high, Math.max(low, to.mean + factor * (value - from.mean))),
  );
}

function spread(list: readonly number[]): { mean: number; deviation: number } {
  const n = Math.max(1, list.length);
  const mean = list.reduce((sum, one) => sum + one, 0) / n;
  return { mean, deviation: Math.sqrt(list.reduce((sum, one) => sum + (one - mean) ** 2, 0) / n) };
}
