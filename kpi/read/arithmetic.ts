/** KPIs that are arithmetic over measures: components are summed first, the ratio is computed last. */
import type { Queryable } from '../../db/client.ts';
import { daysBetween } from '../calendar.ts';
import { measureByName } from '../definitions/measures.ts';
import { type Expression, evaluate, keyOf, parseFormula, type Read, reads, sampleOf } from '../formula.ts';
import { firstDays, readSums, type Sum, scaled } from './measure-sums.ts';
import type { Figure, Figures, Slice, Span } from './slice.ts';

export type ArithmeticInput = {
  text: string;
  periods: readonly Span[];
  slice: Slice;
  minorPerUnit: number;
  today: string;
};

export async function readArithmetic(
  sql: Queryable,
  { text, periods, slice, minorPerUnit, today }: ArithmeticInput,
): Promise<Figures> {
  const formula = parseFormula(text);
  const wanted = reads(formula);
  const names = [...new Set(wanted.map((read) => read.measure))];
  const [sums, first] = await Promise.all([readSums(sql, wanted, periods, slice), firstDays(sql, names)]);
  return periods.map((period, i) => {
    const parts = sums[i]!;
    const figures = new Map<string, Figure>();
    const partNames = slice.by ? [...parts.keys()] : [''];
    for (const part of partNames) {
      figures.set(
        part,
        figureOf(formula, wanted, parts.get(part) ?? new Map(), { period, first, minorPerUnit, today }),
      );
    }
    return figures;
  });
}

type Around = { period: Span; first: ReadonlyMap<string, string>; minorPerUnit: number; today: string };

function figureOf(
  formula: Expression,
  wanted: readonly Read[],
  sums: ReadonlyMap<string, Sum>,
  around: Around,
): Figure {
  const begun = ({ measure, at }: Read): boolean => {
    const first = around.first.get(measure);
    return first !== undefined && first < (at === 'start' ? around.period.from : around.period.to);
  };
  const read = (one: Read): number | null => {
    // Nothing was ever recorded by then, or the period has not begun: unknown, not 0. But where the same facts are
    // known to be kept, one that never occurred (a bad rating) is 0.
    const kept =
      begun(one) ||
      wanted.some((other) => other.at === one.at && tableOf(other) === tableOf(one) && begun(other));
    if (!kept || around.period.from > around.today) return null;
    const sum = sums.get(`${one.measure}@${one.at}`);
    if (!sum) return 0;
    return one.what === 'count' ? sum.n : scaled(one.measure, sum.value, around.minorPerUnit);
  };
  const days = daysBetween(around.period.from, around.period.to);
  const under = sampleOf(formula, isCount);
  const n = under
    ? (evaluate(under, read, days) ?? 0)
    : wanted.reduce((most, one) => Math.max(most, sums.get(`${one.measure}@${one.at}`)?.n ?? 0), 0);
  return {
    value: evaluate(formula, read, days),
    n,
    inputs: new Map(wanted.map((one) => [keyOf(one), read(one)])),
  };
}

const tableOf = (read: Read) => measureByName.get(read.measure)?.table;

/** A number of records, whether counted from a sum or a measure of its own. */
const isCount = (read: Read) =>
  read.what === 'count' ||
  (measureByName.get(read.measure)?.unit === 'count' && measureByName.get(read.measure)?.value === undefined);
