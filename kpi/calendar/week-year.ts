import type { Day } from '../question.ts';
import { addDays, dayNumber, daysBetween, daysInMonth, formatDay, parseDay, weekdayOf } from './day.ts';
import { type FiscalCalendar, months, weekdays } from './settings.ts';

/**
 * Fiscal years of 52 or 53 whole weeks (4-4-5 and its kin), as the National Retail Federation publishes them
 * (https://nrf.com/resources/4-5-4-calendar). A 53rd week belongs to the year's last month. Months are counted
 * through all years: month 0 is the first of year 0, so that moving by months, quarters and years is one addition.
 */

/** Last day of the year that closes in, or around the end of, its month of calendar year `year`. */
function yearEnd(year: number, { yearEnds }: FiscalCalendar): Day {
  const month = months.indexOf(yearEnds.month) + 1;
  const last = formatDay({ year, month, date: daysInMonth(year, month) });
  const past = (weekdayOf(last) - weekdays.indexOf(yearEnds.weekday) + 7) % 7;
  return addDays(last, yearEnds.rule === 'nearest' && past > 3 ? 7 - past : -past);
}

/** First day of the year that ends with calendar year `year`. */
export function weekYearStart(year: number, books: FiscalCalendar): Day {
  return addDays(yearEnd(year - 1, books), 1);
}

/** The calendar year that numbers the fiscal year which holds this day. */
export function weekYearOf(day: Day, books: FiscalCalendar): number {
  const { year } = parseDay(day);
  const found = [year + 1, year].find((candidate) => weekYearStart(candidate, books) <= day);
  return found ?? year - 1;
}

/** First day of a month counted through all years. */
export function weekMonthStart(month: number, books: FiscalCalendar): Day {
  const year = Math.floor(month / 12);
  const index = month - 12 * year;
  const inQuarter = books.pattern.split('-').map(Number);
  const weeks = 13 * Math.floor(index / 3) + inQuarter.slice(0, index % 3).reduce((sum, n) => sum + n, 0);
  return addDays(weekYearStart(year, books), 7 * weeks);
}

/** The month that holds this day, counted through all years. */
export function weekMonthOf(day: Day, books: FiscalCalendar): number {
  const first = 12 * weekYearOf(day, books);
  let index = 11;
  while (weekMonthStart(first + index, books) > day) index -= 1;
  return first + index;
}

/** The same place in the bucket `n` months on: its first day stays a first day, a later one is cut at the bucket's end. */
export function addWeekMonths(day: Day, size: number, n: number, books: FiscalCalendar): Day {
  const month = weekMonthOf(day, books);
  const bucket = month - (((month % size) + size) % size);
  const into = daysBetween(weekMonthStart(bucket, books), day);
  const start = dayNumber(weekMonthStart(bucket + n * size, books));
  const end = dayNumber(weekMonthStart(bucket + (n + 1) * size, books));
  return addDays('1970-01-01', Math.min(start + into, end - 1));
}
