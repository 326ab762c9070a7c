/** Which grain a series allows a claim at: the days of a KPI with two events a day are mostly chance. */

import type { CalendarSettings } from '../calendar.ts';
import { ceil, daysBetween } from '../calendar.ts';
import type { Point } from './baseline.ts';
import { type DetectOptions, detect } from './detect.ts';
import type { Finding } from './finding.ts';
import { daily, type Rhythm, weekly } from './rhythm.ts';
import { median } from './robust.ts';
import type { SeriesKind } from './scale.ts';

/** A day's value and the number of events behind it. */
export type CountedPoint = Point & { n: number | null };

export type ByVolume = {
  /** Null when only periods can be compared and no day or week is called unusual. */
  rhythm: Rhythm | null;
  series: readonly Point[];
  /** Why so, in words; what a finding, or its absence, rests on. */
  stated: string;
};

const leastDailyEvents = 20;
/** The volume is that of the last eight weeks: a company grows out of weekly looks. */
const volumeDays = 56;

/**
 * Daily when the median day has at least twenty events and five weeks are known, else weekly from twelve whole weeks
 * on, else none. A stock's changes have no count of events: its days are taken when most of them move it.
 */
export function byVolume(
  points: readonly CountedPoint[],
  kind: SeriesKind,
  calendar: Pick<CalendarSettings, 'weekStart'>,
): ByVolume {
  const known = fromFirst(points);
  const days = known.filter(({ value }) => value !== null).length;
  const usual = median(
    known
      .slice(-volumeDays)
      .flatMap(({ value, n }) =>
        value === null ? [] : kind === 'change' ? (value === 0 ? 0 : leastDailyEvents) : (n ?? 0),
      ),
  );
  const events = Math.round(usual ?? 0);
  if (events >= leastDailyEvents && days >= daily.least)
    return {
      rhythm: daily,
      series: known,
      stated:
        kind === 'change' ? 'by day: it moves on most days' : `by day: ${events} events on the median day`,
    };
  const weeks = wholeWeeks(known, kind, calendar);
  const withData = weeks.filter(({ value }) => value !== null).length;
  if (withData >= weekly.least)
    return {
      rhythm: weekly,
      series: weeks,
      stated: `by week: ${events} events on the median day, and days need ${leastDailyEvents}`,
    };
  return {
    rhythm: null,
    series: [],
    stated:
      events >= leastDailyEvents
        ? `not enough history: ${days} of ${daily.least} days`
        : `not enough history: ${withData} of ${weekly.least} weeks; until then months are compared and nothing is called unusual`,
  };
}

/** Findings at the grain that the volume allows. */
export function detectByVolume(
  { rhythm, series }: ByVolume,
  options: Omit<DetectOptions, 'rhythm'>,
): Finding[] {
  return rhythm ? detect(series, { ...options, rhythm }) : [];
}

/** What was never recorded before the first value is no history. */
function fromFirst(points: readonly CountedPoint[]): readonly CountedPoint[] {
  const first = points.findIndex(({ value }) => value !== null);
  return first < 0 ? [] : points.slice(first);
}

/** Sums of whole weeks; of rates and means the sum of parts over the sum of wholes. A week that lacks a day has no value. */
function wholeWeeks(
  points: readonly CountedPoint[],
  kind: SeriesKind,
  calendar: Pick<CalendarSettings, 'weekStart'>,
): Point[] {
  const [first] = points;
  if (!first) return [];
  const weeks: Point[] = [];
  const offset = daysBetween(first.day, ceil(first.day, 'week', calendar as CalendarSettings));
  for (let i = offset; i + 7 <= points.length; i += 7) weeks.push(weekOf(points.slice(i, i + 7), kind));
  return weeks;
}

function weekOf(days: readonly CountedPoint[], kind: SeriesKind): Point {
  const { day } = days[0]!;
  const shared = kind !== 'change' && days.some(({ of }) => of !== null && of !== undefined);
  if (shared) {
    // A day without any case has no rate, and takes nothing from the week's.
    const of = days.reduce((sum, point) => sum + (point.of ?? 0), 0);
    const parts = days.reduce((sum, point) => sum + (point.value ?? 0) * (point.of ?? 0), 0);
    return { day, value: of > 0 ? parts / of : null, of };
  }
  const whole = days.every(({ value }) => value !== null);
  return {
    day,
    value: whole ? days.reduce((sum, { value }) => sum + value!, 0) : null,
    of: kind === 'change' ? (days[0]!.of ?? null) : null,
  };
}
