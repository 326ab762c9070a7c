/** KPIs that are arithmetic over measures: components are summed first, the ratio is computed last. */
import type { Queryable } from '../../db/client.ts';
import { daysBetween } from '../calendar.ts';
import { denominator, type Expression, evaluate, keyOf, parseFormula, type Read, reads } from '../formula.ts';
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
  const read = ({ measure, at, what }: Read): number | null => {
    const first = around.first.get(measure);
    const until = at === 'start' ? around.period.from : around.period.to;
    // Nothing was ever recorded by then, or the period has not begun: unknown, not 0.
    if (first === undefined || first >= until || around.period.from > around.today) return null;
    const sum = sums.get(`${measure}@${at}`);
    if (!sum) return 0;
    return what === 'count' ? sum.n : scaled(measure, sum.value, around.minorPerUnit);
  };
  const days = daysBetween(around.period.from, around.period.to);
  const under = denominator(formula);
  const n = under
    ? (evaluate(under, read, days) ?? 0)
    : wanted.reduce((most, one) => Math.max(most, sums.get(`${one.measure}@${one.at}`)?.n ?? 0), 0);
  return {
    value: evaluate(formula, read, days),
    n,
    inputs: new Map(wanted.map((one) => [keyOf(one), read(one)])),
  };
}
