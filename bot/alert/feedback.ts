/** What people said to alerts, as the detector heeds it. */
import type { Database } from '../../db/client.ts';
import type { Judgement, Segment } from '../../kpi/anomaly/scan.ts';
import { addDays, daysBetween } from '../../kpi/calendar.ts';
import type { Day } from '../../kpi/question.ts';

export type Feedback = {
  judgementOf(kpi: string, segment: Segment | null): Judgement;
  /** The whole's snooze holds for its segments. */
  isSnoozed(kpi: string, segment: Segment | null): boolean;
};

/** Each "not an anomaly" widens the band by a quarter of what is usual, up to twice as wide: never so far that nothing is told. */
const widening = 0.25;
const mostTolerance = 2;

/** "product=Edge"; '' for the whole. */
export const segmentKey = (segment: Segment | null) =>
  segment ? `${segment.dimension}=${segment.value}` : '';

type Row = {
  kpi: string;
  segment: string;
  verdict: string;
  from_day: Day | null;
  to_day: Day | null;
  snoozing: boolean;
};

export async function readFeedback(db: Database, now: Date): Promise<Feedback> {
  const rows = await db.sql<Row[]>`
    select kpi, segment, verdict, from_day, to_day, coalesce(until > ${now}, false) as snoozing from alert_feedback order by id`;
  const about = (kpi: string, segment: Segment | null) =>
    rows.filter((row) => row.kpi === kpi && row.segment === segmentKey(segment));
  return {
    judgementOf(kpi, segment) {
      const denied = about(kpi, segment).filter(({ verdict }) => verdict === 'not_anomaly');
      return {
        masked: denied.flatMap(({ from_day, to_day }) =>
          from_day && to_day ? daysOf(from_day, to_day) : [],
        ),
        tolerance: Math.min(mostTolerance, 1 + widening * denied.length),
      };
    },
    isSnoozed: (kpi, segment) =>
      [...about(kpi, null), ...about(kpi, segment)].some(({ snoozing }) => snoozing),
  };
}

function daysOf(from: Day, to: Day): Day[] {
  return Array.from({ length: daysBetween(from, to) + 1 }, (_, i) => addDays(from, i));
}
