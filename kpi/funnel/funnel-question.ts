import type { Dimension, Filter, Period } from '../question.ts';

/** Stages of a person's life, in order; the column of `person` that dates each, and its name for one and many. */
export const stages = [
  { name: 'lead', at: 'lead_at', one: 'Lead', many: 'Leads' },
  { name: 'mql', at: 'mql_at', one: 'MQL', many: 'MQLs' },
  { name: 'sql', at: 'sql_at', one: 'SQL', many: 'SQLs' },
  { name: 'opportunity', at: 'opportunity_at', one: 'Opportunity', many: 'Opportunities' },
  { name: 'customer', at: 'customer_at', one: 'Customer', many: 'Customers' },
] as const;
export type Stage = (typeof stages)[number];

/** A funnel, fully resolved. */
export type FunnelQuestion = {
  kind: 'funnel';
  /** The KPI whose right to read, sources and dimensions hold for the funnel. */
  kpi: string;
  from: Stage['name'];
  to: Stage['name'];
  /** Days from the first stage within which the others count. */
  withinDays: number;
  /** Days on which people entered the first stage. */
  period: Period;
  by: Dimension | null;
  filters: readonly Filter[];
  asOf: null;
  reading: string;
  repairs: readonly { from: string; to: string }[];
};

/** The stages that a funnel goes through. */
export function stagesOf({ from, to }: Pick<FunnelQuestion, 'from' | 'to'>): Stage[] {
  const at = (name: Stage['name']) => stages.findIndex((stage) => stage.name === name);
  return stages.slice(at(from), at(to) + 1);
}
