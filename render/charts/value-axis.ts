import type { Unit } from '../../kpi/answer.ts';

/** A value axis: its domain, at most five round ticks, and their labels. */
export type ValueAxis = { domain: [number, number]; ticks: { value: number; label: string }[] };

type Range = {
  values: readonly (number | null)[];
  unit: Unit;
  currency: string | null;
  locale: string;
  fromZero: boolean;
};

/** 1, 2, 2.5 or 5 times a power of ten: the steps that people count in. */
function roundStep(span: number, most: number): number {
  const rough = span / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].find((multiple) => multiple * power >= rough * 0.999) ?? 10;
  return step * power;
}

/** How axis values are shown: durations in the unit that a person would say, large numbers in thousands or millions. */
function display(
  largest: number,
  unit: Unit,
  currency: string | null,
  locale: string,
): { factor: number; top: (text: string) => string } {
  if (unit === 'percent') return { factor: 1, top: (text) => `${text}\u00a0%` };
  if (unit === 'minutes' && largest >= 120) return { factor: 60, top: (text) => `${text}\u00a0h` };
  if (unit === 'hours' && largest >= 72) return { factor: 24, top: (text) => `${text}\u00a0days` };
  if (unit === 'minutes' || unit === 'hours')
    return { factor: 1, top: (text) => `${text}\u00a0${unit === 'hours' ? 'h' : 'min'}` };
  if (unit === 'days' || unit === 'months') return { factor: 1, top: (text) => `${text}\u00a0${unit}` };
  const factor = [1e12, 1e9, 1e6, 1e3].find((size) => largest >= size) ?? 1;
  const suffix = new Intl.NumberFormat(locale, { notation: 'compact' })
    .formatToParts(factor)
    .find((part) => part.type === 'compact')?.value;
  const scaled = (text: string) => (factor === 1 || suffix === undefined ? text : `${text}\u00a0${suffix}`);
  if (currency === null || (unit !== 'money' && unit !== 'money_per_day')) return { factor, top: scaled };
  const parts = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    maximumFractionDigits: 0,
  }).formatToParts(1);
  const symbol = parts.find((part) => part.type === 'currency')?.value ?? currency;
  const before = parts[0]?.type === 'currency';
  return {
    factor,
    top: (text) =>
      before
        ? `${symbol}${symbol.length > 1 ? '\u00a0' : ''}${scaled(text)}`
        : `${scaled(text)}\u00a0${symbol}`,
  };
}

function labels(values: number[], step: number, range: Range): ValueAxis['ticks'] {
  const largest = Math.max(...values.map(Math.abs));
  const { factor, top } = display(largest, range.unit, range.currency, range.locale);
  const shown = step / factor;
  const digits =
    shown >= 1 && Number.isInteger(Number(shown.toPrecision(6)))
      ? 0
      : Math.min(5, Math.max(1, Math.ceil(-Math.log10(shown) + 0.31)));
  const format = new Intl.NumberFormat(range.locale, {
    maximumFractionDigits: digits,
    minimumFractionDigits: digits,
  });
  return values.map((value, i) => {
    const text = value === 0 ? '0' : format.format(value / factor);
    return { value, label: i === values.length - 1 ? top(text) : text };
  });
}

/** No KPI has a unit in which this much would matter. */
const smallest = 1e-4;

/**
 * Domain and ticks for the values. Bars always start at zero; a line does when its lowest value is below
 * half of its highest, else the movement would be flattened for nothing. The unit stands on the top tick only.
 */
export function valueAxis(range: Range): ValueAxis {
  const known = range.values.filter((value): value is number => value !== null && Number.isFinite(value));
  let low = Math.min(...known);
  let high = Math.max(...known);
  if (known.length === 0) [low, high] = [0, 1];
  if (range.fromZero || (low >= 0 && low <= high / 2)) low = Math.min(0, low);
  if (range.fromZero || (high <= 0 && high >= low / 2)) high = Math.max(0, high);
  // Differences below a thousandth are one level: labels of three digits could not tell them apart.
  if (high - low <= Math.max(smallest, Math.max(Math.abs(low), Math.abs(high)) * 1e-3)) {
    const room = Math.abs(low) < smallest ? 1 : Math.abs(low);
    [low, high] =
      low >= smallest ? [0, high + room * 0.25] : low <= -smallest ? [low - room * 0.25, 0] : [0, 1];
  }
  // A stretch of minutes or hours is divided in the unit that its labels are in.
  const { factor } = display(
    Math.max(Math.abs(low), Math.abs(high)),
    range.unit,
    range.currency,
    range.locale,
  );
  const wholes = range.unit === 'count' && factor === 1;
  let step = roundStep((high - low) / factor, 4) * factor;
  if (wholes) step = Math.max(1, Math.ceil(step));
  let first = Math.floor(low / step + 1e-9);
  let last = Math.ceil(high / step - 1e-9);
  if (last - first > 4) {
    step = roundStep((high - low) / factor, 3) * factor;
    first = Math.floor(low / step + 1e-9);
    last = Math.ceil(high / step - 1e-9);
  }
  if (last === first) last += 1;
  const values = Array.from({ length: last - first + 1 }, (_, i) =>
    Number(((first + i) * step).toPrecision(12)),
  );
  return { domain: [values[0]!, values.at(-1)!], ticks: labels(values, step, range) };
}
