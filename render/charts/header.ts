import type { Answer } from '../../kpi/answer.ts';
import { describeChange, formatAnswerValue, formatValue } from '../../kpi/number.ts';
import { type Frame, type Text, text, textSizes } from './frame.ts';
import { fitText, textWidth } from './text-width.ts';
import { type Theme, toneColor } from './theme.ts';

/** Height that the header takes from the top of the card. */
export const headerHeight = 218;

const betterOrWorse = { good: ' · better', bad: ' · worse', neutral: '' } as const;

/** A value that is too long even at this size is cut. */
const smallest = 48;

/** The number very large, its unit ("%", "M", "days") smaller beside it. */
function bigValue(
  value: string,
  at: { x: number; y: number; room: number },
  theme: Theme,
): { marks: Text[]; width: number } {
  const [whole = '', ...rest] = value.split('\u00a0');
  const number = fitText(whole, smallest, at.room, 700);
  const unit = rest.join('\u00a0');
  const measure = (size: number) => {
    const wide = textWidth(number, size, 700);
    return {
      wide,
      gap: size * 0.13,
      all: unit === '' ? wide : wide + size * 0.13 + textWidth(unit, size * 0.56),
    };
  };
  const size =
    [1, 0.8, 0.62, 0.45].map((part) => textSizes.value * part).find((s) => measure(s).all <= at.room) ??
    smallest;
  const { wide, gap, all } = measure(size);
  const marks = [text(number, { x: at.x, y: at.y, size, weight: 700, color: theme.ink })];
  if (unit !== '')
    marks.push(text(unit, { x: at.x + wide + gap, y: at.y, size: size * 0.56, color: theme.ink }));
  return { marks, width: all };
}

/** Title, very large value, change with what it is compared with, period in words. */
export function header(answer: Answer, frame: Frame): Text[] {
  const { theme, locale } = frame;
  const value = bigValue(
    formatAnswerValue(answer, { locale }),
    { x: frame.x - 4, y: frame.y + 138, room: frame.width * 0.56 },
    theme,
  );
  const right = frame.x + value.width + 40;
  return [
    text(fitText(answer.title, textSizes.title, frame.width), {
      x: frame.x,
      y: frame.y + 28,
      size: textSizes.title,
      color: theme.quiet,
    }),
    ...value.marks,
    ...changeLines(answer, { x: right, y: frame.y, room: frame.x + frame.width - right }, frame),
    text(fitText(answer.period.label, textSizes.body, frame.width, 700), {
      x: frame.x,
      y: frame.y + 192,
      size: textSizes.body,
      weight: 700,
      color: theme.ink,
    }),
  ];
}

function changeLines(answer: Answer, at: { x: number; y: number; room: number }, frame: Frame): Text[] {
  const { comparison } = answer;
  if (comparison === null) return [];
  const change = describeChange(comparison, frame.locale);
  const against = formatValue(comparison.value, answer.unit, {
    currency: answer.currency,
    locale: frame.locale,
  });
  const versus = `vs ${comparison.label}: ${comparison.value === null ? 'no records' : against}`;
  const moved =
    change.arrow === '' ? change.words : `${change.arrow} ${change.amount}${betterOrWorse[change.tone]}`;
  const lines = [
    text(fitText(versus, textSizes.label, at.room), {
      x: at.x,
      y: at.y + 136,
      size: textSizes.label,
      color: frame.theme.quiet,
    }),
  ];
  if (comparison.change === null) return lines;
  const color = toneColor(change.tone, frame.theme);
  return [
    text(fitText(moved, textSizes.change, at.room, 700), {
      x: at.x,
      y: at.y + 94,
      size: textSizes.change,
      weight: 700,
      color,
    }),
    ...lines,
  ];
}
