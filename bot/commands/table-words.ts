/** What the questions that ask for a table have in common: they borrow a KPI's grammar for all but their own words. */
import type { KpiDefinition } from '../../kpi/definition.ts';
import type { Question } from '../../kpi/question.ts';
import { HeraldError } from '../../platform/errors.ts';
import type { Answerer } from './answer-text.ts';

/** What a question is read with. */
export type Grammar = Pick<Answerer, 'catalogue' | 'parse'>;

/** The KPI whose dimensions and periods hold, said so that the grammar knows it, and the period when none is named. */
export type Borrowed = { said: string; period: string };

/** A KPI that has the word in its name means itself: "funnel conversion" is a number, not a funnel. */
export function isNamed(word: string, text: string, kpis: readonly KpiDefinition[]): boolean {
  const asked = text.toLowerCase();
  return kpis.some(({ name, synonyms }) =>
    [name.replaceAll('_', ' '), ...synonyms].some((known) => known.includes(word) && asked.includes(known)),
  );
}

/**
 * Period, filters, breakdown and as-of of the words that are left. What is not understood is refused with those of
 * `tries` that the caller understands.
 */
export function borrow(rest: string, { said, period }: Borrowed, { parse }: Grammar): Question {
  try {
    return parse(`${said} ${period} ${rest}`);
  } catch (thrown) {
    if (!(thrown instanceof HeraldError) || thrown.kind !== 'ask') throw thrown;
    // Two periods: the words name one themselves. Anything else is refused once more, without ours among the words.
    return parse(`${said} ${rest}`);
  }
}

/** A table has neither: "vs last year", "top 5", "on track" would have to be dropped in silence. */
export function refuseExtras(question: Question, rest: string, tries: readonly string[]): void {
  const compared = question.comparison?.kind !== 'previous' || /\b(?:vs|versus|compared?)\b/i.test(rest);
  if (!compared && question.top === null && question.aim === undefined) return;
  throw new HeraldError(
    'ask',
    'That table stands by itself: it cannot be compared, ranked or held against a target. Ask for two tables, or narrow it with a filter.',
    { suggestions: tries },
  );
}

/** The words that are left, one blank between them. */
export const tidy = (text: string): string =>
  text
    .replace(/\?+\s*$/, '')
    .replace(/\s+/g, ' ')
    .trim();

/** "as known on 15 October 2026", out of a question's echo. */
export const asKnown = ({ reading }: Question): string[] =>
  reading.split(' · ').filter((part) => part.startsWith('as known on '));

/** A refusal of the borrowed grammar, with suggestions that are tables too. */
export function reworded(thrown: unknown, tries: readonly string[]): unknown {
  if (!(thrown instanceof HeraldError) || thrown.kind !== 'ask') return thrown;
  return new HeraldError('ask', thrown.message, { suggestions: tries, cause: thrown });
}
