import type { Answer } from '../../kpi/answer.ts';
import { describeChange, formatAnswerValue, formatValue } from '../../kpi/number.ts';
import { course } from '../charts/course.ts';
import { plainText } from '../plain-text.ts';
import { sparkline } from './sparkline.ts';

/** A KPI in four short lines of plain text: what every digest says about it. */
export type Tile = {
  title: string;
  value: string;
  /** "▼ 0.4 pp, better than Q2 2026"; empty without a comparison. */
  change: string;
  tone: 'good' | 'bad' | 'neutral';
  spark: string;
  /** "target 2.0 %" */
  target: string;
};

const than = { good: 'better than', bad: 'worse than', neutral: 'vs' } as const;

export function tile(answer: Answer, locale = 'en-US'): Tile {
  const { comparison } = answer;
  const change =
    comparison === null || comparison.change === null ? null : describeChange(comparison, locale);
  const moved =
    change === null ? '' : change.arrow === '' ? change.words : `${change.arrow} ${change.amount}`;
  return {
    title: plainText(answer.title, 80),
    value: formatAnswerValue(answer, { locale }),
    change: change === null ? '' : `${moved}, ${than[change.tone]} ${plainText(comparison!.label, 40)}`,
    tone: change?.tone ?? 'neutral',
    spark: sparkline(course(answer).values, 14),
    target:
      answer.target === null
        ? ''
        : `target ${formatValue(answer.target, answer.unit, { currency: answer.currency, locale })}`,
  };
}
