import type { Good } from '../answer.ts';
import type { Day } from '../question.ts';
import type { Past, Point } from './baseline.ts';
import type { Finding } from './finding.ts';
import { daily, type Rhythm } from './rhythm.ts';
import { type Scale, type SeriesKind, scales } from './scale.ts';
import { alertZ, type Episode, type Walk, walk, watchZ } from './walk.ts';

export type DetectOptions = {
  kind: SeriesKind;
  good: Good;
  /** Days on which the company rests: kept out of training, with their own effect, or a doubled band before it is known. */
  holidays?: readonly Day[];
  /** Default: daily. */
  rhythm?: Rhythm;
  /** What |z| ≥ 3.5 is multiplied by: more than 1 where people said that nothing was wrong. */
  tolerance?: number;
};

/**
 * Days that differ from what their weekday has usually been lately, allowing for trend and holidays: only when the gap
 * is several times the normal day-to-day wobble *and* big enough to matter. Consecutive days are one finding; five of
 * seven on one side are one change of level, after which the new level is usual.
 *
 * The series holds one entry per calendar day (or week), oldest first, without the one that is still running; null is
 * no data, which is never a finding. Each is judged by those before it alone. Findings come oldest first; with too
 * little history there are none.
 */
export function detect(series: readonly Point[], options: DetectOptions): Finding[] {
  return findingsOf(walkOf(series, options), options);
}

export function walkOf(
  series: readonly Point[],
  { kind, holidays, rhythm = daily, tolerance = 1 }: DetectOptions,
): Walk {
  return walk(series, {
    scale: scales[kind],
    rhythm,
    // A week with a holiday is a week: what it does to it is within the wobble of weeks, or news.
    holidays: new Set(rhythm.unit === 'day' ? holidays : []),
    from: watchZ * tolerance,
  });
}

export function findingsOf({ episodes, history }: Walk, options: DetectOptions): Finding[] {
  return episodes.map((episode) => findingOf(episode, history, scales[options.kind], options));
}

function findingOf(
  { flags, side, step }: Episode,
  history: readonly Past[],
  scale: Scale,
  { kind, good, rhythm = daily, tolerance = 1 }: DetectOptions,
): Finding {
  const peak = flags.reduce((a, b) => (Math.abs(b.z) > Math.abs(a.z) ? b : a));
  const told = step ? flags.at(-1)! : peak;
  const { day, value: observed, holiday, of } = history[told.t]!;
  const { centre, sigma, widened } = told.expected;
  const value = observed!;
  const expected = scale.from(centre, of);
  const up = side > 0;
  return {
    startedOn: history[flags[0]!.t]!.day,
    endedOn: history[flags.at(-1)!.t]!.day,
    day,
    value,
    expected,
    low: scale.from(centre - watchZ * tolerance * sigma, of),
    high: scale.from(centre + watchZ * tolerance * sigma, of),
    z: told.z,
    level: Math.abs(peak.z) >= alertZ * tolerance ? 'alert' : 'watch',
    kind: step ? 'step' : up ? 'spike' : 'drop',
    sentenceFacts: {
      direction: up ? 'above' : 'below',
      percent: expected === 0 ? null : (100 * Math.abs(value - expected)) / Math.abs(expected),
      days: flags.length,
      good: good === 'none' ? null : (good === 'up') === up,
      holiday,
      widened,
      unit: rhythm.unit,
      of: kind === 'change' ? of : null,
    },
  };
}
