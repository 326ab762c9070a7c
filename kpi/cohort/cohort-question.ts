import type { Filter, Period } from '../question.ts';

/** A cohort retention table, fully resolved. */
export type CohortQuestion = {
  kind: 'cohorts';
  /** The KPI whose right to read, sources and dimensions hold for the table. */
  kpi: string;
  /** What is kept: the customers, or the MRR they began with. */
  of: 'customers' | 'revenue';
  /** Size of a cohort, by the first paid day; its ages are counted in the same unit. */
  grain: 'month' | 'quarter';
  /** First paid days that the cohorts cover. */
  period: Period;
  /** Where the customers stood on their first paid day. */
  filters: readonly Filter[];
  asOf: string | null;
  reading: string;
  repairs: readonly { from: string; to: string }[];
};
