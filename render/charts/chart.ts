import type { Data, Mark, Scale } from 'vega';
import type { Answer } from '../../kpi/answer.ts';
import type { Frame } from './frame.ts';

/** What a chart adds to the card's Vega specification. */
export type Drawing = { data?: Data[]; scales?: Scale[]; marks: Mark[] };

/** One way to draw an answer. Charts are tried in the order of the registry; the first that fits draws. */
export type Chart = {
  name: string;
  fits: (answer: Answer) => boolean;
  draw: (answer: Answer, frame: Frame) => Drawing;
};
