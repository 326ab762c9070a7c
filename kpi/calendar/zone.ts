import type { Day } from '../question.ts';
import { dayNumber, formatDay } from './day.ts';
import type { CalendarSettings } from './settings.ts';

const dayMs = 86_400_000;

/** Building a formatter costs a hundred times its use; there are as many as time zones in use. */
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterFor(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formatters.set(timeZone, made);
  return made;
}

type WallClock = { year: number; month: number; day: number; hour: number; minute: number; second: number };

function wallClock(epochMs: number, timeZone: string): WallClock {
  const clock: WallClock = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0 };
  for (const { type, value } of formatterFor(timeZone).formatToParts(epochMs)) {
    if (type in clock) clock[type as keyof WallClock] = Number(value);
  }
  return clock;
}

/** The wall clock in the zone, written as if it were UTC, so that two can be subtracted. */
function wallMs(epochMs: number, timeZone: string): number {
  const { year, month, day, hour, minute, second } = wallClock(epochMs, timeZone);
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** The calendar date of an instant in a zone. */
export function dayIn(instant: Date, timeZone: string): Day {
  const { year, month, day } = wallClock(instant.getTime(), timeZone);
  return formatDay({ year, month, date: day });
}

/** Today in the company's time zone. */
export function today(now: Date, settings: CalendarSettings): Day {
  return dayIn(now, settings.timeZone);
}

/**
 * The instant at which a day starts in a zone. Where clocks go back over midnight it is the first midnight; where
 * they go forward over it (or a zone skips a whole day) it is the first instant after the gap.
 */
export function instantOf(day: Day, timeZone: string): Date {
  const midnight = dayNumber(day) * dayMs;
  // Offsets a day before and after bracket any transition near this midnight.
  const candidates = [midnight - dayMs, midnight + dayMs]
    .map((around) => midnight - (wallMs(around, timeZone) - around))
    .sort((a, b) => a - b);
  for (const candidate of candidates)
    if (wallMs(candidate, timeZone) === midnight) return new Date(candidate);
  return new Date(firstInstantAtOrAfter(midnight, timeZone, candidates));
}

/** Bisection to the second: only reached when midnight does not exist on that day. */
function firstInstantAtOrAfter(midnight: number, timeZone: string, near: readonly number[]): number {
  let before = Math.min(...near) - dayMs;
  let after = Math.max(...near) + dayMs;
  while (after - before > 1000) {
    const middle = Math.floor((before + after) / 2000) * 1000;
    if (wallMs(middle, timeZone) >= midnight) after = middle;
    else before = middle;
  }
  return after;
}
