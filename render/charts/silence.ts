import type { Chart } from './chart.ts';
import { text, textSizes } from './frame.ts';

/** Nothing recorded: said in words, because an empty chart reads as zero. */
export const silence: Chart = {
  name: 'silence',
  fits: () => true,
  draw(answer, frame) {
    const words = answer.value === null ? 'No records in this period' : 'One value, no course to show yet';
    const at = { x: frame.x + frame.width / 2, y: frame.y + frame.height / 2 };
    return {
      texts: [
        text(words, {
          ...at,
          size: textSizes.title,
          color: frame.theme.quiet,
          align: 'center',
          baseline: 'middle',
        }),
      ],
    };
  },
};
