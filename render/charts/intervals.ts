import type { Drawing } from './chart.ts';
import { type Frame, rule, text, textSizes } from './frame.ts';
import { fitText, textWidth } from './text-width.ts';
import { valueAxis } from './value-axis.ts';

/** A group's share and the interval that chance leaves it, in percent; all words ready. */
export type Interval = {
  name: string;
  value: number;
  low: number;
  high: number;
  label: string;
  detail: string;
};

const size = textSizes.label;
const mostStep = 84;

/** A dot for each group on one scale, with its interval as a thin line; a rule where all groups together lie. */
export function intervalsChart(
  groups: readonly Interval[],
  whole: { value: number; label: string } | null,
  detailHead: string,
  frame: Frame,
): Drawing {
  const { theme, locale } = frame;
  const widest = (texts: readonly string[], weight: 400 | 700 = 400) =>
    Math.max(0, ...texts.map((one) => textWidth(one, size, weight)));
  const names = Math.min(430, widest(groups.map(({ name }) => name))) + 28;
  const details = widest([detailHead, ...groups.map(({ detail }) => detail)]) + 30;
  const values = widest(
    groups.map(({ label }) => label),
    700,
  );
  const right = frame.x + frame.width;
  const [start, end] = [frame.x + names, right - details - values - 30];
  const axis = valueAxis({
    values: groups.flatMap(({ low, high }) => [low, high]),
    unit: 'percent',
    currency: null,
    locale,
    fromZero: false,
  });
  const low = axis.domain[0];
  const high = Math.min(100, axis.domain[1]);
  const at = (value: number) => start + ((end - start) * (value - low)) / (high - low);
  const top = frame.y + 40;
  const bottom = frame.y + frame.height - 40;
  const step = Math.min(mostStep, (bottom - top) / Math.max(1, groups.length));
  const middle = (i: number) => top + (i + 0.5) * step;
  const foot = top + step * groups.length;
  const ticks = axis.ticks.filter(({ value }) => value <= high);
  return {
    data: [
      {
        name: 'groups',
        values: groups.map((group, i) => ({ x: at(group.value), y: middle(i) })),
      },
    ],
    grid: [
      ...ticks.map(({ value }) => rule([at(value), top], [at(value), foot], theme.line)),
      ...groups.map(({ low: from, high: to }, i) =>
        rule([at(from), middle(i)], [at(to), middle(i)], theme.brandSoft, { width: 8 }),
      ),
    ],
    marks: [
      {
        type: 'symbol',
        interactive: false,
        from: { data: 'groups' },
        encode: {
          enter: {
            x: { field: 'x' },
            y: { field: 'y' },
            size: { value: 420 },
            fill: { value: theme.brand },
            stroke: { value: theme.background },
            strokeWidth: { value: 2 },
          },
        },
      },
    ],
    over: whole
      ? [rule([at(whole.value), top - 6], [at(whole.value), foot], theme.ink, { dash: [2, 5] })]
      : [],
    texts: [
      ...(whole
        ? [text(whole.label, { x: at(whole.value), y: top - 16, color: theme.ink, align: 'center' as const })]
        : []),
      text(detailHead, { x: right, y: top - 16, color: theme.quiet, align: 'right' }),
      ...ticks.map(({ value }) =>
        text(`${value}${value === ticks.at(-1)!.value ? '\u00a0%' : ''}`, {
          x: at(value),
          y: foot + 30,
          color: theme.quiet,
          align: 'center',
        }),
      ),
      ...groups.flatMap((group, i) => {
        const here = { y: middle(i), size, baseline: 'middle' as const };
        return [
          text(fitText(group.name, size, names - 28), { ...here, x: frame.x, color: theme.ink }),
          text(group.label, {
            ...here,
            x: right - details,
            color: theme.ink,
            weight: 700,
            align: 'right',
          }),
          text(group.detail, { ...here, x: right, color: theme.quiet, align: 'right' }),
        ];
      }),
    ],
  };
}
