import { type CalendarSettings, floor, offset, range } from '../calendar.ts';
import type { Filter, Grain, Period } from '../question.ts';
import { periodOfKey } from './period-of-key.ts';
import type { Amounts, Targets } from './targets.ts';
import { type Whole, wholeOf } from './whole.ts';

export type TargetQuestion = { kpi: string; period: Period; filters: readonly Filter[] };

const grains: readonly Grain[] = ['year', 'quarter', 'month', 'week', 'day'];

/**
 * The target of a KPI for the whole of a period, in the KPI's unit; null when none is set. A period named in the
 * configuration wins over "each quarter". Where the KPI adds up over time (`flow`), a period without a target of its
 * own has the sum of its parts, if every part has one; a target is never divided. With a filter, only targets set for
 * its values count.
 */
export function findTarget(
  targets: Targets,
  { kpi, period, filters }: TargetQuestion,
  flow: boolean,
  settings: CalendarSettings,
): number | null {
  const set = targets[kpi];
  if (!set) return null;
  const whole = wholeOf(period, settings);
  const [filter, second] = filters;
  if (second) return null;
  if (!filter) return amountFor(set.amounts, whole, flow, settings);
  const byValue = new Map(
    Object.entries(set.by[filter.dimension] ?? {}).map(([value, amounts]) => [value.toLowerCase(), amounts]),
  );
  const each = filter.values.map((value) => {
    const amounts = byValue.get(value.toLowerCase());
    return amounts ? amountFor(amounts, whole, flow, settings) : null;
  });
  return flow || each.length === 1 ? sum(each) : null;
}

function amountFor(amounts: Amounts, whole: Whole, flow: boolean, settings: CalendarSettings): number | null {
  const own = ownAmount(amounts, whole, settings);
  if (own !== null || !flow) return own;
  for (const grain of grains) {
    const starts = range(whole.from, whole.to, grain, settings, whole.kind);
    const next = (start: string) => offset(start, grain, 1, settings, whole.kind);
    if (starts[0] !== whole.from || next(starts.at(-1)!) !== whole.to) continue;
    const part = (from: string): Whole => ({ ...whole, from, to: next(from), unit: grain, count: 1 });
    const total = sum(starts.map((start) => ownAmount(amounts, part(start), settings)));
    if (total !== null) return total;
  }
  return null;
}

/** Set for this very period, or for each of its unit. */
function ownAmount(amounts: Amounts, whole: Whole, settings: CalendarSettings): number | null {
  for (const [key, amount] of Object.entries(amounts)) {
    const span = periodOfKey(key, settings);
    if (span && span.from === whole.from && span.to === whole.to) return amount;
  }
  const unit = grains.find((grain) => {
    const starts = floor(whole.from, grain, settings, whole.kind) === whole.from;
    return starts && offset(whole.from, grain, 1, settings, whole.kind) === whole.to;
  });
  return (unit && amounts[unit]) ?? null;
}

/** Null when one is missing: a part without a target makes the whole unknown. */
function sum(amounts: readonly (number | null)[]): number | null {
  return amounts.reduce<number | null>(
    (total, amount) => (total === null || amount === null ? null : total + amount),
    0,
  );
}
