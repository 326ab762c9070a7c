/** Series as those of the Numenta Anomaly Benchmark: minutes and hours of machines, traffic and people, with labelled windows. */
import type { SeriesPoint } from '../../../kpi/anomaly/detect-series.ts';
import type { Window } from './nab-score.ts';
import { chance } from './synthetic.ts';

export const fineKinds = [
  'daily rhythm, a day without',
  'daily rhythm, spikes',
  'hourly, weekly rhythm, odd days',
  'flat, spikes',
  'flat, level shift',
  'regular bursts, one missed',
  'long-tailed counts, a surge',
  'wandering, a plunge',
  'nothing',
] as const;
export type FineKind = (typeof fineKinds)[number];

export type FineSeries = { points: SeriesPoint[]; windows: Window[] };

const minutes = 60_000;
const origin = Date.UTC(2014, 3, 1);

export function fineSeries(kind: FineKind, seed: number): FineSeries {
  const { uniform, normal } = chance(seed * 104_729 + fineKinds.indexOf(kind));
  const hourly = kind.startsWith('hourly');
  const length = hourly ? 2000 : 4032;
  const step = hourly ? 60 * minutes : 5 * minutes;
  const day = (24 * 60 * minutes) / step;
  const spots =
    kind === 'nothing'
      ? []
      : [0.35 + 0.2 * uniform(), 0.7 + 0.2 * uniform()].map((share) => Math.floor(share * length));
  const half = Math.floor((0.1 * length) / Math.max(1, spots.length) / 2);
  const near = (t: number, span: number) => spots.some((spot) => t >= spot && t < spot + span);
  let wander = 80;
  const points: SeriesPoint[] = [];
  for (let t = 0; t < length; t += 1) {
    const at = origin + t * step + Math.floor(20_000 * uniform());
    const wave = 1 + Math.sin((2 * Math.PI * t) / day);
    let value: number;
    switch (kind) {
      case 'daily rhythm, a day without':
        value = near(t, day) ? 22 + normal() : 20 + 40 * wave + 3 * normal();
        break;
      case 'daily rhythm, spikes':
        value = 20 + 40 * wave + 3 * normal() + (near(t, 3) ? 80 : 0);
        break;
      case 'hourly, weekly rhythm, odd days':
        value =
          (10_000 + 6000 * wave) *
          (Math.floor(t / 24) % 7 > 4 ? 0.6 : 1) *
          (1 + 0.05 * normal()) *
          (near(t, 24) ? 0.35 : 1);
        break;
      case 'flat, spikes':
        value = 0.5 + 0.03 * normal() + (uniform() < 0.01 ? 0.2 : 0) + (near(t, 2) ? 2 + uniform() : 0);
        break;
      case 'flat, level shift':
        value = 40 + 2 * normal() + 25 * spots.filter((spot) => t >= spot).length;
        break;
      case 'regular bursts, one missed':
        value = (t % 288 < 36 && !near(t, 288) ? 80 : 20) + 2 * normal();
        break;
      case 'long-tailed counts, a surge':
        value =
          Math.round(Math.exp(2 + 0.3 * wave + 0.5 * normal()) * (uniform() < 0.003 ? 4 : 1)) +
          (near(t, 30) ? 300 : 0);
        break;
      case 'wandering, a plunge':
        wander += 0.3 * normal() - 0.01 * (wander - 80);
        value = near(t, 60) ? wander - 40 : wander;
        break;
      case 'nothing':
        value = 20 + 10 * wave + 3 * normal();
        break;
      default:
        kind satisfies never;
        throw new Error(kind);
    }
    if (uniform() < 0.002) continue;
    points.push({ at, value: uniform() < 0.002 ? Number.NaN : value });
  }
  const indexOf = (t: number) => points.findIndex(({ at }) => at >= origin + t * step);
  const windows = spots.map((spot) => ({
    from: Math.max(0, indexOf(spot - half)),
    to: indexOf(Math.min(length - 2, spot + half)),
  }));
  return { points, windows };
}
