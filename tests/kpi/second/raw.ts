/**
 * The second calculation of every KPI: plain loops over the company's raw records, written from the definitions' own
 * words. It shares no code with the engine, the roll-up or the mappings, and must stay so.
 */
import type { Store } from '../../../demo/company/records.ts';
import type { Day, Dimension } from '../../../kpi/question.ts';

export type Span = { from: Day; to: Day };
export type Dims = Partial<Record<Dimension, string | null>>;
export type WithDims = { dims: Dims };
/** Keeps the records of one part; all of them for the total. */
export type Pick = <T extends WithDims>(records: readonly T[]) => readonly T[];

export type SecondFigure = {
  /** Dimensions whose truth is in the raw records themselves. */
  by: readonly Dimension[];
  /** Records whose dimension values name the parts. */
  records: readonly WithDims[];
  /** `null`: no such record had a date before the period's end, or the denominator is nothing. */
  value(span: Span, pick: Pick): number | null;
};

export type SecondFigures = Record<string, SecondFigure>;

export const everything: Pick = (records) => records;

type Row = Record<string, unknown>;

/** The records that a reader of the system can still see. */
export function live<T = Row>(store: Store, object: string): T[] {
  const out: T[] = [];
  for (const stored of store.all(object)) if (!stored.gone) out.push(stored.record as T);
  return out;
}

/** Calendar date of an instant (ISO text or epoch ms) in the company's time zone, told by Intl alone. */
export function dayReader(timeZone: string): (instant: string | number) => Day {
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  return (instant) => format.format(typeof instant === 'number' ? instant : Date.parse(iso(instant)));
}

/** Salesforce writes +0000, which not every parser takes. */
const iso = (text: string) => text.replace(/\+0000$/, 'Z');

export const millis = (instant: string) => Date.parse(iso(instant));

export const inside = (day: Day | null, { from, to }: Span) => day !== null && day >= from && day < to;

export const sum = <T>(records: readonly T[], value: (record: T) => number) =>
  records.reduce((total, record) => total + value(record), 0);

/** Nothing recorded before the period's end is "no records"; an empty stretch of a known record is nothing: 0. */
export const orUnknown = (days: readonly (Day | null)[], span: Span, value: number): number | null =>
  days.some((day) => day !== null && day < span.to) ? value : null;

export const ratio = (above: number | null, below: number | null): number | null =>
  above === null || below === null || below === 0 ? null : above / below;

export const percent = (above: number | null, below: number | null): number | null => {
  const share = ratio(above, below);
  return share === null ? null : 100 * share;
};

/** Linear interpolation between closest ranks. */
export function percentile(values: readonly number[], p: number): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const at = p * (sorted.length - 1);
  const low = Math.floor(at);
  return sorted[low]! + (at - low) * ((sorted[low + 1] ?? sorted[low]!) - sorted[low]!);
}

export function addDays(day: Day, n: number): Day {
  return new Date(Date.parse(day) + n * 86_400_000).toISOString().slice(0, 10);
}

export const daysFrom = (from: Day, to: Day) => Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);

/** The same date a year before; 29 February becomes the 28th. */
export function yearBefore(day: Day): Day {
  const before = `${Number(day.slice(0, 4)) - 1}${day.slice(4)}`;
  return before.endsWith('-02-29') ? `${before.slice(0, 8)}28` : before;
}
