/**
 * A support schedule: when people work, as wall-clock time in a zone. It is written by day ("09:00-12:30, 13:00-17:00"),
 * may break any number of times, and is closed on holidays. 24:00 is the end of a day; nights are two intervals.
 */
import { z } from 'zod';

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

/** Minutes of a day, half-open. */
export type OpenTime = { from: number; to: number };

export type Schedule = {
  /** IANA name. */
  timeZone: string;
  /** Seven days from Monday on. */
  week: readonly (readonly OpenTime[])[];
  /** Calendar dates, YYYY-MM-DD, on which nobody works. */
  holidays: readonly string[];
};

const minuteOf = (hours: string, minutes: string) => Number(hours) * 60 + Number(minutes);

const openTimes = z.string().transform((text, check): OpenTime[] => {
  const times = text.split(',').map((part) => {
    const [, h0, m0, h1, m1] = /^\s*(\d{1,2}):([0-5]\d)\s*-\s*(\d{1,2}):([0-5]\d)\s*$/.exec(part) ?? [];
    return h0 === undefined ? null : { from: minuteOf(h0, m0!), to: minuteOf(h1!, m1!) };
  });
  const inOrder = times.every(
    (time, at) =>
      time !== null && time.from < time.to && time.to <= 1440 && time.from >= (times[at - 1]?.to ?? 0),
  );
  if (inOrder) return times as OpenTime[];
  check.addIssue({
    code: 'custom',
    message: `"${text}" is no opening time; write "09:00-17:00" or "09:00-12:30, 13:00-17:00", in order, to 24:00 at most`,
  });
  return z.NEVER;
});

/** What herald.yaml says of one schedule; `week` is parsed here, once. */
export const scheduleSettings = z
  .strictObject({
    timeZone: z.string().optional(),
    week: z.partialRecord(z.enum(weekdays), openTimes),
    holidays: z.array(z.iso.date('must be a date such as 2026-12-25')).default([]),
  })
  .transform(({ timeZone, week, holidays }) => ({
    timeZone,
    week: weekdays.map((day) => week[day] ?? []),
    holidays,
  }));
