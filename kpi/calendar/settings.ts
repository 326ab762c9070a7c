/** How the company counts time. Weeks and fiscal years differ between companies; months and quarters do not. */
export const months = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
] as const;
export type Month = (typeof months)[number];

/** In the order of `weekdayOf`: 0 is Sunday. */
export const weekdays = [
  'sunday',
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
] as const;
export type Weekday = (typeof weekdays)[number];

export type CalendarSettings = {
  /** IANA name, e.g. "Europe/London". */
  timeZone: string;
  weekStart: 'monday' | 'sunday' | 'saturday';
  /** A fiscal year is named after the calendar year in which it ends; January means that it is the calendar year. */
  fiscalYearStart: Month;
};

/** Month in which the fiscal year starts, 1–12. */
export function fiscalStartMonth(settings: CalendarSettings): number {
  return months.indexOf(settings.fiscalYearStart) + 1;
}
