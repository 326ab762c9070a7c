import type { Mark } from 'vega';
import type { Part } from '../../kpi/answer.ts';
import { describeChange, formatValue } from '../number.ts';
import type { Chart } from './chart.ts';
import { type Frame, rule, text, textSizes } from './frame.ts';
import { isOther, partChange, shownParts } from './shown-parts.ts';
import { fitText, textWidth } from './text-width.ts';
import { toneColor } from './theme.ts';

/** Fewer records than this behind a rate, and the bar says how many there are. */
const smallSample = 30;

/** Horizontal bars: name, bar, value at its end, change in a column of its own. */
export const breakdown: Chart = {
  name: 'breakdown',
  fits: (answer) => answer.parts.length > 0,
  draw(answer, frame: Frame) {
    const { theme, locale } = frame;
    const parts = shownParts(answer);
    const say = (value: number | null) =>
      formatValue(value, answer.unit, { currency: answer.currency, locale });
    const widest = (texts: string[], weight: 400 | 700 = 400) =>
      Math.max(0, ...texts.map((t) => textWidth(t, textSizes.small, weight)));
    const names = Math.min(330, widest(parts.map((part) => part.name))) + 20;
    const notes = parts.map((part) =>
      answer.unit === 'percent' && part.n > 0 && part.n < smallSample ? ` from only ${part.n}` : '',
    );
    const ends =
      widest(
        parts.map((part, i) => say(part.value) + notes[i]),
        700,
      ) + 16;
    const changes = parts.map((part) => describeChange(partChange(answer, part), locale));
    const compared = parts.some((part) => part.comparison !== null);
    const column = compared
      ? widest(
          changes.map((c) => `${c.arrow} ${c.amount}`),
          700,
        ) + 40
      : 0;

    const top = frame.y + (compared ? 26 : 0);
    const row = Math.min(56, (frame.y + frame.height - top) / parts.length);
    const barHeight = row * 0.6;
    const values = parts.map((part) => part.value ?? 0);
    const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
    const room = frame.width - names - ends - column - (low < 0 ? ends : 0);
    const zero = frame.x + names + (low < 0 ? ends : 0) + (room * -low) / (high - low || 1);
    const x = (value: number) => zero + (room * value) / (high - low || 1);
    const middle = (i: number) => top + (i + 0.5) * row;
    const fill = (part: Part) => (isOther(part) ? theme.comparison : theme.brand);

    const rows: Mark[] = parts.flatMap((part, i) => {
      const y = middle(i);
      const end = part.value ?? 0;
      const change = changes[i]!;
      const edge = end < 0 ? ('right' as const) : ('left' as const);
      const at = x(end) + (end < 0 ? -12 : 12);
      const value = say(part.value);
      return [
        text(fitText(part.name, textSizes.small, names - 20), {
          x: frame.x,
          y,
          color: theme.ink,
          baseline: 'middle',
        }),
        text(value, {
          x: at,
          y,
          color: part.value === null ? theme.quiet : theme.ink,
          weight: 700,
          align: edge,
          baseline: 'middle',
        }),
        ...(notes[i] === ''
          ? []
          : [
              text(notes[i]!.trim(), {
                x: at + textWidth(`${value} `, textSizes.small, 700),
                y,
                color: theme.quiet,
                baseline: 'middle' as const,
              }),
            ]),
        ...(compared
          ? [
              text(`${change.arrow} ${change.amount}`.trim(), {
                x: frame.x + frame.width,
                y,
                color: toneColor(change.tone, theme),
                weight: change.arrow === '' ? 400 : 700,
                align: 'right' as const,
                baseline: 'middle' as const,
              }),
            ]
          : []),
      ];
    });
    return {
      data: [
        {
          name: 'parts',
          values: parts.map((part, i) => ({
            x: zero,
            x2: x(part.value ?? 0),
            y: middle(i) - barHeight / 2,
            fill: fill(part),
          })),
        },
      ],
      marks: [
        {
          type: 'rect',
          interactive: false,
          from: { data: 'parts' },
          encode: {
            enter: {
              x: { field: 'x' },
              x2: { field: 'x2' },
              y: { field: 'y' },
              height: { value: barHeight },
              fill: { field: 'fill' },
              cornerRadius: { value: 2 },
            },
          },
        },
        rule([zero, top], [zero, top + row * parts.length], theme.comparison),
        ...(compared
          ? [
              text(fitText(`vs ${answer.comparison?.label ?? 'before'}`, textSizes.small, 300), {
                x: frame.x + frame.width,
                y: frame.y + 12,
                color: theme.quiet,
                align: 'right' as const,
              }),
            ]
          : []),
        ...rows,
      ],
    };
  },
};
