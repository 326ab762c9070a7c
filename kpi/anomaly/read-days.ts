/** A KPI's days as the detector takes them, for the whole or by the values of a dimension. */
import type { Queryable } from '../../db/client.ts';
import { addDays, daysBetween } from '../calendar.ts';
import type { KpiDefinition } from '../definition.ts';
import { evaluate, keyOf, parseFormula, reads } from '../formula.ts';
import type { Day } from '../question.ts';
import { readSums } from '../read/measure-sums.ts';
import { readFigures } from '../read/read-figures.ts';
import type { Figure, Slice, Span } from '../read/slice.ts';
import type { EngineSettings } from '../settings.ts';
import { shapeOf } from '../why/shape.ts';
import type { CountedPoint } from './by-volume.ts';
import { watchOf } from './watch.ts';

export type DaysInput = {
  kpi: KpiDefinition;
  /** [from, to): whole days that all of its sources cover. */
  from: Day;
  to: Day;
  slice: Slice;
  settings: EngineSettings;
  today: Day;
};

/**
 * One point per day and part ('' without a breakdown), for KPIs that `watchOf` does not refuse (none for those). A part
 * without records on a day has 0 of a sum and no value of a ratio; days before the first record have none of either.
 */
export async function readDays(sql: Queryable, input: DaysInput): Promise<Map<string, CountedPoint[]>> {
  const { kpi, from, to, settings } = input;
  const watch = watchOf(kpi, settings.catalogue);
  if (watch.how === 'none') return new Map();
  const days = Array.from({ length: Math.max(0, daysBetween(from, to)) }, (_, i) => addDays(from, i));
  const spans = days.map((day) => ({ from: day, to: addDays(day, 1) }));
  if (spans.length === 0) return new Map();
  return watch.how === 'stock' ? stockDays(sql, input, spans) : flowDays(sql, input, spans, watch.how);
}

async function flowDays(
  sql: Queryable,
  { kpi, slice, settings, today }: DaysInput,
  spans: readonly Span[],
  how: 'sum' | 'ratio',
): Promise<Map<string, CountedPoint[]>> {
  const figures = await readFigures(sql, kpi, spans, slice, settings, today);
  const wholeOf = denominatorOf(kpi, settings);
  const point = (day: Day, figure: Figure | undefined, begun: boolean): CountedPoint => {
    if (how === 'sum') return { day, value: figure?.value ?? (begun ? 0 : null), n: figure?.n ?? 0 };
    const of = figure ? wholeOf(figure) : 0;
    return {
      day,
      value: of === null || of <= 0 ? null : (figure?.value ?? null),
      of: of ?? 0,
      n: figure?.n ?? 0,
    };
  };
  const names = slice.by === null ? [''] : [...new Set(figures.flatMap((parts) => [...parts.keys()]))];
  return new Map(
    names.map((name) => {
      let begun = false;
      const points = spans.map(({ from }, i) => {
        const figure = figures[i]!.get(name);
        begun ||= slice.by !== null && figure !== undefined;
        return point(from, figure, begun);
      });
      return [name, points];
    }),
  );
}

function denominatorOf(kpi: KpiDefinition, { catalogue }: EngineSettings): (figure: Figure) => number | null {
  const shape = shapeOf(kpi, catalogue);
  if (shape.kind !== 'ratio' || shape.den.kind !== 'expression') return () => null;
  const { expression } = shape.den;
  return ({ inputs }) => evaluate(expression, (read) => inputs.get(keyOf(read)) ?? null, 1);
}

/** A stock's rows are signed events, so that a day's sum of them is what the day did to it: no running total per day. */
async function stockDays(
  sql: Queryable,
  { kpi, slice, settings, today }: DaysInput,
  spans: readonly Span[],
): Promise<Map<string, CountedPoint[]>> {
  const formula = parseFormula(kpi.formula.kind === 'arithmetic' ? kpi.formula.text : '0');
  const wanted = reads(formula).map(({ measure }) => ({ measure, at: 'period' as const }));
  const first = spans[0]!.from;
  const [sums, opening] = await Promise.all([
    readSums(sql, wanted, spans, slice),
    readFigures(sql, kpi, [{ from: addDays(first, -1), to: first }], slice, settings, today),
  ]);
  const unit = (measure: string) =>
    settings.catalogue.measureByName.get(measure)?.unit === 'money' ? settings.minorPerUnit : 1;
  const names =
    slice.by === null
      ? ['']
      : [...new Set([...opening[0]!.keys(), ...sums.flatMap((parts) => [...parts.keys()])])];
  return new Map(
    names.map((name) => {
      const known = opening[0]!.get(name)?.value ?? null;
      let level = known ?? 0;
      let begun = known !== null && known !== 0;
      const points = spans.map(({ from }, i): CountedPoint => {
        const parts = sums[i]!.get(name);
        begun ||= parts !== undefined;
        if (!begun) return { day: from, value: null, of: null, n: null };
        const value =
          evaluate(
            formula,
            ({ measure }) => (parts?.get(`${measure}@period`)?.value ?? 0) / unit(measure),
            1,
          ) ?? 0;
        const point = { day: from, value, of: level, n: null };
        level += value;
        return point;
      });
      return [name, points];
    }),
  );
}
