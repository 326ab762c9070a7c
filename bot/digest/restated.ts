import type { Answer } from '../../kpi/answer.ts';
import { formatAnswerValue } from '../../kpi/number.ts';
import { HeraldError } from '../../platform/errors.ts';
import type { Rights } from '../access/roles.ts';
import type { Answerer } from '../commands/answer-text.ts';
import type { Studies } from './studies.ts';

/** Sums told with a restated number: a rate has two. */
const mostCauses = 2;

/** The digest before this one: for which slot it was asked, and when it was written. */
export type Earlier = { answerer: Answerer; writtenAt: Date };

export type RestatedInput = { earlier: Earlier; answerer: Answerer; rights: Rights; studies: Studies };

/**
 * Numbers of the last digest that have changed since: each question of then, for periods that were over by then,
 * answered as of its writing and as of now. Questions that cannot be answered as of the past are left out.
 */
export async function findRestated(
  texts: readonly string[],
  { earlier, answerer, rights, studies }: RestatedInput,
): Promise<{ text: string }[]> {
  const found: { text: string }[] = [];
  for (const text of texts) {
    const pair = await bothReadings(text, earlier, answerer, rights);
    if (pair === null) continue;
    const [then, now] = pair;
    const [before, after] = [formatAnswerValue(then), formatAnswerValue(now)];
    // What reads the same is the same: a cent in a million is no news.
    if (then.value === null || now.value === null || before === after) continue;
    const causes = await studies.restated(now.question, earlier.writtenAt, new Date(now.at));
    found.push({
      text: [
        `${now.title} of ${now.period.label} is now ${after}; the last digest said ${before}.`,
        ...causes.slice(0, mostCauses).map((cause) => `${cause}.`),
      ].join(' '),
    });
  }
  return found;
}

async function bothReadings(
  text: string,
  { answerer: old, writtenAt }: Earlier,
  answerer: Answerer,
  rights: Rights,
): Promise<[Answer, Answer] | null> {
  try {
    const question = { ...old.parse(text), comparison: null };
    if (!question.period.complete || question.asOf !== null) return null;
    const then = await answerer.answer({ ...question, asOf: writtenAt.toISOString() }, rights);
    return [then, await answerer.answer(question, rights)];
  } catch (thrown) {
    // No data then, a median that has no past, an area out of reach: nothing that could be told.
    if (thrown instanceof HeraldError && (thrown.kind === 'ask' || thrown.kind === 'access')) return null;
    throw thrown;
  }
}
