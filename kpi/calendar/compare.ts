import type { Day, Period } from '../question.ts';
import { addDays, daysBetween, minDay } from './day.ts';
import { offset } from './grain.ts';
import { periodLabel } from './label.ts';
import type { CalendarSettings } from './settings.ts';

/**
 * The period before. A complete one: the same unit and count, ending where this one starts. A running one: the
 * equal elapsed part of the one before (the same number of days; for years, up to the same date), never longer
 * than it. "1–22 November" is compared with "1–22 October", 31 March to date with the whole of February.
 */
export function previousPeriod(period: Period, settings: CalendarSettings): Period {
  const move = mover(period, settings);
  const from = move(period.from, -period.count);
  if (period.complete) return past(period, from, period.from, settings);
  // A running day or span of days has no shorter part to compare with: the same number of days before.
  const sameDate = () => addDays(move(addDays(period.to, -1), -period.count), 1);
  const elapsed = () => addDays(from, daysBetween(period.from, period.to));
  const to = period.unit === 'year' && !inWeeks(period, settings) ? sameDate() : elapsed();
  return past(period, from, minDay(to, period.from), settings);
}

/**
 * The same period a year earlier: the same dates, and for a running one up to the same date. Weeks go back 52 weeks,
 * so that whole weeks are compared with whole weeks; where the books are kept by weeks, a fiscal period goes back to
 * the one of the same name, and a running one to as many days of it.
 */
export function lastYear(period: Period, settings: CalendarSettings): Period {
  if (period.unit === 'week')
    return past(period, addDays(period.from, -364), addDays(period.to, -364), settings);
  const yearBack = (day: Day) => offset(day, 'year', -1, settings, period.kind);
  const from = yearBack(period.from);
  const edges = period.complete && period.unit !== 'day';
  if (inWeeks(period, settings) && !edges) {
    const elapsed = addDays(from, daysBetween(period.from, period.to));
    return past(period, from, minDay(elapsed, mover(period, settings)(from, period.count)), settings);
  }
  // By its last day, not by its edge: a year before "up to 28 February" is 28 February, also in a leap year.
  const to = edges ? yearBack(period.to) : addDays(yearBack(addDays(period.to, -1)), 1);
  return past(period, from, to, settings);
}

/** A range of the past, named by its unit when it is whole units, by its days when it is a part of them. */
function past(like: Period, from: Day, to: Day, settings: CalendarSettings): Period {
  const whole = mover(like, settings)(from, like.count) === to;
  const unit = whole ? like.unit : 'day';
  const count = whole ? like.count : daysBetween(from, to);
  const kind = whole && like.kind ? { kind: like.kind } : {};
  const span = { from, to, unit, count, complete: true, ...kind };
  return { ...span, label: periodLabel(span, settings) };
}

const mover =
  ({ unit, kind }: Period, settings: CalendarSettings) =>
  (day: Day, n: number): Day =>
    offset(day, unit, n, settings, kind);

const inWeeks = ({ kind, unit }: Period, { fiscalCalendar }: CalendarSettings) =>
  kind === 'fiscal' && fiscalCalendar !== undefined && unit !== 'day';
