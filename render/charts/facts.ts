import { formatValue } from '../../kpi/number.ts';
import type { Chart } from './chart.ts';
import { text, textSizes } from './frame.ts';
import { fitText } from './text-width.ts';

/** No course to draw: the numbers that the value is made of, in words. */
export const facts: Chart = {
  name: 'facts',
  fits: (answer) => answer.value !== null && answer.components.length > 0,
  draw(answer, frame) {
    const { theme, locale } = frame;
    const shown = answer.components.slice(0, 4);
    const row = Math.min(72, frame.height / shown.length);
    return {
      texts: shown.flatMap((component, i) => {
        const y = frame.y + 40 + i * row;
        const value = formatValue(component.value, component.unit, { currency: answer.currency, locale });
        return [
          text(value, { x: frame.x, y, size: textSizes.change, weight: 700, color: theme.ink }),
          text(fitText(component.label, textSizes.body, frame.width - 280), {
            x: frame.x + 280,
            y,
            size: textSizes.body,
            color: theme.quiet,
          }),
        ];
      }),
    };
  },
};
