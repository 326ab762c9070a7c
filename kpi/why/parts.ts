/** A whole and its parts in two periods, in the sums that a KPI is made of. */

import { daysBetween } from '../calendar.ts';
import { evaluate, keyOf } from '../formula.ts';
import type { Period } from '../question.ts';
import type { Figure, Figures } from '../read/slice.ts';
import { additive, type Contribution } from './additive.ts';
import { type MixRate, mixRate } from './mix-rate.ts';
import type { Shape, Sum } from './shape.ts';

type Splittable = Extract<Shape, { kind: 'additive' | 'ratio' }>;

/** A part's own value in both periods, beside what it adds; null where it has none. */
export type Valued = { before: number | null; after: number | null };
export type PartMove = (Contribution | MixRate) & Valued;

export type Periods = { before: Pick<Period, 'from' | 'to'>; after: Pick<Period, 'from' | 'to'> };

/**
 * What parts add up to may differ from the whole by the rounding of money in each of them. More means that records
 * count in several parts (a customer with two plans) or in none, and then no share of the change would be true.
 */
const roundingOnly = 1e-5;
/** Sums of cents as floating point, where the whole is 0. */
const floatingPoint = 1e-6;

/**
 * What each part adds to the change of the whole; null when the parts do not add up to the whole in both periods, or a rate has no
 * value in one of them.
 * `whole` and `split` are figures of [after, before].
 */
export function moves(
  shape: Splittable,
  whole: Figures,
  split: Figures,
  periods: Periods,
): PartMove[] | null {
  const [after, before] = [split[0]!, split[1]!];
  const names = [...new Set([...before.keys(), ...after.keys()])];
  const sums = sumsOf(shape, periods);
  const agrees = [0, 1].every((side) =>
    sums.every((sum) => {
      const parts = names.reduce((all, name) => all + sum(split[side]!.get(name), side), 0);
      const all = sum(whole[side]!.get(''), side);
      return Math.abs(parts - all) <= roundingOnly * Math.abs(all) + floatingPoint;
    }),
  );
  // A rate of nothing, in one of the periods, has no change.
  const rated =
    shape.kind === 'additive' || whole.every((figures) => (figures.get('')?.value ?? null) !== null);
  if (!agrees || !rated) return null;
  return contributions(shape, names, sums, split)
    .map((part) => ({
      ...part,
      before: before.get(part.name)?.value ?? null,
      after: after.get(part.name)?.value ?? null,
    }))
    .filter((part) => part.contribution !== 0 || part.before !== null || part.after !== null);
}

type SumOf = (figure: Figure | undefined, side: number) => number;

/** The sums that must add up: the value itself, or numerator and denominator. A missing part has none of either. */
function sumsOf(shape: Splittable, { before, after }: Periods): SumOf[] {
  if (shape.kind === 'additive') return [(figure) => figure?.value ?? 0];
  const days = [daysBetween(after.from, after.to), daysBetween(before.from, before.to)];
  return [
    (figure, side) => (figure ? read(shape.num, figure, days[side]!) * scaleOf(shape.scale, days[side]!) : 0),
    (figure, side) => (figure ? read(shape.den, figure, days[side]!) : 0),
  ];
}

function contributions(
  shape: Splittable,
  names: readonly string[],
  sums: readonly SumOf[],
  [after, before]: Figures,
): (Contribution | MixRate)[] {
  if (shape.kind === 'additive') {
    const [value] = sums;
    const all = (figures: typeof after, side: number) =>
      new Map(names.map((name) => [name, value!(figures!.get(name), side)]));
    return additive(all(before, 1), all(after, 0));
  }
  const [num, den] = sums;
  return mixRate(
    names.map((name) => ({
      name,
      num0: num!(before!.get(name), 1),
      den0: den!(before!.get(name), 1),
      num1: num!(after!.get(name), 0),
      den1: den!(after!.get(name), 0),
    })),
  );
}

export function read(sum: Sum, figure: Figure, days: number): number {
  if (sum.kind === 'input') return figure.inputs.get(sum.name) ?? 0;
  return evaluate(sum.expression, (one) => figure.inputs.get(keyOf(one)) ?? 0, days) ?? 0;
}

/** Constants and days only. */
export function scaleOf(scale: Extract<Shape, { kind: 'ratio' }>['scale'], days: number): number {
  return evaluate(scale, () => null, days) ?? 1;
}
