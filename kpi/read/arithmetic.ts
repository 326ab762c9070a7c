/** KPIs that are arithmetic over measures and other KPIs: components are summed first, the ratio is computed last. */
import type { Queryable } from '../../db/client.ts';
import { daysBetween, offset } from '../calendar.ts';
import type { Catalogue } from '../catalogue.ts';
import { type Expression, evaluate, keyOf, parseFormula, type Read, reads, sampleOf } from '../formula.ts';
import { firstDays, readSums, type Sum } from './measure-sums.ts';
import type { Once } from './once.ts';
import type { Figure, Figures, Slice, Span } from './slice.ts';

export type ArithmeticInput = {
  text: string;
  catalogue: Catalogue;
  periods: readonly Span[];
  slice: Slice;
  minorPerUnit: number;
  today: string;
  /** Figures of another KPI that the formula names. */
  readOther: (kpi: string, periods: readonly Span[], slice: Slice) => Promise<Figures>;
  kept: Once;
};

export async function readArithmetic(sql: Queryable, input: ArithmeticInput): Promise<Figures> {
  const { periods, slice, kept } = input;
  const formula = parseFormula(input.text);
  const wanted = reads(formula);
  const stored = wanted.filter((read) => read.what !== 'kpi');
  const names = [...new Set(stored.map((read) => read.measure))];
  const [sums, first, others] = await Promise.all([
    readSums(sql, stored, periods, slice, kept),
    firstDays(sql, names, slice.asOf, kept),
    readOthers(wanted, input),
  ]);
  return periods.map((period, i) => {
    const parts = sums[i]!;
    const figures = new Map<string, Figure>();
    const partNames = slice.by
      ? new Set([
          ...parts.keys(),
          ...[...others].flatMap(([, { figures, overall }]) => (overall ? [] : [...figures[i]!.keys()])),
        ])
      : [''];
    for (const part of partNames) {
      const known = new Map(
        [...others].map(([key, { figures, overall }]) => [key, figures[i]!.get(overall ? '' : part)]),
      );
      figures.set(
        part,
        figureOf(formula, wanted, parts.get(part) ?? new Map(), { ...input, period, first, others: known }),
      );
    }
    return figures;
  });
}

type Other = { figures: Figures; overall: boolean };

async function readOthers(
  wanted: readonly Read[],
  { periods, slice, readOther }: ArithmeticInput,
): Promise<Map<string, Other>> {
  const others = wanted
    .filter((read) => read.what === 'kpi')
    .map(async (read): Promise<[string, Other]> => {
      const { months } = read;
      const windows =
        months === undefined
          ? periods
          : periods.map(({ to }) => ({ from: offset(to, 'month', -months), to }));
      const overall = read.overall ?? false;
      const within: Slice = overall ? { ...slice, by: null, filters: [] } : slice;
      return [keyOf(read), { figures: await readOther(read.measure, windows, within), overall }];
    });
  return new Map(await Promise.all(others));
}

type Around = {
  catalogue: Catalogue;
  period: Span;
  first: ReadonlyMap<string, string>;
  minorPerUnit: number;
  today: string;
  others: ReadonlyMap<string, Figure | undefined>;
};

function figureOf(
  formula: Expression,
  wanted: readonly Read[],
  sums: ReadonlyMap<string, Sum>,
  around: Around,
): Figure {
  const measureOf = (read: Read) =>
    read.what === 'kpi' ? undefined : around.catalogue.measureByName.get(read.measure);
  const begun = ({ measure, at }: Read): boolean => {
    const first = around.first.get(measure);
    return first !== undefined && first < (at === 'start' ? around.period.from : around.period.to);
  };
  const read = (one: Read): number | null => {
    if (one.what === 'kpi') return around.others.get(keyOf(one))?.value ?? null;
    const measure = measureOf(one);
    // Nothing was ever recorded by then, or the period has not begun: unknown, not 0. But where the same facts are
    // known to be kept, one that never occurred (a bad rating) is 0.
    const kept =
      begun(one) ||
      wanted.some(
        (other) => other.at === one.at && measureOf(other)?.table === measure?.table && begun(other),
      );
    if (!kept || around.period.from > around.today) return null;
    const sum = sums.get(`${one.measure}@${one.at}`);
    if (!sum) return 0;
    if (one.what === 'count') return sum.n;
    // Money is stored in minor units, and formulas work in units of the currency.
    return measure?.unit === 'money' ? sum.value / around.minorPerUnit : sum.value;
  };
  /** A number of records, whether counted from a sum or a measure of its own. */
  const isCount = (one: Read) => {
    const measure = measureOf(one);
    return one.what === 'count' || (measure?.unit === 'count' && measure.value === undefined);
  };
  const days = daysBetween(around.period.from, around.period.to);
  return {
    value: evaluate(formula, read, days),
    n: sampleSize(),
    inputs: new Map(wanted.map((one) => [keyOf(one), read(one)])),
  };

  /** Of a formula over other KPIs, the smallest of theirs: it is as sure as the least sure of them. */
  function sampleSize(): number {
    const others = [...around.others.values()].flatMap((other) => (other ? [other.n] : []));
    if (others.length > 0) return Math.min(...others);
    const under = sampleOf(formula, isCount);
    if (under) return evaluate(under, read, days) ?? 0;
    return wanted.reduce((most, one) => Math.max(most, sums.get(`${one.measure}@${one.at}`)?.n ?? 0), 0);
  }
}
