import type { Day, Grain } from '../question.ts';
import { addDays, addMonths, formatDay, parseDay, weekdayOf } from './day.ts';
import { type CalendarSettings, fiscalStartMonth, weekdays } from './settings.ts';

/** Quarters and years exist twice: in the calendar and in the company's books. */
export type YearKind = 'calendar' | 'fiscal';

/** First day of the bucket that holds this day. */
export function floor(day: Day, grain: Grain, settings: CalendarSettings, kind: YearKind = 'calendar'): Day {
  switch (grain) {
    case 'day':
      return day;
    case 'week':
      return addDays(day, -((weekdayOf(day) - weekdays.indexOf(settings.weekStart) + 7) % 7));
    case 'month':
      return `${day.slice(0, 8)}01`;
    case 'quarter':
      return floorMonths(day, 3, settings, kind);
    case 'year':
      return floorMonths(day, 12, settings, kind);
    default:
      return grain satisfies never;
  }
}

/** Move by whole units, forwards or back; months, quarters and years clamp to the length of the target month. */
export function offset(day: Day, grain: Grain, n: number): Day {
  switch (grain) {
    case 'day':
      return addDays(day, n);
    case 'week':
      return addDays(day, 7 * n);
    case 'month':
      return addMonths(day, n);
    case 'quarter':
      return addMonths(day, 3 * n);
    case 'year':
      return addMonths(day, 12 * n);
    default:
      return grain satisfies never;
  }
}

/** First day of the first bucket that starts on or after this day. */
export function ceil(day: Day, grain: Grain, settings: CalendarSettings, kind: YearKind = 'calendar'): Day {
  const start = floor(day, grain, settings, kind);
  return start === day ? day : offset(start, grain, 1);
}

/** First days of all buckets that touch [from, to), in order; the first may begin before `from`. */
export function range(
  from: Day,
  to: Day,
  grain: Grain,
  settings: CalendarSettings,
  kind: YearKind = 'calendar',
): Day[] {
  const starts: Day[] = [];
  for (let start = floor(from, grain, settings, kind); start < to; start = offset(start, grain, 1))
    starts.push(start);
  return starts;
}

/** Number of the fiscal year that holds this day: the calendar year in which it ends. */
export function fiscalYear(day: Day, settings: CalendarSettings): number {
  const start = fiscalStartMonth(settings);
  const { year, month } = parseDay(day);
  return start > 1 && month >= start ? year + 1 : year;
}

/** First day of fiscal year FY<year>. */
export function fiscalYearStart(year: number, settings: CalendarSettings): Day {
  const month = fiscalStartMonth(settings);
  return formatDay({ year: month > 1 ? year - 1 : year, month, date: 1 });
}

/** 1–4, in the calendar or in the fiscal year. */
export function quarterOf(day: Day, settings: CalendarSettings, kind: YearKind = 'calendar'): number {
  return Math.floor(monthsIntoYear(day, settings, kind) / 3) + 1;
}

/**
 * Week number and the year it belongs to. Weeks from Monday are ISO 8601 (week 1 holds the first Thursday);
 * otherwise week 1 is the one that holds 1 January, as is usual where weeks start on Sunday or Saturday.
 */
export function weekOf(day: Day, settings: CalendarSettings): { year: number; week: number } {
  const start = floor(day, 'week', settings);
  const year = parseDay(addDays(start, settings.weekStart === 'monday' ? 3 : 6)).year;
  const first = weekStartOf(year, 1, settings);
  let week = 1;
  for (let at = first; at < start; at = addDays(at, 7)) week += 1;
  return { year, week };
}

/** First day of a numbered week; see `weekOf`. */
export function weekStartOf(year: number, week: number, settings: CalendarSettings): Day {
  const anchor = formatDay({ year, month: 1, date: settings.weekStart === 'monday' ? 4 : 1 });
  return addDays(floor(anchor, 'week', settings), 7 * (week - 1));
}

function monthsIntoYear(day: Day, settings: CalendarSettings, kind: YearKind): number {
  const start = kind === 'fiscal' ? fiscalStartMonth(settings) : 1;
  return (parseDay(day).month - start + 12) % 12;
}

function floorMonths(day: Day, size: number, settings: CalendarSettings, kind: YearKind): Day {
  return addMonths(floor(day, 'month', settings), -(monthsIntoYear(day, settings, kind) % size));
}
