/** All that is looked at of one KPI: the whole, and the largest values of its main dimensions. */
import type { Queryable } from '../../db/client.ts';
import { addDays } from '../calendar.ts';
import type { KpiDefinition } from '../definition.ts';
import type { Day, Dimension } from '../question.ts';
import type { EngineSettings } from '../settings.ts';
import { type ByVolume, byVolume, type CountedPoint, detectByVolume } from './by-volume.ts';
import type { Finding } from './finding.ts';
import { holidaysIn } from './holidays.ts';
import { readDays } from './read-days.ts';
import { watchOf } from './watch.ts';

export type Segment = { dimension: Dimension; value: string };

/** A series of a KPI, with what was found in it. */
export type Scanned = { segment: Segment | null; volume: ByVolume; findings: Finding[] };

/** What people said about a KPI's (or segment's) earlier findings. */
export type Judgement = {
  /** Days that were no anomaly: kept out of training and testing. */
  masked: readonly Day[];
  /** See DetectOptions. */
  tolerance: number;
};

export type ScanInput = {
  kpi: KpiDefinition;
  /** Exclusive: the first day that is not covered whole. */
  to: Day;
  settings: EngineSettings;
  today: Day;
  holidays: readonly string[];
  judgementOf: (segment: Segment | null) => Judgement;
};

/** A little over a year, so that last year's holidays have taught what this year's do. */
export const historyDays = 400;
/** By these a business is led; hundreds of owners would be hundreds of tests. */
const mainDimensions: readonly Dimension[] = ['segment', 'region', 'product', 'plan', 'channel'];
const mostValues = 5;
/** A segment that carries less of the volume is noise to those who read of it. */
const leastShare = 0.05;
/** Names that stand for many or for none. */
const nameless = new Set(['', 'unknown', 'other']);

export async function scan(sql: Queryable, input: ScanInput): Promise<Scanned[]> {
  const { kpi, to, settings, today } = input;
  if (watchOf(kpi, settings.catalogue).how === 'none') return [];
  const from = addDays(to, -historyDays);
  const read = (by: Dimension | null) =>
    readDays(sql, { kpi, from, to, settings, today, slice: { by, filters: [], asOf: null } });
  const whole = (await read(null)).get('');
  if (!whole) return [];
  const scanned = [judge(whole, null, input)];
  // Where the whole has too little, its parts have less.
  if (scanned[0]!.volume.rhythm === null) return scanned;
  for (const dimension of mainDimensions.filter((name) => kpi.dimensions.includes(name)))
    for (const [value, points] of largest(await read(dimension)))
      scanned.push(judge(points, { dimension, value }, input));
  return scanned;
}

/** Points to findings, as the detector is run everywhere. */
export function judge(points: readonly CountedPoint[], segment: Segment | null, input: ScanInput): Scanned {
  const { kpi, settings, holidays, judgementOf } = input;
  const watch = watchOf(kpi, settings.catalogue);
  if (watch.how === 'none' || points.length === 0)
    return {
      segment,
      volume: { rhythm: null, series: [], stated: watch.how === 'none' ? watch.reason : 'no days' },
      findings: [],
    };
  const { masked, tolerance } = judgementOf(segment);
  const hidden = new Set(masked);
  const shown =
    hidden.size === 0
      ? points
      : points.map((point) => (hidden.has(point.day) ? { ...point, value: null } : point));
  const volume = byVolume(shown, watch.kind, settings.calendar);
  const findings = detectByVolume(volume, {
    kind: watch.kind,
    good: kpi.good,
    tolerance,
    holidays: holidaysIn(holidays, points[0]!.day, addDays(points.at(-1)!.day, 1)),
  });
  return { segment, volume, findings };
}

/** An episode that ended earlier is no news. */
const newsDays = 2;

/** What somebody who looks on this day is told of a series; weeks end six days after the day that names them. */
export function newsOf({ findings, volume }: Scanned, today: Day): Finding | null {
  const lasts = volume.rhythm?.unit === 'week' ? 6 : 0;
  const since = addDays(today, -newsDays - lasts);
  return findings.filter(({ endedOn }) => endedOn >= since).at(-1) ?? null;
}

/** The parts that are looked at: at most five, each with at least a twentieth of the volume. */
export function largest(parts: ReadonlyMap<string, CountedPoint[]>): [string, CountedPoint[]][] {
  const sized = [...parts]
    .filter(([name]) => !nameless.has(name))
    .map(([name, points]) => ({
      name,
      points,
      size: points.reduce((sum, { n, value }) => sum + (n ?? Math.abs(value ?? 0)), 0),
    }));
  const all = sized.reduce((sum, { size }) => sum + size, 0);
  return sized
    .filter(({ size }) => size >= leastShare * all && size > 0)
    .sort((a, b) => b.size - a.size || (a.name < b.name ? -1 : 1))
    .slice(0, mostValues)
    .map(({ name, points }) => [name, points]);
}
