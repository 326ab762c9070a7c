import type { Day } from '../question.ts';

/** A calendar date taken apart; `month` and `date` count from 1. */
export type Civil = { year: number; month: number; date: number };

/**
 * Plain integer arithmetic on the proleptic Gregorian calendar, after Howard Hinnant's `days_from_civil`
 * (https://howardhinnant.github.io/date_algorithms.html). A day has no time zone, so no `Date` is involved:
 * a clock change cannot shift it, and loading this module costs nothing.
 */
export function ordinalOf({ year, month, date }: Civil): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + date - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** The inverse of `ordinalOf`; ordinal 0 is 1970-01-01. */
export function civilOf(ordinal: number): Civil {
  const z = ordinal + 719_468;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  const date = dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, date };
}

/** 'YYYY-MM-DD' → year, month, date. */
export function parseDay(day: Day): Civil {
  return { year: Number(day.slice(0, 4)), month: Number(day.slice(5, 7)), date: Number(day.slice(8, 10)) };
}

export function formatDay({ year, month, date }: Civil): Day {
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`;
}

/** Days since 1970-01-01. */
export function dayNumber(day: Day): number {
  return ordinalOf(parseDay(day));
}

export function dayAt(ordinal: number): Day {
  return formatDay(civilOf(ordinal));
}

/** Is this text a date that exists? */
export function isDay(text: string): text is Day {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && dayAt(dayNumber(text)) === text;
}

export function addDays(day: Day, n: number): Day {
  return dayAt(dayNumber(day) + n);
}

/** Whole days from `from` to `to`: the length of the half-open range [from, to). */
export function daysBetween(from: Day, to: Day): number {
  return dayNumber(to) - dayNumber(from);
}

/** ISO dates sort as text. */
export function minDay(a: Day, b: Day): Day {
  return a < b ? a : b;
}

/** 0 is Sunday, 6 is Saturday. */
export function weekdayOf(day: Day): number {
  return (((dayNumber(day) + 4) % 7) + 7) % 7;
}

export function daysInMonth(year: number, month: number): number {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** Move by whole months; a date that the target month does not have becomes its last (31 Jan + 1 = 28 Feb). */
export function addMonths(day: Day, n: number): Day {
  const { year, month, date } = parseDay(day);
  const total = year * 12 + (month - 1) + n;
  const y = Math.floor(total / 12);
  const m = total - y * 12 + 1;
  return formatDay({ year: y, month: m, date: Math.min(date, daysInMonth(y, m)) });
}
