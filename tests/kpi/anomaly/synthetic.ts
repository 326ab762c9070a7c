/** Labelled series made by chance from fixed seeds: what they hold is known, so that what is found can be counted. */
import { addDays, weekdayOf } from '../../../kpi/calendar.ts';

export type Chance = { uniform(): number; normal(): number };

/** mulberry32 and Box–Muller. */
export function chance(seed: number): Chance {
  let a = seed;
  const uniform = () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    uniform,
    normal: () => Math.sqrt(-2 * Math.log(uniform() + 1e-12)) * Math.cos(2 * Math.PI * uniform()),
  };
}

/** A label covers [from, to] in days of the series. */
export type Label = { from: number; to: number; kind: 'spike' | 'drop' | 'step' };
export type Labelled = {
  series: { day: string; value: number | null }[];
  labels: Label[];
  holidays: string[];
};

export const kinds = [
  'spikes',
  'drops',
  'level shift',
  'trend and spikes',
  'holidays and spikes',
  'missing days',
  'slow drift',
  'zero-heavy',
  'long tails',
  'nothing',
] as const;
export type Kind = (typeof kinds)[number];

const start = '2025-01-06';
const days = 365;
const rhythm = [0.35, 1.2, 1.1, 1.05, 1, 0.95, 0.4];

/** A year of a business series of one kind: weekly season, multiplicative noise of 5 to 12 %, and what the kind says. */
export function labelled(kind: Kind, seed: number): Labelled {
  const { uniform, normal } = chance(seed * 7919 + kinds.indexOf(kind));
  const noise = 0.05 + 0.07 * uniform();
  const level = 100 + 2000 * uniform();
  const holidays = Array.from({ length: 8 }, (_, i) => addDays(start, 20 + 44 * i));
  const labels: Label[] = [];
  const spots = Array.from({ length: 4 }, (_, i) => 70 + i * 70 + Math.floor(50 * uniform()));
  const factor = new Map<number, number>();
  const mark = (t: number, by: number) => {
    factor.set(t, by);
    labels.push({ from: t, to: t, kind: by > 1 ? 'spike' : 'drop' });
  };
  if (
    [
      'spikes',
      'trend and spikes',
      'holidays and spikes',
      'missing days',
      'long tails',
      'zero-heavy',
    ].includes(kind)
  )
    for (const t of spots) mark(t, (kind === 'long tails' ? 5 : 2) + 1.5 * uniform());
  if (kind === 'drops') for (const t of spots) mark(t, 0.15 + 0.25 * uniform());
  const shiftAt = kind === 'level shift' ? 150 + Math.floor(100 * uniform()) : days;
  const shiftBy = uniform() < 0.5 ? 1.7 : 0.55;
  if (kind === 'level shift') labels.push({ from: shiftAt, to: shiftAt + 9, kind: 'step' });
  const growth = kind === 'trend and spikes' ? 0.002 : kind === 'slow drift' ? -0.0015 : 0;
  const series = Array.from({ length: days }, (_, t) => {
    const day = addDays(start, t);
    const season = kind === 'zero-heavy' ? (weekdayOf(day) % 6 === 0 ? 0 : 0.02) : rhythm[weekdayOf(day)]!;
    const wild =
      kind === 'long tails'
        ? Math.exp(0.3 * normal()) * (uniform() < 0.03 ? 1.8 : 1)
        : Math.exp(noise * normal());
    const rest = kind === 'holidays and spikes' && holidays.includes(day) && !factor.has(t) ? 0.3 : 1;
    const mean =
      level * season * Math.exp(growth * t) * (t >= shiftAt ? shiftBy : 1) * (factor.get(t) ?? 1) * rest;
    const gone = kind === 'missing days' && !factor.has(t) && uniform() < 0.08;
    return { day, value: gone ? null : Math.max(0, Math.round(mean * wild)) };
  });
  return { series, labels, holidays: kind === 'holidays and spikes' ? holidays : [] };
}
