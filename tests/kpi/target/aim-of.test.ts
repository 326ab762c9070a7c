import { describe, expect, test } from 'vitest';
import { type CalendarSettings, currentPeriod } from '../../../kpi/calendar.ts';
import { builtIn } from '../../../kpi/catalogue.ts';
import type { Question } from '../../../kpi/question.ts';
import { aimOf } from '../../../kpi/target/aim-of.ts';
import { isFlow } from '../../../kpi/target/is-flow.ts';

const calendar: CalendarSettings = { timeZone: 'UTC', weekStart: 'monday', fiscalYearStart: 'january' };
const settings = {
  calendar,
  catalogue: builtIn,
  currency: 'USD',
  minorPerUnit: 100,
  sources: [],
  targets: {
    bookings: { amounts: { quarter: 6_600_000 }, by: {} },
    mrr: { amounts: { quarter: 100 }, by: {} },
  },
};
const aim = (kpi: string, value: number) => {
  const question: Question = {
    kpi,
    period: currentPeriod('quarter', { today: '2026-11-13', settings: calendar }),
    comparison: null,
    by: null,
    top: null,
    filters: [],
    asOf: null,
    reading: '',
    repairs: [],
  };
  return aimOf(builtIn.kpiByName.get(kpi)!, question, value, settings, null);
};

describe('an answer’s aim', () => {
  test('of money won is paced by business days', () => {
    const { target, pace } = aim('bookings', 3_200_000);
    expect(target).toBe(6_600_000);
    expect(pace?.running).toMatchObject({ days: 'business', elapsed: 32, total: 66, projected: 6_600_000 });
  });
  test('of a stock has an attainment and no projection', () => {
    const { pace } = aim('mrr', 50);
    expect([pace?.attainment, pace?.running?.projected]).toEqual([50, null]);
  });
  test('of a KPI without a target is paced all the same', () =>
    expect(aim('tickets_created', 44)).toMatchObject({ target: null, pace: { running: { projected: 92 } } }));
});

test.each([
  ['bookings', true],
  ['tickets_created', true],
  ['mrr', false],
  ['open_pipeline', false],
  ['win_rate', false],
  ['churn', false],
])('%s adds up over days: %s', (name, flow) =>
  expect(isFlow(builtIn.kpiByName.get(name)!, builtIn)).toBe(flow),
);
