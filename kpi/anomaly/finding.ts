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
    /** The band was widened because the day is a holiday. */
    holiday: boolean;
  };
};

/**
 * One sentence for an executive: what happened, against what is usual.
 * "Tickets created was 412 on Monday 16 November 2026, 96 % above the 210 usual for a Monday (180–245)."
 */
export function explain(finding: Finding, title: string, format: (value: number) => string): string {
  const { day, value, expected, low, high, kind, startedOn } = finding;
  const { direction, percent, days, holiday } = finding.sentenceFacts;
  const by = percent === null ? '' : `${Math.round(percent)} % `;
  if (kind === 'step') {
    return `${title} has been ${by}${direction} its usual level since ${dayLabel(startedOn)}: ${format(value)} on ${dayLabel(day)}, where ${format(expected)} was usual.`;
  }
  const name = weekdays[weekdayOf(day)]!;
  const weekday = name.charAt(0).toUpperCase() + name.slice(1);
  const usual = holiday ? `expected on a holiday` : `usual for a ${weekday}`;
  const episode = days > 1 ? `, the furthest of ${days} unusual days since ${dayLabel(startedOn)}` : '';
  return `${title} was ${format(value)} on ${weekday} ${dayLabel(day)}, ${by}${direction} the ${format(expected)} ${usual} (${format(low)}–${format(high)})${episode}.`;
}
