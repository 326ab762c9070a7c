/**
 * A schedule's opening times as instants. Between two clock changes a zone's offset is constant, so local time is UTC
 * plus a number there: each stretch is laid out by itself and cut at its ends. An hour that the clock skips is thereby
 * no working time, and one that it shows twice is worked twice.
 */
import { wallClock } from '../../platform/wall-clock.ts';
import type { Schedule } from './schedule.ts';

/** Epoch milliseconds, half-open. */
export type Interval = { from: number; to: number };

const MINUTE = 60_000;
const DAY = 86_400_000;

/** Stretches of constant offset. Zones change at most once a day, and on whole minutes. */
function stretches(timeZone: string, { from, to }: Interval): (Interval & { offset: number })[] {
  const offsetAt = (at: number) => wallClock(at, timeZone) - at;
  const out: (Interval & { offset: number })[] = [];
  let began = from;
  let offset = offsetAt(from);
  for (let at = from; at < to; at += DAY) {
    const next = Math.min(at + DAY, to);
    if (offsetAt(next) === offset) continue;
    let before = at;
    let after = next;
    while (after - before > MINUTE) {
      const middle = Math.floor((before + after) / 2 / MINUTE) * MINUTE;
      if (offsetAt(middle) === offset) before = middle;
      else after = middle;
    }
    out.push({ from: began, to: after, offset });
    began = after;
    offset = offsetAt(after);
  }
  out.push({ from: began, to, offset });
  return out;
}

/** Every opening time between two instants (whole minutes), in order; neighbours that touch are one. */
export function openIntervals(schedule: Schedule, range: Interval): Interval[] {
  const closed = new Set(schedule.holidays.map((day) => Date.parse(day)));
  const out: Interval[] = [];
  for (const stretch of stretches(schedule.timeZone, range)) {
    const { offset } = stretch;
    for (let day = Math.floor((stretch.from + offset) / DAY) * DAY; day < stretch.to + offset; day += DAY) {
      if (closed.has(day)) continue;
      // 1 January 1970 was a Thursday.
      for (const open of schedule.week[(day / DAY + 3) % 7]!) {
        const from = Math.max(day + open.from * MINUTE - offset, stretch.from);
        const to = Math.min(day + open.to * MINUTE - offset, stretch.to);
        const last = out.at(-1);
        if (from >= to) continue;
        if (last?.to === from) last.to = to;
        else out.push({ from, to });
      }
    }
  }
  return out;
}
