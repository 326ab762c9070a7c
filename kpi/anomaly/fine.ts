/** Series finer than a day: minutes and hours of anything, with gaps, with or without a rhythm of the day or week. */
import { type Predictor, periods, recentLevel, rhythmOf } from './predictor.ts';
import { SortedWindow } from './sorted-window.ts';

export type FinePoint = { at: number; value: number };

export type FineVerdict = {
  expected: number | null;
  sigma: number | null;
  z: number | null;
  flagged: boolean;
  /** First of its episode: what a person would be told. */
  opens: boolean;
};

/** Five standard deviations of errors whose own tails are counted in: a 5-minute series is tested 100,000 times a year. */
const flagZ = 5;
const floorShare = 0.02;
const tiny = 1e-9;
/** Weekly rhythms are looked for where a slot's seven values take less than two months and slots are not too many. */
const slotsMost = 2016;
/** Half a day without a flag ends an episode. */
const quiet = periods.day / 2;
/** Points by which the level around now is known, in time and in number. */
const levelSpan = periods.day / 2;
/** A rhythm has to be clearly better than no rhythm. */
const clearlyBetter = 0.8;

/** So many points of an exception are told among the errors. */
const burst = 6;
/** What is within the wobble of single points may stand out in their means over half an hour, from three points on. */
const spanOfMeans = periods.day / 48;
const fewestInMean = 3;

const within = (least: number, value: number, most: number) =>
  Math.round(Math.min(most, Math.max(least, value)));

/**
 * A verdict for every point, by those before it alone: of itself, and of the mean of its half hour, which is told of its
 * last point. Points are in order of time; `step` is the usual time between them, in ms.
 */
export function judgeFine(points: readonly FinePoint[], step: number): FineVerdict[] {
  const verdicts = judge(points, step);
  if (spanOfMeans / step >= fewestInMean) {
    const { means, lasts } = meansOf(points, spanOfMeans, step);
    judge(means, spanOfMeans).forEach((verdict, i) => {
      if (verdict.flagged && !verdicts[lasts[i]!]!.flagged) verdicts[lasts[i]!] = verdict;
    });
  }
  return opened(points, verdicts);
}

/** Means of whole spans that have at least half of their points, and the place of each one's last point. */
function meansOf(
  points: readonly FinePoint[],
  span: number,
  step: number,
): { means: FinePoint[]; lasts: number[] } {
  const spans = new Map<number, { sum: number; n: number; last: number }>();
  points.forEach(({ at, value }, last) => {
    const slot = Math.floor(at / span);
    const { sum, n } = spans.get(slot) ?? { sum: 0, n: 0 };
    spans.set(slot, { sum: sum + value, n: n + 1, last });
  });
  // The running span is not whole yet.
  const whole = [...spans].slice(0, -1).filter(([, { n }]) => n >= span / step / 2);
  return {
    means: whole.map(([slot, { sum, n }]) => ({ at: slot * span, value: sum / n })),
    lasts: whole.map(([, { last }]) => last),
  };
}

/** Which flagged points open an episode: those with no other in the half day before. */
function opened(points: readonly FinePoint[], verdicts: readonly Verdict[]): FineVerdict[] {
  let lastFlag = Number.NEGATIVE_INFINITY;
  return verdicts.map((verdict, i) => {
    const { at } = points[i]!;
    const opens = verdict.flagged && at - lastFlag > quiet;
    if (verdict.flagged) lastFlag = at;
    return { ...verdict, opens };
  });
}

type Verdict = Omit<FineVerdict, 'opens'>;

/**
 * Of three ways to expect a value (the level around now, the time of day, the time of week) the one that has lately been
 * nearest is used. Flagged points do not train.
 */
function judge(points: readonly FinePoint[], step: number): Verdict[] {
  const memory = within(200, (14 * periods.day) / step, 4000);
  const around = within(12, levelSpan / step, 144);
  const predictors: Predictor[] = [recentLevel(within(24, periods.day / 2 / step, 144), memory)];
  if (periods.day / step >= 4) predictors.push(rhythmOf(periods.day, step, around, memory));
  if (periods.week / step <= slotsMost) predictors.push(rhythmOf(periods.week, step, around, memory));
  const sizes = new SortedWindow(memory);
  const verdicts: Verdict[] = [];
  let since = 0;
  for (const { at, value } of points) {
    const best = choose(predictors, at);
    const floor = Math.max(floorShare * (sizes.median() ?? 0), tiny);
    const sigma = best ? Math.max(best.sigma, floor) : null;
    const z = best && sigma !== null ? (value - best.expected) / sigma : null;
    const flagged = z !== null && Math.abs(z) >= flagZ;
    verdicts.push({ expected: best?.expected ?? null, sigma, z, flagged });
    since = flagged ? since + 1 : 0;
    sizes.push(Math.abs(value));
    // Bursts that come again and again count among the errors, so that they are flagged no more; one long exception does not.
    const seen = since <= burst ? value : null;
    // What lasts is the new usual: an exception is kept out of training only while it is one.
    const trained = flagged && since <= around ? best!.expected : value;
    for (const predictor of predictors) predictor.learn(at, seen, trained);
  }
  return verdicts;
}

function choose(predictors: readonly Predictor[], at: number): { expected: number; sigma: number } | null {
  let best: { expected: number; sigma: number; middle: number } | null = null;
  for (const predictor of predictors) {
    const expected = predictor.expect(at);
    const spread = predictor.spread();
    if (expected === null || spread === null) continue;
    if (!best || spread.middle < clearlyBetter * best.middle)
      best = { expected, sigma: spread.tail, middle: spread.middle };
  }
  return best;
}
