import type { Question } from '../question.ts';

/** The customers behind a change of recurring revenue, fully resolved: the question whose change is meant. */
export type CustomersQuestion = { kind: 'customers'; kpi: string; question: Question };
