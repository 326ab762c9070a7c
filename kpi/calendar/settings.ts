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

/** Weeks in the three months of each quarter, as retailers count them. */
export const weekPatterns = ['4-4-5', '4-5-4', '5-4-4'] as const;

/** Books that are closed on a weekday: every fiscal month, quarter and year is whole weeks; a year has 52 or 53. */
export type FiscalCalendar = {
  pattern: (typeof weekPatterns)[number];
  /** The last day of the fiscal year: the last such weekday of the month, or the one nearest to the month's last day. */
  yearEnds: { weekday: Weekday; month: Month; rule: 'last' | 'nearest' };
};

export type CalendarSettings = {
  /** IANA name, e.g. "Europe/London". */
  timeZone: string;
  weekStart: 'monday' | 'sunday' | 'saturday';
  /** Month in which the fiscal year starts; January means that it is the calendar year. */
  fiscalYearStart: Month;
  /** Takes the place of `fiscalYearStart`: fiscal periods of whole weeks. */
  fiscalCalendar?: FiscalCalendar;
  /** Which calendar year names a fiscal year: the one it ends in (the default) or the one it starts in. */
  fiscalYearNamedBy?: 'end' | 'start';
};

/** Month in which the fiscal year starts, 1–12; for books of whole weeks the month whose start is nearest. */
export function fiscalStartMonth({ fiscalYearStart, fiscalCalendar }: CalendarSettings): number {
  if (fiscalCalendar) return ((months.indexOf(fiscalCalendar.yearEnds.month) + 1) % 12) + 1;
  return months.indexOf(fiscalYearStart) + 1;
}

/** Years by which a fiscal year's name lies before the calendar year in which it ends. */
export function fiscalNameShift(settings: CalendarSettings): number {
  return settings.fiscalYearNamedBy === 'start' && fiscalStartMonth(settings) > 1 ? 1 : 0;
}
