import { describe, expect, test } from 'vitest';
import { type CalendarSettings, currentPeriod, lastPeriod, periodOf } from '../../../kpi/calendar.ts';
import type { Filter, Period } from '../../../kpi/question.ts';
import { findTarget } from '../../../kpi/target/find-target.ts';
import { isTargetKey, periodOfKey } from '../../../kpi/target/period-of-key.ts';
import type { Targets } from '../../../kpi/target/targets.ts';

const settings: CalendarSettings = { timeZone: 'UTC', weekStart: 'monday', fiscalYearStart: 'february' };
const at = { today: '2026-11-22', settings };
const targets: Targets = {
  bookings: {
    amounts: {
      quarter: 5_000_000,
      '2026-Q4': 6_000_000,
      month: 1_500_000,
      '2026-12': 2_000_000,
      FY2026: 19_000_000,
    },
    by: { region: { EMEA: { quarter: 2_000_000 }, APAC: { quarter: 1_000_000 } } },
  },
  churn: { amounts: { quarter: 3 }, by: {} },
};
const find = (period: Period, { kpi = 'bookings', filters = [] as Filter[], flow = true } = {}) =>
  findTarget(targets, { kpi, period, filters }, flow, settings);

describe('the target of a period', () => {
  test('is that of each of its unit', () => expect(find(lastPeriod('quarter', 1, at))).toBe(5_000_000));
  test('is its own where it is named', () => expect(find(currentPeriod('quarter', at))).toBe(6_000_000));
  test('is that of the whole period while it runs', () =>
    expect(find(currentPeriod('month', at))).toBe(1_500_000));
  test('is the sum of its parts', () =>
    expect(find(periodOf('2026-01-01', 'quarter', 2, at))).toBe(10_000_000));
  test('is the sum with named parts among them', () =>
    expect(find(periodOf('2026-01-01', 'year', 1, at))).toBe(21_000_000));
  test('of a fiscal year is found by its name', () =>
    expect(find(lastPeriod('year', 1, at, 'fiscal'))).toBe(19_000_000));
  test('of some days in a month is unknown: a target is not divided', () =>
    expect(find(lastPeriod('day', 10, at))).toBeNull());
  test('of a rate is not added up', () => {
    expect(find(lastPeriod('quarter', 1, at), { kpi: 'churn', flow: false })).toBe(3);
    expect(find(lastPeriod('quarter', 2, at), { kpi: 'churn', flow: false })).toBeNull();
  });
  test('of a KPI without one is null', () =>
    expect(find(lastPeriod('quarter', 1, at), { kpi: 'mrr' })).toBeNull());
});

describe('the target under a filter', () => {
  const quarter = lastPeriod('quarter', 1, at);
  const region = (...values: string[]): Filter[] => [{ dimension: 'region', values }];
  test('is that of the value', () => expect(find(quarter, { filters: region('emea') })).toBe(2_000_000));
  test('of two values is their sum', () =>
    expect(find(quarter, { filters: region('EMEA', 'APAC') })).toBe(3_000_000));
  test('of a value without one is null, not the company’s', () =>
    expect(find(quarter, { filters: region('AMER') })).toBeNull());
  test('of two dimensions is null', () =>
    expect(
      find(quarter, { filters: [...region('EMEA'), { dimension: 'segment', values: ['SMB'] }] }),
    ).toBeNull());
});

describe('the names of periods in the configuration', () => {
  test.each([
    ['2026', '2026-01-01', '2027-01-01'],
    ['2026-Q4', '2026-10-01', '2027-01-01'],
    ['2026-H1', '2026-01-01', '2026-07-01'],
    ['2026-02', '2026-02-01', '2026-03-01'],
    ['FY2027', '2026-02-01', '2027-02-01'],
    ['FY2027-Q4', '2026-11-01', '2027-02-01'],
    ['2026-11-22', '2026-11-22', '2026-11-23'],
  ])('%s', (key, from, to) => expect(periodOfKey(key, settings)).toEqual({ from, to }));
  test.each(['2026-Q5', '2026-13', 'quarterly', 'Q4', '2026-02-30', 'by'])('%s is none', (key) =>
    expect(isTargetKey(key)).toBe(false),
  );
});
