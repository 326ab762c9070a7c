import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addDays,
  addMonths,
  type CalendarSettings,
  ceil,
  currentPeriod,
  daysBetween,
  floor,
  instantOf,
  isComplete,
  isDay,
  lastPeriod,
  lastYear,
  offset,
  periodOf,
  previousPeriod,
  range,
  today,
  weekdayOf,
  weekOf,
  weekStartOf,
} from '../../kpi/calendar.ts';
import type { Grain, Period } from '../../kpi/question.ts';

const plain: CalendarSettings = { timeZone: 'UTC', weekStart: 'monday', fiscalYearStart: 'january' };
const kiwi: CalendarSettings = {
  timeZone: 'Pacific/Auckland',
  weekStart: 'sunday',
  fiscalYearStart: 'february',
};
const at = (today: string, settings = plain) => ({ today, settings });
const span = (period: Period) => [period.from, period.to, period.label];

const days = fc.integer({ min: -20_000, max: 40_000 }).map((n) => addDays('2000-01-01', n));
const grains = fc.constantFrom<Grain>('day', 'week', 'month', 'quarter', 'year');
const calendars = fc.record<CalendarSettings>({
  timeZone: fc.constantFrom('UTC', 'Pacific/Auckland', 'America/New_York', 'America/Sao_Paulo'),
  weekStart: fc.constantFrom('monday', 'sunday', 'saturday'),
  fiscalYearStart: fc.constantFrom('january', 'february', 'april', 'july', 'october'),
});
const kinds = fc.constantFrom('calendar' as const, 'fiscal' as const);

describe('days', () => {
  test('agree with the platform calendar over a hundred and sixty years', () => {
    for (let n = -25_000; n < 33_000; n += 1) {
      expect(addDays('1970-01-01', n)).toBe(new Date(n * 86_400_000).toISOString().slice(0, 10));
    }
  });
  test('know leap days', () => {
    expect(isDay('2024-02-29')).toBe(true);
    expect(isDay('2026-02-29')).toBe(false);
    expect(isDay('2100-02-29')).toBe(false);
    expect(addMonths('2024-02-29', 12)).toBe('2025-02-28');
    expect(addMonths('2026-01-31', 1)).toBe('2026-02-28');
  });
  test('know their weekday', () => expect(weekdayOf('2026-11-22')).toBe(0));
  test('a day and back is the same day', () => {
    fc.assert(fc.property(days, fc.nat(5000), (day, n) => daysBetween(day, addDays(day, n)) === n));
  });
});

describe('grains', () => {
  test('floor is idempotent and holds the day', () => {
    fc.assert(
      fc.property(days, grains, calendars, kinds, (day, grain, settings, kind) => {
        const start = floor(day, grain, settings, kind);
        expect(floor(start, grain, settings, kind)).toBe(start);
        expect(start <= day && day < offset(start, grain, 1)).toBe(true);
      }),
    );
  });
  test('offset of a start is a start, and comes back', () => {
    fc.assert(
      fc.property(
        days,
        grains,
        calendars,
        kinds,
        fc.integer({ min: -40, max: 40 }),
        (day, grain, settings, kind, n) => {
          const start = floor(day, grain, settings, kind);
          const moved = offset(start, grain, n);
          expect(floor(moved, grain, settings, kind)).toBe(moved);
          expect(offset(moved, grain, -n)).toBe(start);
        },
      ),
    );
  });
  test('ceil is the first start that is not before', () => {
    expect(ceil('2026-11-22', 'week', plain)).toBe('2026-11-23');
    expect(ceil('2026-11-01', 'month', plain)).toBe('2026-11-01');
  });
  test('range gives every bucket that touches', () => {
    expect(range('2026-10-15', '2026-12-01', 'month', plain)).toEqual(['2026-10-01', '2026-11-01']);
    expect(range('2026-11-22', '2026-11-22', 'day', plain)).toEqual([]);
  });
  test('weeks from Monday are ISO weeks', () => {
    expect(weekOf('2027-01-03', plain)).toEqual({ year: 2026, week: 53 });
    expect(weekOf('2024-12-30', plain)).toEqual({ year: 2025, week: 1 });
    expect(weekStartOf(2026, 45, plain)).toBe('2026-11-02');
  });
  test('weeks from Sunday count from the one with 1 January', () => {
    expect(weekOf('2026-12-27', kiwi)).toEqual({ year: 2027, week: 1 });
    expect(weekOf('2026-01-03', kiwi)).toEqual({ year: 2026, week: 1 });
  });
  test('every numbered week starts where its number says', () => {
    fc.assert(
      fc.property(days, calendars, (day, settings) => {
        const { year, week } = weekOf(day, settings);
        expect(weekStartOf(year, week, settings)).toBe(floor(day, 'week', settings));
      }),
    );
  });
});

describe('time zones', () => {
  test('today is the company’s', () => {
    expect(today(new Date('2026-11-22T10:00:00Z'), kiwi)).toBe('2026-11-22');
    expect(today(new Date('2026-11-22T11:00:00Z'), kiwi)).toBe('2026-11-23');
    expect(today(new Date('2026-11-22T11:00:00Z'), plain)).toBe('2026-11-22');
  });
  test.each([
    ['spring forward', '2026-03-29', 'Europe/London', '2026-03-29T00:00:00.000Z'],
    ['the day after', '2026-03-30', 'Europe/London', '2026-03-29T23:00:00.000Z'],
    ['fall back', '2026-10-25', 'Europe/London', '2026-10-24T23:00:00.000Z'],
    ['the day after that', '2026-10-26', 'Europe/London', '2026-10-26T00:00:00.000Z'],
    ['Auckland in summer', '2026-11-22', 'Pacific/Auckland', '2026-11-21T11:00:00.000Z'],
    ['Auckland on the change', '2026-09-27', 'Pacific/Auckland', '2026-09-26T12:00:00.000Z'],
    ['no midnight that day', '2018-11-04', 'America/Sao_Paulo', '2018-11-04T03:00:00.000Z'],
    ['back over midnight', '2018-02-18', 'America/Sao_Paulo', '2018-02-18T03:00:00.000Z'],
    ['two midnights', '2026-11-01', 'America/Havana', '2026-11-01T04:00:00.000Z'],
    ['half an hour', '2026-10-04', 'Australia/Lord_Howe', '2026-10-03T13:30:00.000Z'],
    ['a day that never was', '2011-12-30', 'Pacific/Apia', '2011-12-30T10:00:00.000Z'],
  ])('a day starts at the right instant: %s', (_, day, zone, instant) => {
    expect(instantOf(day, zone).toISOString()).toBe(instant);
  });
  test('the first instant of a day is in that day and the one before is not', () => {
    const recent = fc.integer({ min: 0, max: 9000 }).map((n) => addDays('2010-01-01', n));
    const zones = fc.constantFrom(
      'Pacific/Auckland',
      'America/New_York',
      'Africa/Cairo',
      'America/Havana',
      'Asia/Beirut',
    );
    fc.assert(
      fc.property(recent, zones, (day, timeZone) => {
        const start = instantOf(day, timeZone);
        expect(today(start, { ...plain, timeZone })).toBe(day);
        expect(today(new Date(start.getTime() - 1000), { ...plain, timeZone })).toBe(addDays(day, -1));
      }),
    );
  });
});

describe('periods', () => {
  test('a running one ends with today', () => {
    const month = currentPeriod('month', at('2026-11-22'));
    expect(month).toEqual({
      from: '2026-11-01',
      to: '2026-11-23',
      label: 'November 2026 to date',
      complete: false,
      unit: 'month',
      count: 1,
    });
    expect(isComplete(month, '2026-11-22')).toBe(false);
    expect(isComplete(month, '2026-11-23')).toBe(true);
  });
  test.each<[string, Period, string]>([
    ['last quarter', lastPeriod('quarter', 1, at('2026-11-22')), 'Q3 2026'],
    ['last thirty days', lastPeriod('day', 30, at('2026-11-22')), '23 Oct – 21 Nov 2026'],
    ['trailing year', lastPeriod('month', 12, at('2026-11-22')), 'November 2025 – October 2026'],
    ['last week', lastPeriod('week', 1, at('2026-11-22')), 'week 46 (9–15 Nov 2026)'],
    ['week over new year', lastPeriod('week', 1, at('2027-01-04')), 'week 53 (28 Dec 2026 – 3 Jan 2027)'],
    ['two quarters', periodOf('2026-01-01', 'quarter', 2, at('2026-11-22')), 'H1 2026'],
    ['four quarters', lastPeriod('quarter', 4, at('2026-11-22')), 'Q4 2025 – Q3 2026'],
    ['fiscal quarter', lastPeriod('quarter', 1, at('2026-11-22', kiwi), 'fiscal'), 'FY2027 Q3'],
    ['fiscal year', currentPeriod('year', at('2026-11-22', kiwi), 'fiscal'), 'FY2027 to date'],
    ['today', currentPeriod('day', at('2026-11-22')), '22 November 2026 to date'],
  ])('are named: %s', (_, period, label) => expect(period.label).toBe(label));
});

describe('comparisons', () => {
  test.each<[string, Period, [string, string, string]]>([
    ['whole quarter', lastPeriod('quarter', 1, at('2026-11-22')), ['2026-04-01', '2026-07-01', 'Q2 2026']],
    [
      'month to date',
      currentPeriod('month', at('2026-11-22')),
      ['2026-10-01', '2026-10-23', '1–22 Oct 2026'],
    ],
    [
      'longer than the month before',
      currentPeriod('month', at('2026-03-31')),
      ['2026-02-01', '2026-03-01', 'February 2026'],
    ],
    [
      'year to date',
      currentPeriod('year', at('2026-11-22')),
      ['2025-01-01', '2025-11-23', '1 Jan – 22 Nov 2025'],
    ],
    [
      'leap day to date',
      currentPeriod('year', at('2024-02-29')),
      ['2023-01-01', '2023-03-01', '1 Jan – 28 Feb 2023'],
    ],
    ['today', currentPeriod('day', at('2026-11-22')), ['2026-11-21', '2026-11-22', '21 November 2026']],
    [
      'quarter to date',
      currentPeriod('quarter', at('2026-11-22')),
      ['2026-07-01', '2026-08-23', '1 Jul – 22 Aug 2026'],
    ],
    [
      'fiscal quarter',
      lastPeriod('quarter', 1, at('2026-11-22', kiwi), 'fiscal'),
      ['2026-05-01', '2026-08-01', 'FY2027 Q2'],
    ],
  ])('with the period before: %s', (_, period, expected) => {
    expect(span(previousPeriod(period, period.label.startsWith('FY') ? kiwi : plain))).toEqual(expected);
  });
  test.each<[string, Period, [string, string, string]]>([
    ['quarter', lastPeriod('quarter', 1, at('2026-11-22')), ['2025-07-01', '2025-10-01', 'Q3 2025']],
    [
      'month to date',
      currentPeriod('month', at('2026-11-22')),
      ['2025-11-01', '2025-11-23', '1–22 Nov 2025'],
    ],
    [
      'February of a leap year',
      lastPeriod('month', 1, at('2024-03-10')),
      ['2023-02-01', '2023-03-01', 'February 2023'],
    ],
    [
      '28 February to date',
      currentPeriod('month', at('2025-02-28')),
      ['2024-02-01', '2024-02-29', '1–28 Feb 2024'],
    ],
    ['leap day', currentPeriod('day', at('2024-02-29')), ['2023-02-28', '2023-03-01', '28 February 2023']],
    [
      'week',
      lastPeriod('week', 1, at('2026-11-22')),
      ['2025-11-10', '2025-11-17', 'week 46 (10–16 Nov 2025)'],
    ],
  ])('with a year earlier: %s', (_, period, expected) => {
    expect(span(lastYear(period, plain))).toEqual(expected);
  });
  test('the period before a complete one ends where it starts and is as many units', () => {
    fc.assert(
      fc.property(
        days,
        grains,
        calendars,
        kinds,
        fc.integer({ min: 1, max: 14 }),
        (day, unit, settings, kind, n) => {
          const period = lastPeriod(unit, n, { today: day, settings }, kind);
          const before = previousPeriod(period, settings);
          expect(before.to).toBe(period.from);
          expect(offset(before.from, unit, n)).toBe(before.to);
        },
      ),
    );
  });
  test('the period before a running one is not empty, not longer, and over', () => {
    fc.assert(
      fc.property(days, grains, calendars, kinds, (day, unit, settings, kind) => {
        const period = currentPeriod(unit, { today: day, settings }, kind);
        const before = previousPeriod(period, settings);
        expect(before.from < before.to && before.to <= period.from && before.complete).toBe(true);
        expect(daysBetween(before.from, before.to)).toBeLessThanOrEqual(
          daysBetween(period.from, period.to) + 1,
        );
        expect(lastYear(period, settings).from < lastYear(period, settings).to).toBe(true);
      }),
    );
  });
});
