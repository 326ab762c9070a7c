import type { Question } from '../question.ts';

/** The records behind a number, fully resolved: the number's own question, without breakdown or comparison. */
export type RecordsQuestion = { kind: 'records'; kpi: string; question: Question };
