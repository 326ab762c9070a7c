import type { Answer } from '../../kpi/answer.ts';
import { describeChange, formatAnswerValue, formatValue } from '../../kpi/number.ts';
import type { TableAnswer } from '../../kpi/table.ts';
import { bucketName } from '../charts/bucket-name.ts';
import { course } from '../charts/course.ts';
import { shownParts } from '../charts/shown-parts.ts';
import { plainText } from '../plain-text.ts';

/** Slack allows 2,000 characters; a screen reader's user allows fewer. */
const most = 500;

function courseInWords(answer: Answer, say: (value: number | null) => string, locale: string): string[] {
  const { values, cumulative } = course(answer);
  const known = answer.series
    .map((point, i) => ({ at: point.at, value: values[i] ?? null }))
    .filter((point) => point.value !== null);
  if (known.length < 2) return [];
  const name = (day: string) => {
    const { top, bottom } = bucketName(answer, day, locale);
    return bottom === '' ? top : `${top} ${bottom}`;
  };
  const lowest = known.reduce((a, b) => (b.value! < a.value! ? b : a));
  const highest = known.reduce((a, b) => (b.value! > a.value! ? b : a));
  const first = known[0]!;
  const last = known.at(-1)!;
  const start = cumulative ? 'Running total from' : 'From';
  return [
    `${start} ${say(first.value)} (${name(first.at)}) to ${say(last.value)} (${name(last.at)})`,
    `lowest ${say(lowest.value)} (${name(lowest.at)}), highest ${say(highest.value)} (${name(highest.at)})`,
  ];
}

/** A table's picture in words. */
export const tableAltText = ({ title, sentence }: TableAnswer): string =>
  plainText(`${title}. ${sentence}`, most);

/** The picture in words: title, period, value, change, then the course or the parts. */
export function altText(answer: Answer, locale = 'en-US'): string {
  const say = (value: number | null) =>
    formatValue(value, answer.unit, { currency: answer.currency, locale });
  const change = answer.comparison === null ? null : describeChange(answer.comparison, locale);
  const versus =
    change === null || answer.comparison?.change === null
      ? []
      : [`${change.words} compared with ${answer.comparison!.label}`];
  const body =
    answer.parts.length > 0
      ? shownParts(answer)
          .slice(0, 6)
          .map((part) => `${part.name} ${say(part.value)}`)
      : courseInWords(answer, say, locale);
  const head = `${answer.title}, ${answer.period.label}: ${answer.value === null ? 'no records' : formatAnswerValue(answer, { locale })}`;
  const all = [[head, ...versus].join(', '), body.join('; ')].filter((part) => part !== '').join('. ');
  return plainText(`${all}.`, most);
}
