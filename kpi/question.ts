/**
 * A question, fully resolved: plain data, the same for chat, digest, alert, export, REST and terminal.
 * Days are calendar dates `YYYY-MM-DD` in the company's time zone; every range is half-open [from, to).
 */
export type Day = string;

export type Grain = 'day' | 'week' | 'month' | 'quarter' | 'year';

export type Period = {
  from: Day;
  /** Exclusive. A to-date period ends with today, so `to` is tomorrow. */
  to: Day;
  /** In words, as echoed: "Q3 2026", "November 2026 to date", "1–21 November 2026". */
  label: string;
  /** False while the period is still running at the asker's now. */
  complete: boolean;
  /** The unit that the period is made of, and how many: "last 3 months" is month × 3. */
  unit: Grain;
  count: number;
  /** Whose months, quarters and years: left out, they are the calendar's. */
  kind?: 'fiscal';
};

/** Dimensions that facts can be broken down by and filtered on. The order is the order in help texts. */
export const dimensions = [
  'region',
  'segment',
  'owner',
  'source',
  'plan',
  'product',
  'priority',
  'channel',
] as const;
export type Dimension = (typeof dimensions)[number];

export type Filter = { dimension: Dimension; values: readonly string[] };

export type Comparison = {
  kind: 'previous' | 'last_year' | 'custom';
  period: Period;
};

export type Question = {
  /** Name in the catalogue, snake_case. */
  kpi: string;
  period: Period;
  comparison: Comparison | null;
  by: Dimension | null;
  /** "top 5 reps by bookings": at most n parts, the rest folded into "other". */
  top: { n: number; order: 'top' | 'bottom' } | null;
  filters: readonly Filter[];
  /** "vs target", "are we on track": the answer has to speak of the target, or say that there is none. */
  aim?: true;
  /** ISO instant: answer as Herald knew it then; null is now. */
  asOf: string | null;
  /** The echo: "Churn · Q3 2026 · compared with Q2 2026 · by segment". */
  reading: string;
  /** Typos repaired on the way, also told in the answer. */
  repairs: readonly { from: string; to: string }[];
};
