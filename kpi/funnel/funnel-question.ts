import type { Dimension, Filter, Period } from '../question.ts';

/** What one step of a funnel is called, for one and many. */
export type Stage = { one: string; many: string };

/** Stages of a person's life, in order, with the column of `person` that dates each. */
export const personStages = [
  { name: 'lead', at: 'lead_at', one: 'Lead', many: 'Leads' },
  { name: 'mql', at: 'mql_at', one: 'MQL', many: 'MQLs' },
  { name: 'sql', at: 'sql_at', one: 'SQL', many: 'SQLs' },
  { name: 'opportunity', at: 'opportunity_at', one: 'Opportunity', many: 'Opportunities' },
  { name: 'customer', at: 'customer_at', one: 'Customer', many: 'Customers' },
] as const;
export type PersonStage = (typeof personStages)[number];

/** A funnel, fully resolved. */
export type FunnelQuestion = {
  kind: 'funnel';
  /** The KPI whose right to read, sources and dimensions hold for the funnel. */
  kpi: string;
  /** People between two stages of their life, or deals from their first stage to the win: their stages are the records' own. */
  of: { who: 'people'; from: PersonStage['name']; to: PersonStage['name'] } | { who: 'deals' };
  /** Days from the first stage within which the others count. */
  withinDays: number;
  /** Days on which the first stage was entered. */
  period: Period;
  by: Dimension | null;
  filters: readonly Filter[];
  asOf: null;
  reading: string;
  repairs: readonly { from: string; to: string }[];
};

/** The stages that a funnel of people goes through. */
export function stagesBetween(from: PersonStage['name'], to: PersonStage['name']): PersonStage[] {
  const at = (name: PersonStage['name']) => personStages.findIndex((stage) => stage.name === name);
  return personStages.slice(at(from), at(to) + 1);
}
