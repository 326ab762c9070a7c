/** A figure on its way from the first instant to the second, while the classes of changes are let in one by one. */
import { type Class, classOrder } from './classes.ts';

/** The figure at first, and with each class of `classOrder` let in; the last is the figure at the second instant. */
export type Course = readonly (number | null)[];

export const stages: readonly number[] = [0, ...classOrder.map((_class, i) => i + 1)];

/**
 * The course of a sum in the unit of its formula: each class adds its amount, as stored (`perUnit` of them are one). What
 * was not there before is unknown until something came.
 */
export function courseOfSum(
  { before, after, perUnit }: { before: number | null; after: number | null; perUnit: number },
  amountOf: (name: Class) => number,
): Course {
  // Added up as stored: fractions of a cent would pass for a change.
  let stored = before === null ? null : Math.round(before * perUnit);
  const course = classOrder.map((name) => {
    const amount = amountOf(name);
    if (amount !== 0) stored = (stored ?? 0) + amount;
    return stored === null ? null : stored / perUnit;
  });
  return [before, ...course.slice(0, -1), after];
}

export type Effect = { class: Class; amount: number };

/**
 * What each class did to the figure; they add up to its change since it was told. What parts that from the course's
 * first figure is the work of a changed definition. Null where the figure was unknown on the way.
 */
export function effectsOf(told: number | null, course: Course): Effect[] | null {
  if (told === null || course.some((value) => value === null)) return null;
  const amounts = classOrder.map((_class, i) => {
    const [from, to] = [course[i] ?? course.at(-1)!, course[i + 1] ?? course.at(-1)!];
    return to - from;
  });
  amounts[classOrder.indexOf('definition')]! += course[0]! - told;
  return classOrder.flatMap((name, i) => (amounts[i] === 0 ? [] : [{ class: name, amount: amounts[i]! }]));
}
