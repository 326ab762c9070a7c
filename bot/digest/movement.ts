import type { Answer } from '../../kpi/answer.ts';
import { describeChange, formatAnswerValue } from '../../kpi/number.ts';

/** How an answer moved against its comparison. */
export type Movement = {
  answer: Answer;
  /** Distance from the comparison as a share of it: the one scale on which percent points and money can be ranked. */
  relative: number;
  tone: 'good' | 'bad' | 'neutral';
  /** "up 24.0 % to $1.24 M" */
  words: string;
};

/** Null without a comparison, and for what rounds to no change. */
export function movementOf(answer: Answer): Movement | null {
  const { value, comparison } = answer;
  if (value === null || comparison === null || comparison.value === null || comparison.value === 0)
    return null;
  const change = describeChange(comparison);
  if (change.arrow === '') return null;
  return {
    answer,
    relative: Math.abs(value - comparison.value) / Math.abs(comparison.value),
    tone: change.tone,
    words: `${change.words} to ${formatAnswerValue(answer)}`,
  };
}

/** Largest first. */
export function rankMovements(answers: readonly Answer[]): Movement[] {
  return answers
    .map(movementOf)
    .filter((movement) => movement !== null)
    .sort((a, b) => b.relative - a.relative);
}
