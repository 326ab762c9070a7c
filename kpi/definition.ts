import type { Good, Unit } from './answer.ts';
import type { AttributionModel } from './attribution/attribute.ts';
import type { Dimension, Grain } from './question.ts';

/** Unified fact tables that measures and percentiles read. */
export type FactTable =
  | 'account'
  | 'person'
  | 'deal'
  | 'deal_stage'
  | 'campaign'
  | 'touch'
  | 'spend'
  | 'email_send'
  | 'ticket'
  | 'ticket_event'
  | 'conversation'
  | 'activity'
  | 'subscription'
  | 'invoice'
  | 'payment'
  | 'quota'
  | 'forecast'
  | 'survey';

/**
 * A measure is additive: a sum and a count of a fact at a date, kept by day and dimensions.
 * The SQL fragments are written in this repository over columns of the fact table, aliased `f`;
 * nothing a person types ever becomes SQL. `tz(x)` in a fragment means "the company-calendar date of instant x".
 */
export type Measure = {
  name: string;
  label: string;
  table: FactTable;
  /** Date the fact is counted on; null leaves the fact out. */
  day: string;
  /** Stocks: the date on which the fact stops counting; null while it still counts. */
  ends?: string;
  /** Integer added to the sum (money in minor units, durations in seconds). Default: 1. */
  value?: string;
  /** Condition; a fact for which it is not true is left out. Default: all. */
  when?: string;
  /** Distributions: the number whose log-bucket the fact is counted in (kpi/rollup/distribution.ts). */
  size?: string;
  unit: 'count' | 'money' | 'seconds';
  /** `stock`: the rows are signed events and a value is their running total before an instant. */
  kind: 'flow' | 'stock';
  dimensions: readonly Dimension[];
};

/** The five ways in which recurring revenue moves; together they are the whole change (ChartMogul help 203299912). */
export const mrrMovements = [
  'new_mrr',
  'expansion_mrr',
  'contraction_mrr',
  'churned_mrr',
  'reactivation_mrr',
] as const;
export type MrrMovement = (typeof mrrMovements)[number];

/** Figures read from customers' recurring revenue between two instants (kpi/span/). */
export type SpanFigure =
  | 'logo_churn'
  | 'revenue_churn'
  | 'nrr'
  | 'grr'
  | 'new_customers'
  | 'net_new_mrr'
  | 'active_customers'
  | MrrMovement;

/** Figures read from the histories of deals (kpi/stages/). */
export type StageFigure = 'stage_conversion' | 'time_in_stage' | 'slip_rate';

/** Figures of records taken together with those of another table (kpi/linked/). */
export type LinkedFigure = 'speed_to_lead' | 'lead_response' | 'influenced_pipeline';

/** Where a KPI's value comes from. */
export type Formula =
  /** Arithmetic over measures: `100 * deals_won / (deals_won + deals_lost)`. `x@start`, `x@end` read a stock at the period's edges. */
  | { kind: 'arithmetic'; text: string }
  /** Read from customers' subscription spans: not a sum of months. */
  | { kind: 'span'; of: SpanFigure }
  /** Exact percentile over one fact's value. */
  | {
      kind: 'percentile';
      table: FactTable;
      day: string;
      value: string;
      when?: string;
      p: number;
      dimensions: readonly Dimension[];
    }
  /** Won value credited to marketing sources, along the responses before each deal's close (kpi/attribution/). */
  | { kind: 'attribution'; model: AttributionModel }
  /** What a customer is worth over a horizon: by survival where there are contracts, by purchases where there are none (kpi/lifetime/). */
  | {
      kind: 'lifetime';
      of: 'customers' | 'buyers';
      /** KPIs it is made of: what a customer pays a month, and the gross margin in percent. */
      pays: string;
      margin: string;
    }
  /** Read from deals' ways through their stages. */
  | { kind: 'stages'; of: StageFigure }
  /** Read from leads and deals together with what was done for them. */
  | { kind: 'linked'; of: LinkedFigure }
  /** How many different values a column holds: adds up over nothing. */
  | {
      kind: 'distinct';
      table: FactTable;
      day: string;
      value: string;
      when?: string;
      dimensions: readonly Dimension[];
    };

/** Days after which a record of a cohort has become what it becomes: fixed, or so many times a percentile of durations. */
export type Maturity = { days: number } | { times: number; kpi: string; p: number; because: string };

export type KpiDefinition = {
  name: string;
  title: string;
  area: 'sales' | 'marketing' | 'success' | 'support' | 'operations' | 'finance';
  /** Words people type for it, lower case. The name with spaces is understood anyway. */
  synonyms: readonly string[];
  unit: Unit;
  good: Good;
  formula: Formula;
  /** One sentence a board member understands, including what is left out. */
  text: string;
  owner: string;
  version: string;
  /** Source of the formula: paper, standard or vendor page. */
  reference: string;
  /** Second sentence of an answer, from its components: "{lost} of {start} customers left". */
  detail?: string;
  /** From which value on it is commonly called enough, and what is said of one that is, and of one that is not. */
  enough?: { from: number; reached: string; short: string };
  /** What having no figure means, for the first whose formula over the components is 0 or above; one without it is the last. */
  absent?: readonly { when?: string; text: string }[];
  /** A cohort that still ripens: what is younger is not complete, and the answer says so. */
  matures?: Maturity;
  /** Looks ahead: a running period is read to its end, and compared with an earlier one only when that is asked. */
  outlook?: true;
  /** Systems whose freshness decides the answer's. */
  sources: readonly string[];
  /** Finest grain at which a point of the series still means something. */
  finestGrain: Grain;
  dimensions: readonly Dimension[];
  /** Fewer records than this and the answer warns "small sample". Default 30 for rates, 10 for percentiles, 0 otherwise. */
  smallSample?: number;
};
