import type { Day } from '../question.ts';

/** The days of [from, to) on which the company rests, from dates (2026-04-03) and days of every year (12-25). */
export function holidaysIn(given: readonly string[], from: Day, to: Day): Day[] {
  const years: string[] = [];
  for (let year = Number(from.slice(0, 4)); year <= Number(to.slice(0, 4)); year += 1)
    years.push(String(year).padStart(4, '0'));
  return given
    .flatMap((day) => (day.length === 5 ? years.map((year) => `${year}-${day}`) : [day]))
    .filter((day) => day >= from && day < to)
    .sort();
}
