/** Counts what happens, for GET /health: an observer like any other. */
import type { EventName, Events } from '../../sync/events.ts';

const counted: readonly EventName[] = [
  'run.finished',
  'run.failed',
  'stream.failed',
  'records.quarantined',
  'job.failed',
  'data.counted',
  'quality.finding',
  'schema.drifted',
  'quota.degraded',
  'quota.recovered',
  'breaker.opened',
  'breaker.closed',
];

export type Tally = () => Readonly<Partial<Record<EventName, number>>>;

export function createTally(events: Events): Tally {
  const counts: Partial<Record<EventName, number>> = {};
  for (const name of counted)
    events.on(name, () => {
      counts[name] = (counts[name] ?? 0) + 1;
    });
  return () => counts;
}
