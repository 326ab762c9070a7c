import type { CohortQuestion } from '../../kpi/cohort/cohort-question.ts';
import type { RecordsQuestion } from '../../kpi/drill/records-question.ts';
import type { FunnelQuestion } from '../../kpi/funnel/funnel-question.ts';
import type { Question } from '../../kpi/question.ts';
import type { CustomersQuestion } from '../../kpi/why/customers-question.ts';
import { askedCohorts } from './cohorts.ts';
import { askedCustomers } from './customers.ts';
import { askedRecords } from './drill.ts';
import { askedFunnel } from './funnel.ts';
import type { Grammar } from './table-words.ts';

export type TableRequest = CohortQuestion | FunnelQuestion | CustomersQuestion | RecordsQuestion;

export const isTableRequest = (given: Question | TableRequest): given is TableRequest => 'kind' in given;

/** The table that a text asks for; null when it asks for something else. Throws `ask` with suggestions. */
export function askedTable(text: string, grammar: Grammar): TableRequest | null {
  return (
    askedCohorts(text, grammar) ??
    askedFunnel(text, grammar) ??
    askedCustomers(text, grammar) ??
    askedRecords(text, grammar)
  );
}
