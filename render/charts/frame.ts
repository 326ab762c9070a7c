import type { Mark } from 'vega';
import { fontFamily, type Weight } from '../fonts.ts';
import { plainText } from '../plain-text.ts';
import type { Marked } from './ring.ts';
import type { Theme } from './theme.ts';

/** Logical canvas: a phone shows it at a third, so the smallest text is 22 px. */
export const canvas = { width: 1200, height: 675, margin: 56 } as const;

export const textSizes = { small: 22, label: 24, body: 28, title: 30, change: 40, value: 108 } as const;

/** The rectangle that a chart may fill, and what it draws with. */
export type Frame = {
  x: number;
  y: number;
  width: number;
  height: number;
  theme: Theme;
  locale: string;
  marked: Marked | null;
};

/** A piece of text, and a straight line: rows of data, placed and styled. */
export type Text = {
  x: number;
  y: number;
  text: string;
  size: number;
  weight: Weight;
  color: string;
  align: 'left' | 'center' | 'right';
  baseline: 'alphabetic' | 'middle';
};

export type Rule = {
  x: number;
  y: number;
  x2: number;
  y2: number;
  color: string;
  width: number;
  dash: readonly number[] | null;
};

/** One piece of text; small, regular, from its left end unless told otherwise. */
export function text(content: string, options: Pick<Text, 'x' | 'y' | 'color'> & Partial<Text>): Text {
  return {
    size: textSizes.small,
    weight: 400,
    align: 'left',
    baseline: 'alphabetic',
    ...options,
    text: plainText(content),
  };
}

/** A straight line: axis, grid, target. */
export function rule(
  from: readonly [number, number],
  to: readonly [number, number],
  color: string,
  options: { width?: number; dash?: readonly number[] } = {},
): Rule {
  return {
    x: from[0],
    y: from[1],
    x2: to[0],
    y2: to[1],
    color,
    width: options.width ?? 1.5,
    dash: options.dash ?? null,
  };
}

/**
 * The marks for texts and rules. Texts reach Vega as data only: literals in a specification are compiled to
 * code, and one that is called "toString" breaks the compiler.
 */
export function textMark(data: string): Mark {
  return {
    type: 'text',
    interactive: false,
    from: { data },
    encode: {
      enter: {
        x: { field: 'x' },
        y: { field: 'y' },
        text: { field: 'text' },
        font: { value: fontFamily },
        fontSize: { field: 'size' },
        fontWeight: { field: 'weight' },
        fill: { field: 'color' },
        align: { field: 'align' },
        baseline: { field: 'baseline' },
      },
    },
  };
}

export function ruleMark(data: string): Mark {
  return {
    type: 'rule',
    interactive: false,
    from: { data },
    encode: {
      enter: {
        x: { field: 'x' },
        y: { field: 'y' },
        x2: { field: 'x2' },
        y2: { field: 'y2' },
        stroke: { field: 'color' },
        strokeWidth: { field: 'width' },
        strokeDash: { field: 'dash' },
      },
    },
  };
}
