/** "customers behind the change in NRR last quarter", "which customers moved MRR": what each of them adds. */
import type { CustomersQuestion } from '../../kpi/why/customers-question.ts';
import { HeraldError } from '../../platform/errors.ts';
import { type Grammar, tidy } from './table-words.ts';

const who = '(?:customers?|accounts?|companies)';
const moves = '(?:changes?|move(?:ment)?s?|rise|fall|drop|increase|decrease|decline|growth)';
const lead = String.raw`^\s*(?:(?:please|can you|could you)\s+)?(?:(?:show|list|give|find|which|what)\s+)?(?:me\s+|us\s+)?(?:all\s+)?(?:the\s+|our\s+)?(?:top\s+|largest\s+|biggest\s+)?`;
const patterns = [
  new RegExp(
    String.raw`${lead}${who}\s+(?:(?:are|were|is)\s+)?behind\s+(?:the\s+)?${moves}\s+(?:in|of)\s+(?:the\s+)?`,
    'i',
  ),
  new RegExp(
    String.raw`${lead}${who}\s+(?:that\s+|who\s+)?(?:have\s+)?(?:moved|drove|changed)\s+(?:the\s+)?`,
    'i',
  ),
  new RegExp(String.raw`${lead}movers\s+(?:in|of|behind)\s+(?:the\s+)?`, 'i'),
];

/** The customers that a text asks for; null when it asks for something else. Throws `ask` with suggestions. */
export function askedCustomers(text: string, { parse }: Grammar): CustomersQuestion | null {
  const pattern = patterns.find((one) => one.test(text));
  if (!pattern) return null;
  const question = parse(tidy(text.replace(pattern, '')));
  if (question.by !== null || question.top !== null || question.comparison === null)
    throw new HeraldError(
      'ask',
      'Customers are shown behind one change: of two periods, without a breakdown. Narrow it with a filter instead.',
      { suggestions: ['customers behind the change in NRR last quarter'] },
    );
  return { kind: 'customers', kpi: question.kpi, question };
}
