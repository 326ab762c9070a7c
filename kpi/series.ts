/** Which points a chart shows: buckets inside the asked period where they mean something, else whole periods up to it. */
import { type CalendarSettings, daysBetween, minDay, offset, range } from './calendar.ts';
import type { KpiDefinition } from './definition.ts';
import type { Grain, Period, Question } from './question.ts';
import type { Span } from './read/slice.ts';

export type SeriesPlan = { kind: 'within' | 'trailing'; grain: Grain; points: Span[]; comparison: Span[] };

const grains: readonly Grain[] = ['day', 'week', 'month', 'quarter', 'year'];

/** How many whole periods a trailing chart shows: a year and one, so that seasons can be seen. */
const trailingCount: Record<Grain, number> = { day: 29, week: 14, month: 13, quarter: 9, year: 4 };

/** Fewer points than this inside the period make no line. */
const FEWEST = 4;
const MOST = 31;

export function planSeries(
  kpi: KpiDefinition,
  question: Question,
  calendar: CalendarSettings,
  today: string,
): SeriesPlan {
  const { period, comparison } = question;
  if (kpi.formula.kind !== 'span') {
    const grain = grains.slice(grains.indexOf(kpi.finestGrain)).find((candidate) => {
      const n = range(period.from, period.to, candidate, calendar, period.kind).length;
      return n <= MOST;
    });
    const points = grain ? cut(period, grain, calendar, period.kind) : [];
    if (grain && points.length >= FEWEST) {
      const before = comparison ? cut(comparison.period, grain, calendar, period.kind) : [];
      return { kind: 'within', grain, points, comparison: before.slice(0, points.length) };
    }
  }
  return trailing(kpi, question, calendar, today);
}

/** Buckets of a period, cut at its ends. */
function cut(period: Span, grain: Grain, calendar: CalendarSettings, kind: Period['kind']): Span[] {
  return range(period.from, period.to, grain, calendar, kind).map((start) => ({
    from: within(start, period),
    to: minDay(offset(start, grain, 1, calendar, kind), period.to),
  }));
}

/** Units in a year; days and weeks keep their weekday. */
const yearOf: Record<Grain, number> = { day: 364, week: 52, month: 12, quarter: 4, year: 1 };

/** Calendar dates order as texts. */
const within = (start: string, period: Span) => [start, period.from].sort()[1]!;

function trailing(
  kpi: KpiDefinition,
  question: Question,
  calendar: CalendarSettings,
  today: string,
): SeriesPlan {
  const { period } = question;
  const { unit, count, kind } = period;
  const move = (day: string, units: number) => offset(day, unit, units, calendar, kind);
  const n = Math.min(trailingCount[unit], 29);
  const whole = daysBetween(period.from, period.to);
  const points: Span[] = [];
  for (let back = n - 1; back >= 0; back--) {
    const from = move(period.from, -back * count);
    const full = move(from, count);
    // The asked period itself is shown as asked: to date when it still runs.
    const to = back === 0 ? period.to : daysBetween(from, full) > 0 ? full : offset(from, 'day', whole);
    points.push({ from, to: kpi.outlook ? to : minDay(to, offset(today, 'day', 1)) });
  }
  // The comparison period itself is a point of the line; a second line makes sense only for the year before.
  const comparison =
    question.comparison?.kind === 'last_year'
      ? points.map((point) => ({
          from: move(point.from, -yearOf[unit]),
          to: move(point.to, -yearOf[unit]),
        }))
      : [];
  return { kind: 'trailing', grain: unit, points, comparison };
}
