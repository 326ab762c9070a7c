/**
 * The calendar of the house: all date arithmetic, on plain days `YYYY-MM-DD` in the company's time zone.
 * Periods are half-open [from, to). Weeks start where the company says; fiscal years are named after the year
 * in which they end, or start; they are twelve months, or 52 and 53 whole weeks.
 */
export { lastYear, previousPeriod } from './calendar/compare.ts';
export { addDays, addMonths, daysBetween, isDay, minDay, weekdayOf } from './calendar/day.ts';
export {
  ceil,
  fiscalYear,
  fiscalYearStart,
  floor,
  monthOf,
  offset,
  quarterOf,
  range,
  weekOf,
  weekStartOf,
  type YearKind,
} from './calendar/grain.ts';
export { dayLabel, periodLabel } from './calendar/label.ts';
export { currentPeriod, isComplete, lastPeriod, periodOf, type Standpoint } from './calendar/period.ts';
export {
  type CalendarSettings,
  type FiscalCalendar,
  type Month,
  months,
  type Weekday,
  weekdays,
  weekPatterns,
} from './calendar/settings.ts';
export { dayIn, instantOf, today } from './calendar/zone.ts';
