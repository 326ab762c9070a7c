import type { Day, Grain, Period } from '../question.ts';
import { addDays, minDay } from './day.ts';
import { floor, offset, type YearKind } from './grain.ts';
import { periodLabel } from './label.ts';
import type { CalendarSettings } from './settings.ts';

/** Where we stand: the calendar, and the day that counts as today. */
export type Standpoint = { today: Day; settings: CalendarSettings };

/**
 * `count` units from `from` on. What lies after today is cut off: a running period ends with today
 * (`to` is tomorrow) and is not complete. `from` must not be in the future.
 */
export function periodOf(
  from: Day,
  unit: Grain,
  count: number,
  at: Standpoint,
  kind: YearKind = 'calendar',
): Period {
  const end = offset(from, unit, count, at.settings, kind);
  const complete = end <= at.today;
  const to = complete ? end : minDay(end, addDays(at.today, 1));
  return {
    from,
    to,
    label: periodLabel({ from, to, unit, count, complete, kind }, at.settings),
    complete,
    unit,
    count,
    ...(kind === 'fiscal' ? { kind } : {}),
  };
}

/** The unit that is running: "this month", QTD, "fiscal year to date". */
export function currentPeriod(unit: Grain, at: Standpoint, kind: YearKind = 'calendar'): Period {
  return periodOf(floor(at.today, unit, at.settings, kind), unit, 1, at, kind);
}

/** The last `count` complete units: "last quarter", "trailing twelve months", "last 30 days" (ending yesterday). */
export function lastPeriod(unit: Grain, count: number, at: Standpoint, kind: YearKind = 'calendar'): Period {
  const running = floor(at.today, unit, at.settings, kind);
  return periodOf(offset(running, unit, -count, at.settings, kind), unit, count, at, kind);
}

/** Has the period ended before this day began? */
export function isComplete(period: Pick<Period, 'to'>, today: Day): boolean {
  return period.to <= today;
}
