import { wallClock } from '../../platform/wall-clock.ts';
import type { Day } from '../question.ts';
import { civilOf, dayNumber, formatDay } from './day.ts';
import type { CalendarSettings } from './settings.ts';

const dayMs = 86_400_000;

/** The calendar date of an instant in a zone. */
export function dayIn(instant: Date, timeZone: string): Day {
  return formatDay(civilOf(Math.floor(wallClock(instant.getTime(), timeZone) / dayMs)));
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
    .map((around) => midnight - (wallClock(around, timeZone) - around))
    .sort((a, b) => a - b);
  for (const candidate of candidates)
    if (wallClock(candidate, timeZone) === midnight) return new Date(candidate);
  return new Date(firstInstantAtOrAfter(midnight, timeZone, candidates));
}

/** Bisection to the second: only reached when midnight does not exist on that day. */
function firstInstantAtOrAfter(midnight: number, timeZone: string, near: readonly number[]): number {
  let before = Math.min(...near) - dayMs;
  let after = Math.max(...near) + dayMs;
  while (after - before > 1000) {
    const middle = Math.floor((before + after) / 2000) * 1000;
    if (wallClock(middle, timeZone) >= midnight) after = middle;
    else before = middle;
  }
  return after;
}
