import type { Answer } from '../../kpi/answer.ts';
import { describeChange, formatAnswerValue } from '../../kpi/number.ts';

/** How an answer moved against its comparison. */
export type Movement = {
  answer: Answer;
  /** Distance from the comparison as a share of it: the one scale on which percent points and money can be ranked. */
  relative: number;
  /** False for a count that two equal weeks could differ by: such a change is told, but leads nothing. */
  beyondChance: boolean;
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
    beyondChance: isBeyondChance(answer, value, comparison.value),
    tone: change.tone,
    words: `${change.words} to ${formatAnswerValue(answer)}`,
  };
}

/** Two counts of the same rate differ by √(a + b) as a rule; twice that is more than chance makes likely. */
function isBeyondChance({ unit }: Answer, value: number, before: number): boolean {
  return unit !== 'count' || Math.abs(value - before) >= 2 * Math.sqrt(value + before);
}

/** Largest first; what may be chance comes after what is not. */
export function rankMovements(answers: readonly Answer[]): Movement[] {
  return answers
    .map(movementOf)
    .filter((movement) => movement !== null)
    .sort((a, b) => Number(b.beyondChance) - Number(a.beyondChance) || b.relative - a.relative);
}
