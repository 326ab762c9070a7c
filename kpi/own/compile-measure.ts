/** A measure of the configuration as the measure that the roll-up keeps. */
import { didYouMean } from '../../platform/closest.ts';
import type { FactTable, Measure } from '../definition.ts';
import type { Dimension } from '../question.ts';
import { compileWhere, kindOf, type Report } from './conditions.ts';
import { dimensionsOf, facts } from './facts.ts';
import type { Amount, OwnMeasure } from './schema.ts';

/** The measure, or null when it has faults, all of which were reported. */
export function compileMeasure(
  name: string,
  own: OwnMeasure,
  minorPerUnit: number,
  report: Report,
): Measure | null {
  let faults = 0;
  const tell: Report = (at, fault) => {
    faults++;
    report(at, fault);
  };
  const table = tableOf(own.of, tell);
  if (!table) return null;
  const when = compileWhere(table, own.where, minorPerUnit, tell);
  const value = own.sum === undefined ? null : compileAmount(table, own.sum, 'sum', tell);
  const at = own.date === undefined ? 'starts' : 'date';
  const day = compileDay(table, own.date ?? own.starts!, at, tell);
  const ends = own.ends === undefined ? null : compileDay(table, own.ends, 'ends', tell);
  const by = compileDimensions(table, own.by, tell);
  if (faults > 0) return null;
  return {
    name,
    label: own.label ?? name.replaceAll('_', ' '),
    table,
    day: day!,
    ...(ends ? { ends } : {}),
    ...(value ? { value: value.sql } : {}),
    // A fact that does not say its value has none: it adds nothing and is not counted.
    ...(when || value
      ? { when: [when, value && `(${value.sql}) is not null`].filter(Boolean).join(' and ') }
      : {}),
    unit: value?.unit ?? 'count',
    kind: ends ? 'stock' : 'flow',
    dimensions: by,
  };
}

export function tableOf(name: string, report: Report): FactTable | null {
  if (facts.has(name as FactTable)) return name as FactTable;
  const names = [...facts.keys()];
  report(
    'of',
    `there are no facts called "${name}"; ${didYouMean(name, names)}there are ${names.join(', ')}`,
  );
  return null;
}

export function compileDimensions(
  table: FactTable,
  by: readonly Dimension[] | undefined,
  report: Report,
): readonly Dimension[] {
  const possible = dimensionsOf(table);
  for (const one of by ?? [])
    if (!possible.includes(one))
      report('by', `${table} does not carry ${one}; it can be split by ${possible.join(', ') || 'nothing'}`);
  return by ?? possible;
}

/** A day of the company's calendar. */
export function compileDay(table: FactTable, column: string, at: string, report: Report): string | null {
  const kind = kindOf(table, column, at, report);
  if (kind === null) return null;
  if (kind === 'date') return `f.${column}`;
  if (kind === 'instant') return `tz(f.${column})`;
  report(at, `"${column}" is no date`);
  return null;
}

/** A column's number, or the seconds (days between two dates) from one column to another; negative ones are left out. */
export function compileAmount(
  table: FactTable,
  amount: Amount,
  at: string,
  report: Report,
): { sql: string; unit: Measure['unit'] } | null {
  if (typeof amount === 'string') {
    const kind = kindOf(table, amount, at, report);
    if (kind === null) return null;
    if (kind === 'money') return { sql: `f.${amount}`, unit: 'money' };
    if (kind === 'number') return { sql: `f.${amount}`, unit: 'count' };
    report(at, `"${amount}" is no number`);
    return null;
  }
  const ends = [
    kindOf(table, amount.from, `${at}.from`, report),
    kindOf(table, amount.to, `${at}.to`, report),
  ];
  if (ends.includes(null)) return null;
  const [from, to] = [`f.${amount.from}`, `f.${amount.to}`];
  if (ends.every((kind) => kind === 'date'))
    return { sql: `case when ${to} >= ${from} then (${to} - ${from}) * 86400 end`, unit: 'seconds' };
  if (ends.every((kind) => kind === 'instant'))
    return {
      sql: `case when ${to} >= ${from} then extract(epoch from ${to} - ${from})::bigint end`,
      unit: 'seconds',
    };
  report(at, `the time from "${amount.from}" to "${amount.to}" needs two dates or two instants`);
  return null;
}
