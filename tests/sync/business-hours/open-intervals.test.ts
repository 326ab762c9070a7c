/** Opening times as instants, against a slow oracle that looks at the wall clock of every single minute. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openIntervals } from '../../../sync/business-hours/open-intervals.ts';
import { type Schedule, scheduleSettings } from '../../../sync/business-hours/schedule.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;

/** Is anybody working in the minute that begins at `at`? Asked of Intl alone. */
function wallClock({ timeZone, week, holidays }: Schedule): (at: number) => boolean {
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    dateStyle: 'short',
    timeStyle: 'short',
  });
  const weekday = new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'short' });
  const days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
  return (at) => {
    const [day, time] = format.format(at).split(' ');
    const [hours, minutes] = time!.split(':').map(Number);
    const minute = hours! * 60 + minutes!;
    const times = week[days.indexOf(weekday.format(at))]!;
    return !holidays.includes(day!) && times.some(({ from, to }) => minute >= from && minute < to);
  };
}

/** Days on which a clock changes, by zone: forward and back, by an hour or by half of one, at night and at midnight. */
const changes = [
  ['Europe/London', '2024-03-31'],
  ['Europe/London', '2024-10-27'],
  ['America/New_York', '2026-11-01'],
  ['Australia/Lord_Howe', '2026-04-05'],
  ['America/Santiago', '2024-09-08'],
  ['Pacific/Apia', '2011-12-30'],
  ['Asia/Kathmandu', '2026-05-01'],
  ['UTC', '2026-05-01'],
] as const;

const time = fc
  .uniqueArray(fc.integer({ min: 0, max: 96 }), { minLength: 0, maxLength: 6 })
  .map((quarters) => {
    const edges = quarters.sort((a, b) => a - b).map((quarter) => quarter * 15);
    return edges.flatMap((from, at) =>
      at % 2 === 0 && at + 1 < edges.length ? [{ from, to: edges[at + 1]! }] : [],
    );
  });
const week = fc.array(time, { minLength: 7, maxLength: 7 });

describe('opening times', () => {
  test.each(changes)(
    'in %s around %s are those of the wall clock, minute by minute',
    { timeout: 30_000 },
    (timeZone, day) => {
      const noon = Date.parse(day) + DAY / 2;
      fc.assert(
        fc.property(week, fc.boolean(), fc.integer({ min: -1500, max: 1500 }), (times, holiday, shift) => {
          const schedule = { timeZone, week: times, holidays: holiday ? [day] : [] };
          const range = { from: noon - 1.5 * DAY + shift * MINUTE, to: noon + 1.5 * DAY + shift * MINUTE };
          const isOpen = wallClock(schedule);
          const intervals = openIntervals(schedule, range);
          let at = 0;
          for (let minute = range.from; minute < range.to; minute += MINUTE) {
            while (intervals[at] && intervals[at]!.to <= minute) at++;
            const inside = intervals[at] !== undefined && intervals[at]!.from <= minute;
            if (inside !== isOpen(minute))
              throw new Error(`${new Date(minute).toISOString()} in ${timeZone}`);
          }
          // In order, none empty, none touching the next.
          for (const [i, { from, to }] of intervals.entries())
            expect(from < to && (intervals[i - 1]?.to ?? 0) < from).toBe(true);
        }),
        { numRuns: 8 },
      );
    },
  );

  test('on the night that loses an hour are an hour shorter', () => {
    const nights = { timeZone: 'Europe/London', week: Array(7).fill([{ from: 0, to: 360 }]), holidays: [] };
    const [night] = openIntervals(nights, { from: Date.parse('2024-03-31'), to: Date.parse('2024-04-01') });
    expect((night!.to - night!.from) / MINUTE).toBe(300);
  });
});

describe('a schedule in the configuration', () => {
  const parse = (week: unknown, rest = {}) => scheduleSettings.safeParse({ week, ...rest });

  test('opens as often a day as it says', () => {
    expect(parse({ monday: '09:00-12:30, 13:00-24:00' }).data?.week[0]).toEqual([
      { from: 540, to: 750 },
      { from: 780, to: 1440 },
    ]);
  });

  test('is closed on days that it leaves out', () => {
    expect(parse({ monday: '9:00-17:00' }).data?.week.slice(1).flat()).toEqual([]);
  });

  test.each(['9-17', '17:00-09:00', '09:00-17:00, 16:00-18:00', '09:00-25:00', '09:60-10:00', ''])(
    'is refused when it opens at "%s"',
    (text) => {
      expect(parse({ friday: text }).error?.issues[0]?.path).toEqual(['week', 'friday']);
    },
  );

  test('is refused with a holiday that is no date', () => {
    expect(parse({}, { holidays: ['25.12.2026'] }).success).toBe(false);
  });
});
