import type { Drawing } from './chart.ts';
import { type Frame, rule, text, textSizes } from './frame.ts';
import { fitText, textWidth } from './text-width.ts';

/** One stage, all of it already worded. */
export type Bar = { name: string; people: number; value: string; previous: string; median: string };

const size = textSizes.label;
const mostStep = 84;

/** A bar for each stage, as long as its people are many; what goes on to it, and how long that takes, in two columns. */
export function funnelBars(bars: readonly Bar[], frame: Frame): Drawing {
  const { theme } = frame;
  const heads = ['of previous', 'median time'] as const;
  const wide = (texts: readonly string[], weight: 400 | 700 = 400) =>
    Math.max(...texts.map((one) => textWidth(one, size, weight)));
  const names = Math.min(240, wide(bars.map(({ name }) => name))) + 24;
  const median = Math.max(wide([heads[1]]), wide(bars.map((bar) => bar.median))) + 36;
  const previous =
    Math.max(
      wide([heads[0]]),
      wide(
        bars.map((bar) => bar.previous),
        700,
      ),
    ) + 36;
  const values =
    wide(
      bars.map(({ value }) => value),
      700,
    ) + 14;
  const room = frame.width - names - median - previous - values;
  const most = Math.max(1, ...bars.map(({ people }) => people));
  const top = frame.y + 40;
  const step = Math.min(mostStep, (frame.y + frame.height - top) / bars.length);
  const right = frame.x + frame.width;
  const start = frame.x + names;
  const middle = (i: number) => top + (i + 0.5) * step;
  const length = (people: number) => (room * people) / most;
  return {
    data: [
      {
        name: 'stages',
        values: bars.map(({ people }, i) => ({
          x: start,
          // Somebody is never drawn as nobody.
          x2: start + (people === 0 ? 0 : Math.max(3, length(people))),
          y: middle(i) - step * 0.32,
          height: step * 0.64,
        })),
      },
    ],
    marks: [
      {
        type: 'rect',
        interactive: false,
        from: { data: 'stages' },
        encode: {
          enter: {
            x: { field: 'x' },
            x2: { field: 'x2' },
            y: { field: 'y' },
            height: { field: 'height' },
            fill: { value: theme.brand },
            cornerRadius: { value: 3 },
          },
        },
      },
    ],
    over: [rule([start, top], [start, top + step * bars.length], theme.comparison)],
    texts: [
      text(heads[0], { x: right - median, y: frame.y + 20, color: theme.quiet, align: 'right' }),
      text(heads[1], { x: right, y: frame.y + 20, color: theme.quiet, align: 'right' }),
      ...bars.flatMap((bar, i) => {
        const at = { y: middle(i), size, baseline: 'middle' as const };
        return [
          text(fitText(bar.name, size, names - 24), { ...at, x: frame.x, color: theme.ink }),
          text(bar.value, { ...at, x: start + length(bar.people) + 14, color: theme.ink, weight: 700 }),
          text(bar.previous, { ...at, x: right - median, color: theme.ink, weight: 700, align: 'right' }),
          text(bar.median, { ...at, x: right, color: theme.quiet, align: 'right' }),
        ];
      }),
    ],
  };
}
