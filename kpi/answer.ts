import type { Day, Dimension, Grain, Period, Question } from './question.ts';

/**
 * How a value is to be read. Rates are percent numbers (2.1 means 2.1 %), money is in currency units
 * (not cents), durations are in the unit's name.
 */
export type Unit =
  | 'percent'
  | 'money'
  | 'money_per_day'
  | 'count'
  | 'minutes'
  | 'hours'
  | 'days'
  | 'months'
  | 'ratio'
  | 'score';

export type Good = 'up' | 'down' | 'none';

export type Change = {
  label: string;
  period: Period;
  value: number | null;
  /** Percentage points for percent KPIs, per cent of the comparison otherwise; null when either side is null or the base is 0. */
  change: number | null;
  changeUnit: 'pp' | '%';
  /** True when the change goes the KPI's good way; null when there is no change, no direction or no value. */
  good: boolean | null;
};

export type Component = {
  name: string;
  label: string;
  value: number | null;
  comparison: number | null;
  unit: Unit;
};

export type Point = { at: Day; value: number | null; comparison: number | null; complete: boolean };

export type Part = {
  dimension: Dimension;
  name: string;
  value: number | null;
  /** How many records stand behind the value (the denominator for rates). */
  n: number;
  comparison: number | null;
};

export type Freshness = {
  source: string;
  /** As people call it: "Salesforce", "Billing". */
  title: string;
  /** ISO instant up to which everything the source showed is included; null before the first sync. */
  coveredUntil: string | null;
  ageSeconds: number | null;
  stale: boolean;
  /** ISO instant since which the system has not answered; absent while it does. */
  unreachableSince?: string;
  /** Why it is read less often than usual, in words; absent while it is not. */
  slowed?: string;
};

/** Where a value stands against its target and, while the period runs, where it is heading. */
export type Pace = {
  /** Value ÷ target in percent; null without a target above 0. */
  attainment: number | null;
  /** Target less value, in the KPI's unit; null without a target. */
  gap: number | null;
  /** The KPI's good way is on the other side of its target; null without a target or a direction. */
  met: boolean | null;
  /** Null when the period is over. */
  running: {
    /** Which days are counted; today counts as a whole one. Business days are Mondays to Fridays. */
    days: 'business' | 'calendar';
    elapsed: number;
    total: number;
    /** Last day of the period. */
    ends: Day;
    /** Too few days have passed to project. */
    early: boolean;
    /** Value ÷ elapsed × total: linear. Null where values do not add up over time, or too early. */
    projected: number | null;
    /** What each remaining day has to bring to reach the target; null where that means nothing. */
    neededPerDay: number | null;
  } | null;
};

/** An answer: plain data, defined here once, for every channel. `null` means "no records", never 0. */
export type Answer = {
  kpi: string;
  title: string;
  area: string;
  value: number | null;
  /** True when the value is within 1 % of the exact one (a percentile of many records, or of the past): shown with ≈. */
  approximate?: boolean;
  unit: Unit;
  /** ISO 4217: the company's currency, for money values and components. */
  currency: string | null;
  good: Good;
  period: Period;
  comparison: Change | null;
  components: readonly Component[];
  /** `within`: buckets inside the period; `trailing`: whole periods up to and including the asked one. */
  seriesKind: 'within' | 'trailing';
  seriesGrain: Grain;
  series: readonly Point[];
  parts: readonly Part[];
  /** For the whole period, also while it runs. */
  target: number | null;
  pace: Pace | null;
  freshness: readonly Freshness[];
  definition: { version: string; text: string; formula: string; owner: string };
  warnings: readonly string[];
  /** Dense commit-ordered number of the last batch of changes that the value includes. */
  dataVersion: number;
  /** First line of every message: the answer in words, plain text. */
  sentence: string;
  reading: string;
  question: Question;
  /** ISO instant at which the answer was computed. */
  at: string;
};
