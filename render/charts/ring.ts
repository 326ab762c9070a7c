import type { Data, Mark } from 'vega';
import type { Answer } from '../../kpi/answer.ts';
import { type Frame, type Text, text, textSizes } from './frame.ts';
import { fitText, textWidth } from './text-width.ts';

/** A bucket to point at: an anomaly with its reason in a few words. */
export type Marked = { at: string; reason: string };

/** Where the marked bucket is drawn; null when nothing is marked or its bucket has no value. */
export function ringAt(
  answer: Answer,
  values: readonly (number | null)[],
  marked: Marked | null,
): { index: number; value: number } | null {
  const index = marked === null ? -1 : answer.series.findIndex((point) => point.at === marked.at);
  const value = values[index] ?? null;
  return value === null ? null : { index, value };
}

/** The ring's data; always there, so that a card with a ring and one without are compiled alike. */
export function ringData(at: { x: number; y: number } | null): Data {
  return { name: 'ring', values: at === null ? [] : [at] };
}

export function ringMark(frame: Frame): Mark {
  return {
    type: 'symbol',
    interactive: false,
    from: { data: 'ring' },
    encode: {
      enter: {
        x: { field: 'x' },
        y: { field: 'y' },
        size: { value: 900 },
        fill: { value: 'transparent' },
        stroke: { value: frame.theme.caution },
        strokeWidth: { value: 5 },
      },
    },
  };
}

/** The reason beside the ring, on the side that has more room: above or below, the line would cross it. */
export function ringReason(at: { x: number; y: number } | null, marked: Marked | null, plot: Frame): Text[] {
  if (at === null || marked === null) return [];
  const gap = 28;
  const [left, right] = [at.x - plot.x - gap, plot.x + plot.width - at.x - gap];
  const wanted = textWidth(marked.reason, textSizes.small, 700);
  const toRight = right >= wanted || right >= left;
  const words = fitText(marked.reason, textSizes.small, toRight ? right : left, 700);
  const x = toRight ? at.x + gap : at.x - gap;
  const style = {
    weight: 700,
    color: plot.theme.caution,
    align: toRight ? 'left' : 'right',
    baseline: 'middle',
  } as const;
  return [text(words, { x, y: at.y, ...style })];
}
