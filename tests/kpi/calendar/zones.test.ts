import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays, dayIn, instantOf } from '../../../kpi/calendar.ts';

const hours = (day: string, zone: string) =>
  (instantOf(addDays(day, 1), zone).getTime() - instantOf(day, zone).getTime()) / 3_600_000;

describe('the length of a day', () => {
  test.each([
    ['clocks go forward in Berlin', 'Europe/Berlin', '2026-03-29', 23],
    ['clocks go back in Berlin', 'Europe/Berlin', '2026-10-25', 25],
    ['clocks go forward in New York', 'America/New_York', '2026-03-08', 23],
    ['clocks go back in New York', 'America/New_York', '2026-11-01', 25],
    ['clocks go back in Auckland', 'Pacific/Auckland', '2026-04-05', 25],
    ['half an hour on Lord Howe', 'Australia/Lord_Howe', '2026-10-04', 23.5],
    ['half an hour back on Lord Howe', 'Australia/Lord_Howe', '2026-04-05', 24.5],
    ['no clock change in Tokyo', 'Asia/Tokyo', '2026-03-29', 24],
    ['no clock change in Kolkata', 'Asia/Kolkata', '2026-10-25', 24],
    ['no clock change in Kathmandu', 'Asia/Kathmandu', '2026-03-29', 24],
  ])('%s', (_, zone, day, length) => expect(hours(day, zone)).toBe(length));
});

test('days tile time in every zone: each starts where the one before ends', () => {
  const zones = fc.constantFrom(
    'Asia/Kolkata',
    'Asia/Kathmandu',
    'Australia/Adelaide',
    'America/St_Johns',
    'Pacific/Chatham',
    'Asia/Tokyo',
    'Europe/Berlin',
    'America/Los_Angeles',
  );
  const moments = fc.integer({ min: 1_200_000_000, max: 1_900_000_000 }).map((s) => new Date(s * 1000));
  fc.assert(
    fc.property(moments, zones, (moment, zone) => {
      const day = dayIn(moment, zone);
      const [start, end] = [instantOf(day, zone), instantOf(addDays(day, 1), zone)];
      expect(start <= moment && moment < end).toBe(true);
    }),
  );
});
