import { dayLabel, weekdayOf, weekdays } from '../calendar.ts';
import type { Day } from '../question.ts';

export type Finding = {
  /** First unusual day of the episode: its identity. */
  startedOn: Day;
  /** Last unusual day so far. */
  endedOn: Day;
  /** The day that the figures are of: the most unusual one; for a step the latest. */
  day: Day;
  value: number;
  expected: number;
  /** Usual range: what would not have been remarked. */
  low: number;
  high: number;
  z: number;
  level: 'watch' | 'alert';
  kind: 'spike' | 'drop' | 'step';
  sentenceFacts: {
    direction: 'above' | 'below';
    /** Distance from expected in per cent of it; null when nothing was expected. */
    percent: number | null;
    /** Unusual days in the episode. */
    days: number;
    /** In the KPI's good way; null when it has none. */
    good: boolean | null;
    holiday: boolean;
    /** The band was doubled, because it is the first holiday seen. */
    widened: boolean;
    /** What one point of the series is; a week is named by its first day. */
    unit: 'day' | 'week';
    /** For changes of a stock: the stock before it; null for all others. */
    of: number | null;
  };
};

/**
 * One sentence for an executive: what happened, against what is usual.
 * "Tickets created was 412 on Monday 16 November 2026, 96 % above the 210 usual for a Monday (180–245)."
 */
export function explain(finding: Finding, title: string, format: (value: number) => string): string {
  const { day, value, expected, low, high, kind, startedOn } = finding;
  const { direction, percent, days, holiday, widened, unit, of } = finding.sentenceFacts;
  const by = percent === null ? '' : `${Math.round(percent)} % `;
  const since = (unit === 'week' ? 'the week of ' : '') + dayLabel(startedOn);
  const name = weekdays[weekdayOf(day)]!;
  const weekday = name.charAt(0).toUpperCase() + name.slice(1);
  const when = unit === 'week' ? `in the week of ${dayLabel(day)}` : `on ${weekday} ${dayLabel(day)}`;
  const alike = unit === 'week' ? 'week' : weekday;
  const usual = holiday ? 'expected on a holiday' : `usual for a ${alike}`;
  const range = `(${format(low)}–${format(high)}${widened ? ', widened: the first holiday known' : ''})`;
  const episode = days > 1 ? `, the furthest of ${days} unusual ${unit}s since ${since}` : '';
  if (of !== null) {
    const move = (change: number) => `${change < 0 ? '−' : '+'}${format(Math.abs(change))}`;
    const told = `${title} moved by ${move(value)} ${when}, to ${format(of + value)}`;
    return kind === 'step'
      ? `${told}: since ${since} it has moved ${direction} its usual ${move(expected)} a ${unit}.`
      : `${told}, where ${move(expected)} is ${usual} (${move(low)} to ${move(high)}${widened ? ', widened: the first holiday known' : ''})${episode}.`;
  }
  return kind === 'step'
    ? `${title} has been ${by}${direction} its usual level since ${since}: ${format(value)} ${unit === 'week' ? when : `on ${dayLabel(day)}`}, where ${format(expected)} was usual.`
    : `${title} was ${format(value)} ${when}, ${by}${direction} the ${format(expected)} ${usual} ${range}${episode}.`;
}
