import type { Day, Grain } from '../question.ts';
import { addDays, type Civil, daysBetween, parseDay } from './day.ts';
import { fiscalYear, floor, monthOf, offset, quarterOf, weekOf, type YearKind } from './grain.ts';
import { type CalendarSettings, months } from './settings.ts';

export type Labelled = { from: Day; to: Day; unit: Grain; count: number; complete: boolean; kind?: YearKind };

/**
 * A period in the words that answers use: "Q3 2026", "November 2026 to date", "1–21 Nov 2026",
 * "week 46 (9–15 Nov 2026)", "FY2026 Q2". Fiscal periods always start with "FY".
 */
export function periodLabel(period: Labelled, settings: CalendarSettings): string {
  const name = nameOf(period, settings);
  return period.complete ? name : `${name} to date`;
}

/** "21 November 2026" */
export function dayLabel(day: Day): string {
  const { year, month, date } = parseDay(day);
  return `${date} ${monthName(month)} ${year}`;
}

function nameOf(period: Labelled, settings: CalendarSettings): string {
  const { from, unit, count, kind = 'calendar' } = period;
  const last = offset(from, unit, count - 1, settings, kind);
  const aligned = floor(from, unit, settings, kind) === from;
  if (unit === 'week' && count === 1 && aligned) {
    return `week ${weekOf(from, settings).week} (${daysLabel(from, addDays(period.to, -1))})`;
  }
  if (unit !== 'day' && unit !== 'week' && kind === 'fiscal' && settings.fiscalCalendar) {
    const days = daysLabel(from, addDays(period.to, -1));
    return aligned ? `${fiscalName(unit, from, last, count, settings)} (${days})` : days;
  }
  if (unit === 'day' || unit === 'week' || from.slice(8) !== '01')
    return daysLabel(from, addDays(period.to, -1));
  if (unit === 'month' || !aligned) {
    // An unaligned quarter or year still consists of whole months, and those can be named.
    return monthsLabel(from, addDays(offset(from, unit, count), -1));
  }
  if (unit === 'quarter') return quartersLabel(from, last, count, settings, kind);
  return yearsLabel(from, last, settings, kind);
}

/** Periods of whole weeks are told with their days: nobody knows by heart where they begin. Months are "P1" to "P12". */
function fiscalName(
  unit: 'month' | 'quarter' | 'year',
  from: Day,
  last: Day,
  count: number,
  settings: CalendarSettings,
): string {
  if (unit === 'year') return yearsLabel(from, last, settings, 'fiscal');
  if (unit === 'quarter') return quartersLabel(from, last, count, settings, 'fiscal');
  const year = (day: Day) => `FY${fiscalYear(day, settings)}`;
  const part = (day: Day) => `P${monthOf(day, settings, 'fiscal')}`;
  if (count === 1) return `${year(from)} ${part(from)}`;
  const same = year(from) === year(last);
  return same
    ? `${year(from)} ${part(from)}–${part(last)}`
    : `${year(from)} ${part(from)} – ${year(last)} ${part(last)}`;
}

function yearsLabel(from: Day, last: Day, settings: CalendarSettings, kind: YearKind): string {
  const yearOf = (day: Day) => (kind === 'fiscal' ? `FY${fiscalYear(day, settings)}` : day.slice(0, 4));
  return yearOf(from) === yearOf(last) ? yearOf(from) : `${yearOf(from)}–${yearOf(last)}`;
}

function daysLabel(from: Day, last: Day): string {
  if (daysBetween(from, last) <= 0) return dayLabel(from);
  const a = parseDay(from);
  const b = parseDay(last);
  const short = ({ year, month, date }: Civil) => `${date} ${monthName(month).slice(0, 3)} ${year}`;
  if (a.year !== b.year) return `${short(a)} – ${short(b)}`;
  if (a.month !== b.month) return `${a.date} ${monthName(a.month).slice(0, 3)} – ${short(b)}`;
  return `${a.date}–${short(b)}`;
}

function monthsLabel(from: Day, last: Day): string {
  const a = parseDay(from);
  const b = parseDay(last);
  if (a.year !== b.year) return `${monthName(a.month)} ${a.year} – ${monthName(b.month)} ${b.year}`;
  if (a.month !== b.month) return `${monthName(a.month)}–${monthName(b.month)} ${a.year}`;
  return `${monthName(a.month)} ${a.year}`;
}

function quartersLabel(
  from: Day,
  last: Day,
  count: number,
  settings: CalendarSettings,
  kind: YearKind,
): string {
  const fiscal = kind === 'fiscal';
  const yearOf = (day: Day) => (fiscal ? `FY${fiscalYear(day, settings)}` : day.slice(0, 4));
  const join = (day: Day, part: string) => (fiscal ? `${yearOf(day)} ${part}` : `${part} ${yearOf(day)}`);
  const a = quarterOf(from, settings, kind);
  const b = quarterOf(last, settings, kind);
  if (count === 1) return join(from, `Q${a}`);
  if (count === 2 && a % 2 === 1) return join(from, a === 1 ? 'H1' : 'H2');
  if (yearOf(from) === yearOf(last)) return join(from, `Q${a}–Q${b}`);
  return `${join(from, `Q${a}`)} – ${join(last, `Q${b}`)}`;
}

function monthName(month: number): string {
  const name = months[month - 1] ?? '';
  return name.charAt(0).toUpperCase() + name.slice(1);
}
