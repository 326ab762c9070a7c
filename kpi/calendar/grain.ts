import type { Day, Grain } from '../question.ts';
import { addDays, addMonths, formatDay, parseDay, weekdayOf } from './day.ts';
import { type CalendarSettings, fiscalNameShift, fiscalStartMonth, weekdays } from './settings.ts';
import { addWeekMonths, weekMonthOf, weekMonthStart, weekYearOf, weekYearStart } from './week-year.ts';

/** Quarters and years exist twice: in the calendar and in the company's books. */
export type YearKind = 'calendar' | 'fiscal';

/** Months in a bucket of this grain. */
const monthsIn = { month: 1, quarter: 3, year: 12 } as const;

/** First day of the bucket that holds this day. */
export function floor(day: Day, grain: Grain, settings: CalendarSettings, kind: YearKind = 'calendar'): Day {
  switch (grain) {
    case 'day':
      return day;
    case 'week':
      return addDays(day, -((weekdayOf(day) - weekdays.indexOf(settings.weekStart) + 7) % 7));
    case 'month':
    case 'quarter':
    case 'year':
      return floorMonths(day, monthsIn[grain], settings, kind);
    default:
      return grain satisfies never;
  }
}

/**
 * Move by whole units, forwards or back; months, quarters and years clamp to the length of the target month.
 * Fiscal units need the calendar: where the books are kept by weeks, they are not months.
 */
export function offset(
  day: Day,
  grain: Grain,
  n: number,
  settings?: CalendarSettings,
  kind: YearKind = 'calendar',
): Day {
  switch (grain) {
    case 'day':
      return addDays(day, n);
    case 'week':
      return addDays(day, 7 * n);
    case 'month':
    case 'quarter':
    case 'year':
      return kind === 'fiscal' && settings?.fiscalCalendar
        ? addWeekMonths(day, monthsIn[grain], n, settings.fiscalCalendar)
        : addMonths(day, n * monthsIn[grain]);
    default:
      return grain satisfies never;
  }
}

/** First day of the first bucket that starts on or after this day. */
export function ceil(day: Day, grain: Grain, settings: CalendarSettings, kind: YearKind = 'calendar'): Day {
  const start = floor(day, grain, settings, kind);
  return start === day ? day : offset(start, grain, 1, settings, kind);
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
  let start = floor(from, grain, settings, kind);
  for (; start < to; start = offset(start, grain, 1, settings, kind)) starts.push(start);
  return starts;
}

/** Number of the fiscal year that holds this day: the calendar year in which it ends, or starts, as the company says. */
export function fiscalYear(day: Day, settings: CalendarSettings): number {
  const { fiscalCalendar } = settings;
  if (fiscalCalendar) return weekYearOf(day, fiscalCalendar) - fiscalNameShift(settings);
  const start = fiscalStartMonth(settings);
  const { year, month } = parseDay(day);
  return (start > 1 && month >= start ? year + 1 : year) - fiscalNameShift(settings);
}

/** First day of fiscal year FY<year>. */
export function fiscalYearStart(year: number, settings: CalendarSettings): Day {
  const ends = year + fiscalNameShift(settings);
  if (settings.fiscalCalendar) return weekYearStart(ends, settings.fiscalCalendar);
  const month = fiscalStartMonth(settings);
  return formatDay({ year: month > 1 ? ends - 1 : ends, month, date: 1 });
}

/** 1–12, in the calendar or in the fiscal year. */
export function monthOf(day: Day, settings: CalendarSettings, kind: YearKind = 'calendar'): number {
  return monthsIntoYear(day, settings, kind) + 1;
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
  if (kind === 'fiscal' && settings.fiscalCalendar) return weekMonthOf(day, settings.fiscalCalendar) % 12;
  const start = kind === 'fiscal' ? fiscalStartMonth(settings) : 1;
  return (parseDay(day).month - start + 12) % 12;
}

function floorMonths(day: Day, size: number, settings: CalendarSettings, kind: YearKind): Day {
  const into = monthsIntoYear(day, settings, kind) % size;
  if (kind === 'fiscal' && settings.fiscalCalendar)
    return weekMonthStart(weekMonthOf(day, settings.fiscalCalendar) - into, settings.fiscalCalendar);
  return addMonths(`${day.slice(0, 8)}01`, -into);
}
