import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addDays,
  type CalendarSettings,
  currentPeriod,
  lastPeriod,
  weekdayOf,
} from '../../../kpi/calendar.ts';
import { businessDays, type PaceInput, paceOf } from '../../../kpi/target/pace.ts';
import { paceComponents, sayPace } from '../../../kpi/target/say-pace.ts';

const settings: CalendarSettings = { timeZone: 'UTC', weekStart: 'monday', fiscalYearStart: 'january' };
const quarterOn = (today: string) => currentPeriod('quarter', { today, settings });
const input: PaceInput = {
  value: 2_000_000,
  target: 5_000_000,
  good: 'up',
  period: quarterOn('2026-11-15'),
  flow: true,
  days: 'calendar',
};
const pace = (over: Partial<PaceInput> = {}) => paceOf({ ...input, ...over }, settings);
const say = (over: Partial<PaceInput> = {}, unit: 'money' | 'percent' | 'count' = 'money', asked = false) => {
  const given = { ...input, ...over };
  return sayPace({ ...given, pace: paceOf(given, settings), unit, currency: 'USD' }, asked).replaceAll(
    '\u00a0',
    ' ',
  );
};
const over = lastPeriod('quarter', 1, { today: '2026-11-15', settings });

describe('the pace of a running sum', () => {
  test('is linear by elapsed days: 46 of 92 is half', () => {
    expect(pace()).toEqual({
      attainment: 40,
      gap: 3_000_000,
      met: false,
      running: {
        days: 'calendar',
        elapsed: 46,
        total: 92,
        ends: '2026-12-31',
        early: false,
        projected: 4_000_000,
        neededPerDay: 3_000_000 / 46,
      },
    });
  });
  test('is by weekdays where business is', () => {
    expect(pace({ days: 'business' })?.running).toMatchObject({ elapsed: 32, total: 66 });
  });
  test('is not projected from three days of ninety-two', () => {
    expect(pace({ period: quarterOn('2026-10-03') })?.running).toMatchObject({
      elapsed: 3,
      total: 92,
      early: true,
      projected: null,
    });
  });
  test('is told without a target too', () => {
    expect(pace({ target: null })).toMatchObject({ attainment: null, gap: null, met: null });
    expect(pace({ target: null })?.running?.projected).toBe(4_000_000);
  });
  test('on the last day nothing is left to divide by', () => {
    expect(pace({ period: quarterOn('2026-12-31') })?.running).toMatchObject({
      projected: 2_000_000,
      neededPerDay: null,
    });
  });
});

describe('no pace', () => {
  test('of a stock or a rate is projected', () =>
    expect(pace({ flow: false })?.running?.projected).toBeNull());
  test('without a value', () => expect(pace({ value: null })).toBeNull());
  test('of a complete period without a target', () =>
    expect(pace({ period: over, target: null })).toBeNull());
  test('no share of a target of nothing', () => expect(pace({ target: 0 })?.attainment).toBeNull());
});

test('business days agree with a count day by day', () => {
  fc.assert(
    fc.property(fc.nat(4000), fc.nat(800), (start, length) => {
      const from = addDays('2020-01-01', start);
      let n = 0;
      for (let i = 0; i < length; i += 1) if (weekdayOf(addDays(from, i)) % 6 !== 0) n += 1;
      expect(businessDays(from, addDays(from, length))).toBe(n);
    }),
  );
});

describe('in words', () => {
  test('short of the target', () =>
    expect(say()).toBe(
      'That is 40.0 % of the $5 M target; at this pace $4 M by 31 December 2026, $1 M short (46 of 92 calendar days); $65.2 K is needed on each calendar day left.',
    ));
  test('too early', () =>
    expect(say({ period: quarterOn('2026-10-03'), value: 10_000 })).toBe(
      'That is 0.2 % of the $5 M target; too early to project (3 of 92 calendar days); $56.1 K is needed on each calendar day left.',
    ));
  test('over and met', () =>
    expect(say({ period: over, value: 5_500_000 })).toBe('That is 110 % of the $5 M target, $500 K over.'));
  test('over and missed', () =>
    expect(say({ period: over })).toBe('That is 40.0 % of the $5 M target, $3 M short.'));
  test('a rate that ought to be low', () =>
    expect(say({ period: over, value: 2.1, target: 3, good: 'down', flow: false }, 'percent')).toBe(
      'The target of at most 3.0 % is met.',
    ));
  test('a sum that ought to be low is under its limit, not short of it', () =>
    expect(say({ good: 'down' })).toBe(
      'The target of at most $5 M is met so far; at this pace $4 M by 31 December 2026, $1 M under (46 of 92 calendar days).',
    ));
  test('a rate that missed', () =>
    expect(say({ period: over, value: 3.4, target: 3, good: 'down', flow: false }, 'percent')).toBe(
      'The target of at most 3.0 % is missed by 0.4 pp.',
    ));
  test('asked without a target', () =>
    expect(say({ target: null }, 'money', true)).toBe(
      'At this pace $4 M by 31 December 2026 (46 of 92 calendar days).',
    ));
  test('not asked, without a target: nothing', () => expect(say({ target: null })).toBe(''));
  test('as components', () => {
    const rows = paceComponents({ pace: pace(), unit: 'money', target: 5_000_000 });
    expect(rows.map(({ name, value }) => [name, value])).toEqual([
      ['target_attainment', 40],
      ['target_gap', 3_000_000],
      ['projected', 4_000_000],
      ['needed_per_day', 3_000_000 / 46],
    ]);
  });
});
