/** "records behind churn last quarter", "show the deals behind win rate in EMEA", and the button Records. */
import type { RecordsQuestion } from '../../kpi/drill/records-question.ts';
import type { Question } from '../../kpi/question.ts';
import { HeraldError } from '../../platform/errors.ts';
import { readingOf } from '../language/reading.ts';
import { type Grammar, tidy } from './table-words.ts';

const nouns =
  'records?|rows?|deals?|opportunit(?:y|ies)|customers?|accounts?|companies|subscriptions?|invoices?|payments?|tickets?|conversations?|people|persons?|contacts?|leads?|items?|details?';
const behind = new RegExp(
  String.raw`^\s*(?:(?:please|can you|could you)\s+)?(?:(?:show|list|give|get|find|display|see|which|what)\s+)?(?:me\s+|us\s+)?(?:all\s+)?(?:the\s+|our\s+)?(?:largest\s+|biggest\s+)?(?:${nouns})\s+(?:(?:are|were|is|stand)\s+)?(?:behind|that make up|making up|underlying)\s+(?:the\s+)?`,
  'i',
);
const drill = /^\s*drill(?:\s*|-)(?:down)?\s+(?:in\s*to\s+|on\s+|to\s+)?/i;

/** The records that a text asks for; null when it asks for something else. */
export function askedRecords(text: string, grammar: Grammar): RecordsQuestion | null {
  const lead = [behind, drill].find((pattern) => pattern.test(text));
  if (!lead) return null;
  const question = grammar.parse(tidy(text.replace(lead, '')));
  if (question.by !== null || question.top !== null) {
    const whole = question.reading.split(' · ')[0]!.toLowerCase();
    throw new HeraldError(
      'ask',
      'Records are shown of one number. Narrow it with a filter instead of a breakdown.',
      {
        suggestions: [`records behind ${whole} last quarter`],
      },
    );
  }
  return recordsOf(question, grammar);
}

/** The records behind an answer: of the number itself, whatever it was compared with or split by. */
export function recordsOf(asked: Question, { catalogue }: Pick<Grammar, 'catalogue'>): RecordsQuestion {
  const { aim: _aim, ...bare } = asked;
  const question = { ...bare, comparison: null, by: null, top: null };
  const kpi = catalogue.kpiByName.get(question.kpi);
  if (!kpi) throw new HeraldError('ask', `There is no KPI "${question.kpi}" any more.`);
  const reading = readingOf(question, kpi, question.asOf?.slice(0, 10) ?? null);
  return { kind: 'records', kpi: kpi.name, question: { ...question, reading } };
}
