import { wallClock } from '../../platform/wall-clock.ts';

/** Days of the company: whole numbers since 1970-01-01, turned into instants by the company's time zone. */
export type Calendar = {
  /** First and last day of history. */
  first: number;
  anchor: number;
  /** The last instant (whole second) of the anchor day, epoch ms. */
  end: number;
  startOf(day: number): number;
  dayOf(at: number): number;
  text(day: number): string;
  parse(text: string): number;
  /** 0 is Sunday. */
  weekday(day: number): number;
  isWorkday(day: number): boolean;
  /** The day itself, or the nearest workday after it (before it, when only that would pass the anchor). */
  workday(day: number): number;
  /** The instant `seconds` after local midnight, kept inside the day. */
  at(day: number, seconds: number): number;
  /** The same day of the month `months` later, clipped to the month's end. */
  monthsAfter(day: number, months: number): number;
  quarterStart(day: number): number;
  /** `at` plus minutes that pass only Monday to Friday, 08:00–18:00. */
  addBusinessMinutes(at: number, minutes: number): number;
};

const DAY_MS = 86_400_000;
const OPENS = 8 * 3600;
const CLOSES = 18 * 3600;
/** The spec of the company: thirty months, enough for two year-over-year comparisons. */
const MONTHS = 30;

export function createCalendar(options: { anchorDay: string; timeZone: string }): Calendar {
  const offset = (at: number) => wallClock(at, options.timeZone) - Math.floor(at / 1000) * 1000;
  const starts = new Map<number, number>();
  const texts = new Map<number, string>();

  const parse = (text: string) => Math.round(Date.parse(`${text}T00:00:00Z`) / DAY_MS);
  const startOf = (day: number) => {
    let start = starts.get(day);
    if (start === undefined) {
      const guess = day * DAY_MS - offset(day * DAY_MS);
      start = day * DAY_MS - offset(guess);
      starts.set(day, start);
    }
    return start;
  };
  const dayOf = (at: number) => {
    let day = Math.floor(at / DAY_MS);
    while (startOf(day) > at) day--;
    while (startOf(day + 1) <= at) day++;
    return day;
  };
  const text = (day: number) => {
    let known = texts.get(day);
    if (known === undefined) {
      known = new Date(day * DAY_MS).toISOString().slice(0, 10);
      texts.set(day, known);
    }
    return known;
  };
  const monthsAfter = (day: number, months: number) => {
    const from = new Date(day * DAY_MS);
    const month = from.getUTCMonth() + months;
    const last = new Date(Date.UTC(from.getUTCFullYear(), month + 1, 0)).getUTCDate();
    return Math.round(Date.UTC(from.getUTCFullYear(), month, Math.min(from.getUTCDate(), last)) / DAY_MS);
  };
  const quarterStart = (day: number) => {
    const date = new Date(day * DAY_MS);
    return Math.round(Date.UTC(date.getUTCFullYear(), Math.floor(date.getUTCMonth() / 3) * 3, 1) / DAY_MS);
  };
  const weekday = (day: number) => (day + 4) % 7;
  const isWorkday = (day: number) => weekday(day) % 6 !== 0;
  const at = (day: number, seconds: number) =>
    Math.min(startOf(day) + Math.floor(Math.max(0, seconds)) * 1000, startOf(day + 1) - 1000);

  const anchor = parse(options.anchorDay);
  return {
    first: monthsAfter(anchor + 1, -MONTHS),
    anchor,
    end: startOf(anchor + 1) - 1000,
    startOf,
    dayOf,
    text,
    parse,
    weekday,
    isWorkday,
    workday(day) {
      let later = day;
      while (!isWorkday(later)) later++;
      if (later <= anchor || day > anchor) return later;
      let earlier = day;
      while (!isWorkday(earlier)) earlier--;
      return earlier;
    },
    at,
    monthsAfter,
    quarterStart,
    addBusinessMinutes(from, minutes) {
      let day = dayOf(from);
      let second = (from - startOf(day)) / 1000;
      let left = Math.round(minutes * 60);
      for (;;) {
        const begin = Math.max(second, OPENS);
        if (isWorkday(day) && begin < CLOSES) {
          if (begin + left <= CLOSES) return at(day, begin + left);
          left -= CLOSES - begin;
        }
        day++;
        second = 0;
      }
    },
  };
}
