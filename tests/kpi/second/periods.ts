/** Twelve periods around an anchor day of 4 November 2026: both clock changes, a year's end, a running one, none. */
import type { Period } from '../../../kpi/question.ts';

const period = (from: string, to: string, unit: Period['unit'], complete = true): Period => ({
  from,
  to,
  label: `${from}–${to}`,
  complete,
  unit,
  count: 1,
});

export const periods: readonly Period[] = [
  period('2026-10-01', '2026-11-01', 'month'),
  period('2026-03-01', '2026-04-01', 'month'),
  period('2025-11-01', '2025-12-01', 'month'),
  period('2026-07-01', '2026-10-01', 'quarter'),
  period('2025-10-01', '2026-01-01', 'quarter'),
  period('2025-01-01', '2026-01-01', 'year'),
  period('2026-10-26', '2026-11-02', 'week'),
  period('2026-11-03', '2026-11-04', 'day'),
  period('2026-11-01', '2026-11-06', 'month', false),
  // The company's first weeks: many measures have no record yet.
  period('2024-05-01', '2024-06-01', 'month'),
  // A Sunday.
  period('2026-06-14', '2026-06-15', 'day'),
  // Before the company.
  period('2023-01-01', '2023-02-01', 'month'),
];

/** After another five days in which the company lived: what is running, what has just ended, what may be restated. */
export const laterPeriods: readonly Period[] = [
  period('2026-11-01', '2026-11-12', 'month', false),
  period('2026-11-02', '2026-11-09', 'week'),
  period('2026-11-07', '2026-11-08', 'day'),
  period('2026-10-01', '2026-11-12', 'quarter', false),
  period('2026-07-01', '2026-10-01', 'quarter'),
  period('2026-01-01', '2026-11-12', 'year', false),
];
