import type { CycleSettings } from './cycle.ts';
import type { Cursor, Lane, Stream } from './source.ts';

export type Checkpoint = { stream: string; lane: Lane; cursor: Cursor; finished_at: Date | null };

/** Which lanes of a stream are due, in their order, and from where each goes on. `kept` may hold other streams' too. */
export function dueLanes(
  stream: Pick<Stream, 'name' | 'lanes'>,
  kept: readonly Checkpoint[],
  now: Date,
  settings: Pick<CycleSettings, 'settleEveryMs' | 'sweepEveryMs'>,
): { lane: Lane; cursor: Cursor }[] {
  const byLane = new Map(kept.filter((row) => row.stream === stream.name).map((row) => [row.lane, row]));
  const backfill = byLane.get('backfill');
  const isOlder = (lane: Lane, ms: number) =>
    now.getTime() - (byLane.get(lane)?.finished_at ?? backfill?.finished_at ?? new Date(0)).getTime() >= ms;
  const isDue = (lane: Lane) => {
    if (lane === 'backfill') return !backfill?.finished_at;
    if (lane === 'realtime') return Boolean(backfill?.finished_at) || !stream.lanes.includes('backfill');
    const everyMs = lane === 'settle' ? settings.settleEveryMs : settings.sweepEveryMs;
    return Boolean(backfill?.finished_at) && isOlder(lane, everyMs);
  };
  return stream.lanes.filter(isDue).map((lane) => ({
    lane,
    // A lane without a position of its own starts where the backfill ended; a sweep always starts anew.
    cursor:
      lane === 'sweep'
        ? null
        : (byLane.get(lane)?.cursor ?? (lane === 'backfill' ? null : (backfill?.cursor ?? null))),
  }));
}
