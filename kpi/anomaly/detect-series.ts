/** Any series of labelled times and values, from anywhere: what of it stands out, by its own past. */
import { dayAt } from '../calendar/day.ts';
import type { Point } from './baseline.ts';
import { findingsOf, walkOf } from './detect.ts';
import { judgeFine } from './fine.ts';
import { daily, type Rhythm, weekly } from './rhythm.ts';
import { median } from './robust.ts';
import { type SeriesKind, scales } from './scale.ts';
import { watchZ } from './walk.ts';

/** `at`: milliseconds since 1970. A value that is no number is a gap. */
export type SeriesPoint = { at: number; value: number | null };

export type JudgedPoint = {
  at: number;
  value: number;
  /** Null while there is too little history to expect anything. */
  expected: number | null;
  low: number | null;
  high: number | null;
  z: number | null;
  /** 0 to 1, rising with |z|; from 0.5 on for the first flagged point of an episode, below for those that follow it. */
  score: number;
  flagged: boolean;
  /** Counted from 1; null for points that are not flagged. */
  episode: number | null;
};

export type JudgedSeries = {
  points: JudgedPoint[];
  episodes: number;
  /** Days, weeks, or the usual milliseconds between points. */
  grain: 'day' | 'week' | number;
  /** Why nothing could be judged; null when something was. */
  refusal: string | null;
};

export type SeriesOptions = {
  /** Default: by a factor when no value is negative, by amounts otherwise. */
  kind?: SeriesKind;
  /** Days since 1970 as `YYYY-MM-DD`. */
  holidays?: readonly string[];
};

const day = 86_400_000;
const flagFine = 5;
/** Sums and differences of such values are still numbers. */
const largest = 1e150;
/** A grid of days longer than this comes from a wrong time, not from a company. */
const mostSlots = 36_600;
/** Of months and quarters there are too few alike to say what is usual. */
const mostStep = 10 * day;
/** Fewer points of a fine series allow no claim. */
const leastFine = 100;

/**
 * Judge each point by those before it. Points may come in any order, twice (the last one holds), with gaps and without
 * numbers; the grain is read off the times: days and weeks go the way of KPIs (kpi/anomaly/walk.ts), finer ones that of
 * kpi/anomaly/fine.ts. Never throws for what values there are; with too little history it says how much is missing.
 */
export function detectSeries(given: readonly SeriesPoint[], options: SeriesOptions = {}): JudgedSeries {
  const points = [...new Map(given.map(({ at, value }) => [at, value])).entries()]
    .filter(
      (entry): entry is [number, number] =>
        Number.isFinite(entry[0]) && entry[1] !== null && Number.isFinite(entry[1]),
    )
    .map(([at, value]) => ({ at, value: Math.max(-largest, Math.min(largest, value)) }))
    .sort((a, b) => a.at - b.at);
  const gaps = points.slice(1).map(({ at }, i) => at - points[i]!.at);
  const step = median(gaps) ?? day;
  if (step > mostStep)
    return {
      points: points.map(({ at, value }) => unjudged(at, value)),
      episodes: 0,
      grain: step,
      refusal: 'the points are more than a week apart: such periods are compared, and none is called unusual',
    };
  if (step >= 0.75 * day) return coarse(points, step >= 5 * day ? weekly : daily, options);
  return fine(points, step);
}

type Given = { at: number; value: number };

function coarse(points: readonly Given[], rhythm: Rhythm, options: SeriesOptions): JudgedSeries {
  const kind = options.kind ?? (points.some(({ value }) => value < 0) ? 'plain' : 'money');
  const stride = rhythm.unit === 'week' ? 7 * day : day;
  const start = points[0]?.at ?? 0;
  const slotOf = (at: number) => Math.round((at - start) / stride);
  const bySlot = new Map(points.map((point) => [slotOf(point.at), point]));
  const length = points.length === 0 ? 0 : slotOf(points.at(-1)!.at) + 1;
  if (length > mostSlots)
    return {
      points: points.map(({ at, value }) => unjudged(at, value)),
      episodes: 0,
      grain: rhythm.unit,
      refusal: `the times lie more than ${mostSlots} ${rhythm.unit}s apart: one of them is wrong`,
    };
  const grid: Point[] = Array.from({ length }, (_, i) => ({
    day: dayAt(Math.floor((start + i * stride) / day)),
    value: bySlot.get(i)?.value ?? null,
  }));
  const detection = {
    kind,
    good: 'none',
    rhythm,
    ...(options.holidays ? { holidays: options.holidays } : {}),
  } as const;
  const walked = walkOf(grid, detection);
  const scale = scales[kind];
  const opened = new Map<number, number>();
  const episodes = [...walked.episodes].sort((a, b) => a.flags[0]!.t - b.flags[0]!.t);
  episodes.forEach(({ flags }, i) => {
    for (const { t } of flags) opened.set(t, i + 1);
  });
  const firsts = new Set(episodes.map(({ flags }) => flags[0]!.t));
  const judged = new Map(walked.judged.map((one) => [one.t, one]));
  const out = points.map(({ at, value }): JudgedPoint => {
    const t = slotOf(at);
    const one = judged.get(t);
    if (!one) return unjudged(at, value);
    const { centre, sigma } = one.expected;
    return {
      at,
      value,
      expected: finite(scale.from(centre, null)),
      low: finite(scale.from(centre - watchZ * sigma, null)),
      high: finite(scale.from(centre + watchZ * sigma, null)),
      z: finite(one.z),
      score: scoreOf(one.z, watchZ, !one.flagged || !firsts.has(t)),
      flagged: one.flagged,
      episode: one.flagged ? (opened.get(t) ?? null) : null,
    };
  });
  return {
    points: out,
    episodes: findingsOf(walked, detection).length,
    grain: rhythm.unit,
    refusal: refusalOf(points.length, rhythm.least, `${rhythm.unit}s`),
  };
}

function fine(points: readonly Given[], step: number): JudgedSeries {
  const verdicts = judgeFine(points, step);
  let episodes = 0;
  const out = points.map(({ at, value }, i): JudgedPoint => {
    const { expected, sigma, z, flagged, opens } = verdicts[i]!;
    if (opens) episodes += 1;
    if (expected === null || sigma === null || z === null) return unjudged(at, value);
    return {
      at,
      value,
      expected: finite(expected),
      low: finite(expected - flagFine * sigma),
      high: finite(expected + flagFine * sigma),
      z: finite(z),
      score: scoreOf(z, flagFine, !opens),
      flagged,
      episode: flagged ? episodes : null,
    };
  });
  return { points: out, episodes, grain: step, refusal: refusalOf(points.length, leastFine, 'points') };
}

const refusalOf = (known: number, least: number, what: string) =>
  known < least ? `not enough history: ${known} of ${least} ${what}` : null;

const unjudged = (at: number, value: number): JudgedPoint => ({
  at,
  value,
  expected: null,
  low: null,
  high: null,
  z: null,
  score: 0,
  flagged: false,
  episode: null,
});

/** |z| ÷ (|z| + threshold): one half at the threshold; points that open no episode stay below it. */
function scoreOf(z: number, threshold: number, follows: boolean): number {
  const size = Math.min(Math.abs(z), Number.MAX_VALUE / 4);
  const score = size / (size + threshold);
  return follows ? Math.min(score / 2, 0.49) : score;
}

const finite = (value: number) => Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, value));
