import type { Mark } from 'vega';
import { fontFamily, type Weight } from '../fonts.ts';
import { plainText } from '../plain-text.ts';
import type { Theme } from './theme.ts';

/** Logical canvas: a phone shows it at a third, so the smallest text is 22 px. */
export const canvas = { width: 1200, height: 675, margin: 56 } as const;

export const textSizes = { small: 22, label: 24, body: 28, title: 30, change: 40, value: 108 } as const;

/** The rectangle that a chart may fill, and what it draws with. */
export type Frame = { x: number; y: number; width: number; height: number; theme: Theme; locale: string };

type TextOptions = {
  x: number;
  y: number;
  size?: number;
  weight?: Weight;
  color: string;
  align?: 'left' | 'center' | 'right';
  baseline?: 'alphabetic' | 'middle' | 'top' | 'bottom';
};

/**
 * One piece of text. It is always handed to Vega as a value, never inside an expression: names come from
 * CRMs, and Vega compiles expressions to code.
 */
export function text(content: string, options: TextOptions): Mark {
  const {
    x,
    y,
    size = textSizes.small,
    weight = 400,
    color,
    align = 'left',
    baseline = 'alphabetic',
  } = options;
  return {
    type: 'text',
    interactive: false,
    encode: {
      enter: {
        x: { value: x },
        y: { value: y },
        text: { value: plainText(content) },
        font: { value: fontFamily },
        fontSize: { value: size },
        fontWeight: { value: weight },
        fill: { value: color },
        align: { value: align },
        baseline: { value: baseline },
      },
    },
  };
}

/** A straight line: axis, grid, target. */
export function rule(
  from: readonly [number, number],
  to: readonly [number, number],
  color: string,
  options: { width?: number; dash?: readonly number[] } = {},
): Mark {
  const dash = options.dash === undefined ? {} : { strokeDash: { value: [...options.dash] } };
  return {
    type: 'rule',
    interactive: false,
    encode: {
      enter: {
        x: { value: from[0] },
        y: { value: from[1] },
        x2: { value: to[0] },
        y2: { value: to[1] },
        stroke: { value: color },
        strokeWidth: { value: options.width ?? 1.5 },
        ...dash,
      },
    },
  };
}
