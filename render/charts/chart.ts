import type { Data, Mark, Scale, Signal } from 'vega';
import type { Answer } from '../../kpi/answer.ts';
import type { Frame, Rule, Text } from './frame.ts';

/**
 * What a chart adds to the card. Marks, scales and colours are the same for every answer of a kind and theme,
 * so that Vega compiles them once; all numbers and texts are in `data`, `signals`, `grid`, `over` and `texts`.
 */
export type Drawing = {
  signals?: Signal[];
  data?: Data[];
  scales?: Scale[];
  /** Lines under the marks. */
  grid?: Rule[];
  marks?: Mark[];
  /** Lines over the marks. */
  over?: Rule[];
  texts: Text[];
};

/** One way to draw an answer. Charts are tried in the order of the registry; the first that fits draws. */
export type Chart = {
  name: string;
  fits: (answer: Answer) => boolean;
  draw: (answer: Answer, frame: Frame) => Drawing;
};
