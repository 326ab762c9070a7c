import type { Good, Pace } from '../answer.ts';
import { addDays, type CalendarSettings, daysBetween, minDay, offset, weekdayOf } from '../calendar.ts';
import type { Day, Period } from '../question.ts';

/** Deals and money move on weekdays; tickets and leads come on every day. */
export type PaceDays = 'business' | 'calendar';

export type PaceInput = {
  value: number | null;
  target: number | null;
  good: Good;
  period: Period;
  /** Adds up over the days of the period; only then does a part of it tell something of the whole. */
  flow: boolean;
  days: PaceDays;
};

/** A projection from less than a tenth of the period, or from one or two days, says more about chance than about the pace. */
const leastShare = 0.1;
const leastDays = 3;

/**
 * How a value stands against its target and, while the period runs, where it is heading: linear by elapsed days,
 * today counted as a whole one. Null when there is nothing to say: no target, and nothing to project.
 */
export function paceOf(input: PaceInput, settings: CalendarSettings): Pace | null {
  const { value, target, good, flow } = input;
  const running = runningDays(input, settings);
  if (value === null || (target === null && !(running && flow))) return null;
  const gap = target === null ? null : target - value;
  const left = running ? running.total - running.elapsed : 0;
  return {
    attainment: target !== null && target > 0 ? (100 * value) / target : null,
    gap,
    met: gap === null || good === 'none' ? null : good === 'up' ? gap <= 0 : gap >= 0,
    running: running && {
      ...running,
      projected: flow && !running.early ? (value / running.elapsed) * running.total : null,
      neededPerDay: flow && good === 'up' && gap !== null && left > 0 ? Math.max(0, gap) / left : null,
    },
  };
}

type RunningDays = Pick<NonNullable<Pace['running']>, 'days' | 'elapsed' | 'total' | 'ends' | 'early'>;

function runningDays({ period, days }: PaceInput, settings: CalendarSettings): RunningDays | null {
  if (period.complete) return null;
  const end = offset(period.from, period.unit, period.count, settings, period.kind);
  const count = days === 'business' ? businessDays : daysBetween;
  const elapsed = count(period.from, minDay(period.to, end));
  const total = count(period.from, end);
  const early = elapsed < leastDays || elapsed < leastShare * total;
  return { days, elapsed, total, ends: addDays(end, -1), early };
}

/** Mondays to Fridays in [from, to). */
export function businessDays(from: Day, to: Day): number {
  const days = daysBetween(from, to);
  const weeks = Math.floor(days / 7);
  let n = 5 * weeks;
  for (let day = addDays(from, 7 * weeks); day < to; day = addDays(day, 1))
    if (weekdayOf(day) !== 0 && weekdayOf(day) !== 6) n += 1;
  return n;
}
