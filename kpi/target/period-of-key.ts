import { addDays, type CalendarSettings, fiscalYearStart, isDay, offset } from '../calendar.ts';
import type { Day, Grain } from '../question.ts';

const units: readonly string[] = ['day', 'week', 'month', 'quarter', 'year'] satisfies Grain[];

/** True for what a target may be set for: a unit, or one day, month, quarter, half or year by name. */
export function isTargetKey(key: string): boolean {
  return units.includes(key) || named.test(key) || isDay(key);
}

const named = /^(FY)?(\d{4})(?:-(?:(Q)([1-4])|(H)([12])|(0[1-9]|1[0-2])))?$/;

/** First day, and the day after the last, of a period named in the configuration; null for a unit ("quarter"). */
export function periodOfKey(key: string, settings: CalendarSettings): { from: Day; to: Day } | null {
  if (isDay(key)) return { from: key, to: addDays(key, 1) };
  const match = named.exec(key);
  if (!match) return null;
  const [, fiscal, year, , quarter, , half, month] = match;
  const kind = fiscal ? 'fiscal' : 'calendar';
  const start = fiscal ? fiscalYearStart(Number(year), settings) : `${year}-01-01`;
  const size = quarter ? 3 : half ? 6 : month ? 1 : 12;
  const index = Number(quarter ?? half ?? month ?? 1) - 1;
  const move = (day: Day, n: number) => offset(day, 'month', n * size, settings, kind);
  const from = move(start, index);
  return { from, to: move(from, 1) };
}
