import type { Weight } from '../fonts.ts';
import { type Frame, type Text, text, textSizes } from './frame.ts';
import { fitText, textWidth } from './text-width.ts';

/** A label beside the end of a line: its name and value, in the line's colour. Stands in for a legend. */
export type EndLabel = { lines: readonly string[]; y: number; color: string; weight: Weight };

const lineHeight = 27;
const most = 230;

/** Width that the labels need right of the plot. */
export function endLabelRoom(labels: readonly Pick<EndLabel, 'lines' | 'weight'>[]): number {
  const widths = labels.flatMap((label) =>
    label.lines.map((line) => textWidth(line, textSizes.small, label.weight)),
  );
  return widths.length === 0 ? 16 : Math.min(most, Math.max(...widths)) + 22;
}

/** Draw the labels at the plot's right edge, pushed apart until none covers another. */
export function endLabels(labels: readonly EndLabel[], x: number, frame: Frame): Text[] {
  const boxes = [...labels]
    .sort((a, b) => a.y - b.y)
    .map((label) => ({
      label,
      height: label.lines.length * lineHeight,
      top: label.y - (label.lines.length * lineHeight) / 2,
    }));
  let floor = frame.y - 12;
  for (const box of boxes) {
    box.top = Math.max(box.top, floor);
    floor = box.top + box.height + 4;
  }
  // Pushed down past the bottom: take the overflow back upwards.
  let ceiling = frame.y + frame.height + 16;
  for (const box of boxes.toReversed()) {
    box.top = Math.min(box.top, ceiling - box.height);
    ceiling = box.top - 4;
  }
  return boxes.flatMap(({ label, top }) =>
    label.lines.map((line, i) =>
      text(fitText(line, textSizes.small, most, label.weight), {
        x,
        y: top + i * lineHeight + lineHeight / 2,
        color: label.color,
        weight: label.weight,
        baseline: 'middle',
      }),
    ),
  );
}
