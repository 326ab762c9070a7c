import type { Calendar } from './calendar.ts';
import type { Random } from './random.ts';

/** How busy a day is, relative to others. */
export type Rhythm = (day: number) => number;

/** Share of a workday's load that a Saturday or Sunday sees. */
const WEEKEND = 0.12;

/** A dip in late December and August, a push in the last month of each quarter. */
function season(calendar: Calendar, day: number): number {
  const text = calendar.text(day);
  const month = Number(text.slice(5, 7));
  const date = Number(text.slice(8, 10));
  if ((month === 12 && date > 22) || (month === 1 && date < 3)) return 0.35;
  if (month === 8) return 0.82;
  return month % 3 === 0 ? 1.12 : 1;
}

/**
 * Growth over the history times weekly times yearly rhythm.
 * `from` and `to` are the level at the first and the last day, `curve` bends the way between them.
 */
export function rhythm(
  calendar: Calendar,
  shape: { from: number; to: number; curve?: number; weekend?: number; seasonal?: boolean },
): Rhythm {
  const span = calendar.anchor - calendar.first;
  return (day) => {
    const growth =
      shape.from + (shape.to - shape.from) * (Math.max(0, day - calendar.first) / span) ** (shape.curve ?? 1);
    const week = calendar.isWorkday(day) ? 1 : (shape.weekend ?? WEEKEND);
    return growth * week * (shape.seasonal === false ? 1 : season(calendar, day));
  };
}

/** `total` days of history drawn by their busyness, in order. */
export function drawDays(random: Random, calendar: Calendar, total: number, busy: Rhythm): number[] {
  const cumulative: number[] = [];
  let sum = 0;
  for (let day = calendar.first; day <= calendar.anchor; day++) {
    sum += busy(day);
    cumulative.push(sum);
  }
  const days: number[] = [];
  for (let i = 0; i < total; i++) {
    // One draw per equal slice: the counts follow the rhythm closely at any scale, and come out sorted.
    const target = ((i + random.next()) / total) * sum;
    let low = 0;
    let high = cumulative.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (cumulative[middle]! > target) high = middle;
      else low = middle + 1;
    }
    days.push(calendar.first + low);
  }
  return days;
}

/** An instant of that day, mostly within office hours. */
export function moment(random: Random, calendar: Calendar, day: number): number {
  const hour = Math.min(22, Math.max(6, random.normal(13, 2.7)));
  return calendar.at(day, hour * 3600 + random.int(60));
}
