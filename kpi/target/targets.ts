import type { Dimension } from '../question.ts';

/** Amounts by period: "month", "quarter" (each of them), or one period by name: "2026-Q4", "2026-11", "FY2026". */
export type Amounts = Readonly<Record<string, number>>;

/** What a KPI is to reach, in its unit: in all, and by a value of a dimension. */
export type KpiTargets = {
  amounts: Amounts;
  by: Readonly<Partial<Record<Dimension, Readonly<Record<string, Amounts>>>>>;
};

/** By name of the KPI. */
export type Targets = Readonly<Record<string, KpiTargets>>;
