import type { Config } from '../config.ts';
import type { CalendarSettings } from '../kpi/calendar.ts';

/** The company's calendar as the configuration says it. */
export const calendarOf = ({ company }: Pick<Config, 'company'>): CalendarSettings => ({
  timeZone: company.timeZone,
  weekStart: company.weekStart,
  fiscalYearStart: company.fiscalYearStart,
  fiscalYearNamedBy: company.fiscalYearNamedBy,
  ...(company.fiscalCalendar ? { fiscalCalendar: company.fiscalCalendar } : {}),
});
