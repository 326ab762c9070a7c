import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addDays,
  type CalendarSettings,
  currentPeriod,
  daysBetween,
  fiscalYear,
  fiscalYearStart,
  floor,
  lastPeriod,
  lastYear,
  monthOf,
  months,
  offset,
  previousPeriod,
  quarterOf,
  range,
  weekdays,
  weekPatterns,
} from '../../../kpi/calendar.ts';
import type { Grain } from '../../../kpi/question.ts';

/** The calendar of the National Retail Federation: 4-5-4, years end on the Saturday nearest to 31 January. */
const retail: CalendarSettings = {
  timeZone: 'America/New_York',
  weekStart: 'sunday',
  fiscalYearStart: 'january',
  fiscalCalendar: { pattern: '4-5-4', yearEnds: { weekday: 'saturday', month: 'january', rule: 'nearest' } },
  fiscalYearNamedBy: 'start',
};
const fiscal = (grain: Grain, day: string, settings = retail) => floor(day, grain, settings, 'fiscal');

const weekYears = fc.record<CalendarSettings>({
  timeZone: fc.constant('UTC'),
  weekStart: fc.constantFrom('monday', 'sunday', 'saturday'),
  fiscalYearStart: fc.constant('january'),
  fiscalCalendar: fc.record({
    pattern: fc.constantFrom(...weekPatterns),
    yearEnds: fc.record({
      weekday: fc.constantFrom(...weekdays),
      month: fc.constantFrom(...months),
      rule: fc.constantFrom('last' as const, 'nearest' as const),
    }),
  }),
  fiscalYearNamedBy: fc.constantFrom('end' as const, 'start' as const),
});
const days = fc.integer({ min: 0, max: 40_000 }).map((n) => addDays('1980-01-01', n));
const grains = fc.constantFrom<Grain>('month', 'quarter', 'year');

describe('the retail calendar', () => {
  // As published by the NRF.
  test.each([
    [2017, '2017-01-29', 53],
    [2018, '2018-02-04', 52],
    [2022, '2022-01-30', 52],
    [2023, '2023-01-29', 53],
    [2024, '2024-02-04', 52],
    [2025, '2025-02-02', 52],
    [2026, '2026-02-01', 52],
  ])('fiscal %i starts on %s and has %i weeks', (year, start, weeks) => {
    expect(fiscalYearStart(year, retail)).toBe(start);
    expect(daysBetween(start, fiscalYearStart(year + 1, retail))).toBe(7 * weeks);
    expect([fiscalYear(start, retail), fiscalYear(addDays(start, -1), retail)]).toEqual([year, year - 1]);
  });
  test('November of 2026 is the four weeks from 1 November', () => {
    expect([fiscal('month', '2026-11-22'), fiscal('quarter', '2026-11-22')]).toEqual([
      '2026-11-01',
      '2026-11-01',
    ]);
    expect([monthOf('2026-11-22', retail, 'fiscal'), quarterOf('2026-11-22', retail, 'fiscal')]).toEqual([
      10, 4,
    ]);
  });
  test('the 53rd week belongs to the last month', () => {
    expect(fiscal('month', '2024-02-03')).toBe('2023-12-31');
    expect(offset('2023-12-31', 'month', 1, retail, 'fiscal')).toBe('2024-02-04');
  });
  test('periods are named with their days', () => {
    const at = { today: '2026-11-22', settings: retail };
    expect(lastPeriod('quarter', 1, at, 'fiscal').label).toBe('FY2026 Q3 (2 Aug – 31 Oct 2026)');
    expect(currentPeriod('month', at, 'fiscal').label).toBe('FY2026 P10 (1–22 Nov 2026) to date');
    expect(lastPeriod('year', 1, at, 'fiscal').label).toBe('FY2025 (2 Feb 2025 – 31 Jan 2026)');
  });
  test('a year earlier is the quarter of the same name, and as many days of a running one', () => {
    const at = { today: '2026-11-22', settings: retail };
    const quarter = lastYear(lastPeriod('quarter', 1, at, 'fiscal'), retail);
    expect([quarter.from, quarter.to]).toEqual(['2025-08-03', '2025-11-02']);
    const running = lastYear(currentPeriod('quarter', at, 'fiscal'), retail);
    expect([running.from, running.to]).toEqual(['2025-11-02', '2025-11-24']);
  });
});

describe('the last Saturday of a month', () => {
  const books: CalendarSettings = {
    ...retail,
    fiscalYearNamedBy: 'end',
    fiscalCalendar: { pattern: '4-4-5', yearEnds: { weekday: 'saturday', month: 'september', rule: 'last' } },
  };
  // As in the annual reports of a company with this rule: years ended 24 Sep 2022, 30 Sep 2023, 28 Sep 2024, 27 Sep 2025.
  test.each([
    [2022, '2022-09-24'],
    [2023, '2023-09-30'],
    [2024, '2024-09-28'],
    [2025, '2025-09-27'],
  ])('fiscal %i ends on %s', (year, end) => expect(addDays(fiscalYearStart(year + 1, books), -1)).toBe(end));
});

/** Written from the rule alone, by the platform's dates and by stepping from day to day. */
function yearStartByStepping(
  year: number,
  { pattern: _, yearEnds }: Required<CalendarSettings>['fiscalCalendar'],
) {
  const date = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  const day = 86_400_000;
  const last = Date.UTC(year - 1, months.indexOf(yearEnds.month) + 1, 0);
  const is = (ms: number) => weekdays[new Date(ms).getUTCDay()] === yearEnds.weekday;
  for (let away = 0; away < 7; away += 1) {
    if (is(last - away * day)) return date(last - away * day + day);
    if (yearEnds.rule === 'nearest' && is(last + away * day)) return date(last + away * day + day);
  }
  throw new Error('a week has seven days');
}

describe('every calendar of whole weeks', () => {
  test('starts its years where a second calculation does', () => {
    fc.assert(
      fc.property(weekYears, fc.integer({ min: 1990, max: 2060 }), (settings, year) => {
        const shift =
          settings.fiscalYearNamedBy === 'start' && settings.fiscalCalendar!.yearEnds.month !== 'december';
        const expected = yearStartByStepping(shift ? year + 1 : year, settings.fiscalCalendar!);
        expect(fiscalYearStart(year, settings)).toBe(expected);
      }),
    );
  });
  test('tiles time: each unit starts where the one before ends, and holds its days', () => {
    fc.assert(
      fc.property(weekYears, days, grains, (settings, day, grain) => {
        const start = fiscal(grain, day, settings);
        const next = offset(start, grain, 1, settings, 'fiscal');
        expect(start <= day && day < next).toBe(true);
        expect(fiscal(grain, next, settings)).toBe(next);
        expect(fiscal(grain, addDays(next, -1), settings)).toBe(start);
        expect(offset(next, grain, -1, settings, 'fiscal')).toBe(start);
      }),
    );
  });
  test('has quarters of three months by its pattern and years of four quarters, in 52 or 53 weeks', () => {
    fc.assert(
      fc.property(weekYears, days, (settings, day) => {
        const year = fiscal('year', day, settings);
        const end = offset(year, 'year', 1, settings, 'fiscal');
        const weeks = daysBetween(year, end) / 7;
        expect([52, 53]).toContain(weeks);
        const starts = range(year, end, 'month', settings, 'fiscal');
        const lengths = starts.map((start, i) => daysBetween(start, starts[i + 1] ?? end) / 7);
        const quarter = settings.fiscalCalendar!.pattern.split('-').map(Number);
        const whole = [...quarter, ...quarter, ...quarter, ...quarter];
        whole[11]! += weeks - 52;
        expect(lengths).toEqual(whole);
        expect(range(year, end, 'quarter', settings, 'fiscal')).toEqual([0, 3, 6, 9].map((i) => starts[i]));
      }),
    );
  });
  test('compares a running period with as many elapsed days of the one before and of the year before', () => {
    fc.assert(
      fc.property(weekYears, days, grains, (settings, today, unit) => {
        const period = currentPeriod(unit, { today, settings }, 'fiscal');
        const elapsed = daysBetween(period.from, period.to);
        for (const before of [previousPeriod(period, settings), lastYear(period, settings)]) {
          const whole = daysBetween(before.from, offset(before.from, unit, 1, settings, 'fiscal'));
          expect(daysBetween(before.from, before.to)).toBe(Math.min(elapsed, whole));
        }
      }),
    );
  });
});

describe('fiscal years named by their start', () => {
  const india: CalendarSettings = {
    timeZone: 'Asia/Kolkata',
    weekStart: 'monday',
    fiscalYearStart: 'april',
    fiscalYearNamedBy: 'start',
  };
  test('FY2026 runs from April 2026', () => {
    expect(fiscalYearStart(2026, india)).toBe('2026-04-01');
    expect([fiscalYear('2026-03-31', india), fiscalYear('2026-04-01', india)]).toEqual([2025, 2026]);
  });
  test('a year from January has one name', () => {
    expect(fiscalYearStart(2026, { ...india, fiscalYearStart: 'january' })).toBe('2026-01-01');
  });
});
