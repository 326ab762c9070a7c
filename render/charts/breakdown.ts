import type { Answer, Part } from '../../kpi/answer.ts';
import { type ChangeText, describeChange, formatValue } from '../../kpi/number.ts';
import type { Chart } from './chart.ts';
import { type Frame, rule, type Text, text, textSizes } from './frame.ts';
import { isOther, partChange, shownParts } from './shown-parts.ts';
import { fitText, textWidth } from './text-width.ts';
import { toneColor } from './theme.ts';

/** Fewer records than this behind a rate, and the bar says how many there are. */
const smallSample = 30;

const size = textSizes.small;
const gap = 12;
const mostNumber = 150;

/** Bars to both sides need room for numbers on both. */
const mostName = { oneSided: 330, twoSided: 220 } as const;

/** One bar with all that is said beside it, already cut to its place. */
type Row = { part: Part; name: string; value: string; note: string; change: ChangeText; moved: string };

function rowOf(answer: Answer, part: Part, mostWide: number, locale: string): Row {
  const value = formatValue(part.value, answer.unit, { currency: answer.currency, locale });
  const change = describeChange(partChange(answer, part), locale);
  const few = answer.unit === 'percent' && part.value !== null && part.n > 0 && part.n < smallSample;
  return {
    part,
    name: fitText(part.name, size, mostWide),
    value: fitText(value, size, mostNumber, 700),
    note: few ? `from only ${part.n}` : '',
    change,
    moved: fitText(`${change.arrow} ${change.amount}`, size, mostNumber, 700),
  };
}

function widest(widths: readonly number[]): number {
  return Math.max(0, ...widths);
}

/** Width of what stands at the end of a bar: the value, and how few records it is from. */
function endWidth(row: Row): number {
  const note = row.note === '' ? 0 : textWidth(` ${row.note}`, size);
  return gap + textWidth(row.value, size, 700) + note;
}

/** Value and note at the end of a bar, on the side that the bar points to. */
function endTexts(row: Row, x: number, y: number, frame: Frame): Text[] {
  const { theme } = frame;
  const negative = (row.part.value ?? 0) < 0;
  const side = negative ? -1 : 1;
  const align = negative ? 'right' : 'left';
  const color = row.part.value === null ? theme.quiet : theme.ink;
  const after = x + side * (gap + textWidth(`${row.value} `, size, 700));
  const value = text(row.value, { x: x + side * gap, y, color, weight: 700, align, baseline: 'middle' });
  return row.note === ''
    ? [value]
    : [value, text(row.note, { x: after, y, color: theme.quiet, align, baseline: 'middle' })];
}

/** Horizontal bars: name, bar, value at its end, change in a column of its own. */
export const breakdown: Chart = {
  name: 'breakdown',
  fits: (answer) => answer.parts.length > 0,
  draw(answer, frame: Frame) {
    const { theme, locale } = frame;
    const parts = shownParts(answer);
    const sides = parts.some((part) => (part.value ?? 0) < 0) ? 'twoSided' : 'oneSided';
    const rows = parts.map((part) => rowOf(answer, part, mostName[sides], locale));
    const compared = rows.some((row) => row.part.comparison !== null);
    const names = widest(rows.map((row) => textWidth(row.name, size))) + 20;
    const column = compared ? widest(rows.map((row) => textWidth(row.moved, size, 700))) + 40 : 0;

    const values = rows.map((row) => row.part.value ?? 0);
    const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
    const before = widest(rows.filter((row) => (row.part.value ?? 0) < 0).map(endWidth));
    const after = widest(rows.filter((row) => (row.part.value ?? 0) >= 0).map(endWidth));
    const room = Math.max(40, frame.width - names - before - after - column);
    const span = high - low || 1;
    const x = (value: number) => frame.x + names + before + (room * (value - low)) / span;

    const top = frame.y + (compared ? 26 : 0);
    const step = Math.min(56, (frame.y + frame.height - top) / rows.length);
    const middle = (i: number) => top + (i + 0.5) * step;
    const right = frame.x + frame.width;
    const heading = fitText(`vs ${answer.comparison?.label ?? 'before'}`, size, 420);
    const bars = rows.map(({ part }, i) => ({
      x: x(0),
      x2: x(part.value ?? 0),
      y: middle(i) - step * 0.3,
      height: step * 0.6,
      fill: isOther(part) ? theme.comparison : theme.brand,
    }));
    return {
      data: [{ name: 'parts', values: bars }],
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
              height: { field: 'height' },
              fill: { field: 'fill' },
              cornerRadius: { value: 2 },
            },
          },
        },
      ],
      over: [rule([x(0), top], [x(0), top + step * rows.length], theme.comparison)],
      texts: [
        ...(compared
          ? [text(heading, { x: right, y: frame.y + 12, color: theme.quiet, align: 'right' })]
          : []),
        ...rows.flatMap((row, i) => [
          text(row.name, { x: frame.x, y: middle(i), color: theme.ink, baseline: 'middle' }),
          ...endTexts(row, x(row.part.value ?? 0), middle(i), frame),
          ...(compared ? [changeText(row, right, middle(i), frame)] : []),
        ]),
      ],
    };
  },
};

function changeText(row: Row, x: number, y: number, frame: Frame): Text {
  const weight = row.change.arrow === '' ? 400 : 700;
  return text(row.moved, {
    x,
    y,
    color: toneColor(row.change.tone, frame.theme),
    weight,
    align: 'right',
    baseline: 'middle',
  });
}
