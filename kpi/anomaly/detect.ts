import type { Good } from '../answer.ts';
import type { Day } from '../question.ts';
import { type Expectation, expectation, learn, type Past, pastOf, rebase } from './baseline.ts';
import type { Finding } from './finding.ts';
import { median } from './robust.ts';
import { type Scale, type SeriesKind, scales } from './scale.ts';

export type DetectOptions = {
  kind: SeriesKind;
  good: Good;
  /** Days on which the company rests: kept out of training, with their own effect and a doubled band. */
  holidays?: readonly Day[];
};

/** Five weeks are the least from which a weekday's usual value and wobble can be told. */
const leastDays = 35;
/** Below this a day's count is mostly chance; the caller may try weeks. */
const leastDailyCount = 20;
const watchZ = 3.5;
const alertZ = 5;
/** What is unlikely but small is not news. */
const leastShare = 0.05;
const stepWindow = 7;
const stepFlags = 5;

/** A flagged day. */
type Flag = { t: number; z: number; expected: Expectation & { sigma: number } };

type Episode = { flags: Flag[]; side: number; step: boolean };

/**
 * Days that differ from what their weekday has usually been lately, allowing for trend and holidays: only when the gap
 * is several times the normal day-to-day wobble *and* big enough to matter. Consecutive days are one finding; five of
 * seven on one side are one change of level, after which the new level is usual.
 *
 * The series holds one entry per calendar day, oldest first, without the day that is still running; null is a day
 * without data, which is never a finding. Findings come oldest first; with too little history there are none.
 */
export function detect(
  series: readonly { day: Day; value: number | null }[],
  options: DetectOptions,
): Finding[] {
  if (!enough(series, options.kind)) return [];
  const scale = scales[options.kind];
  const holidays = new Set(options.holidays);
  const history: Past[] = [];
  const episodes: Episode[] = [];
  for (const { day, value } of series) {
    const t = history.push(pastOf(day, value, holidays.has(day), scale)) - 1;
    const expected = expectation(history, t, scale);
    const flag = t >= leastDays ? flagOf(history[t]!, t, expected, scale) : null;
    learn(history, t, expected, flag !== null);
    if (!flag) continue;
    const episode = join(episodes, flag, history);
    const shift = stepShift(episode, episodes, t, history);
    if (shift) {
      rebase(history, shift.start, t, shift.by, scale);
      episodes.push({ flags: shift.flags, side: episode.side, step: true });
    }
  }
  return episodes.map((episode) => findingOf(episode, history, scale, options));
}

function enough(series: readonly { value: number | null }[], kind: SeriesKind): boolean {
  const values = series.flatMap(({ value }) => value ?? []);
  if (values.length < leastDays) return false;
  return kind !== 'count' || (median(values) ?? 0) >= leastDailyCount;
}

function flagOf(today: Past, t: number, expected: Expectation | null, scale: Scale): Flag | null {
  if (today.seen === null || !expected || expected.sigma === null) return null;
  const z = (today.seen - expected.centre) / expected.sigma;
  const usual = scale.from(expected.centre);
  const material = Math.abs(scale.from(today.seen) - usual) >= leastShare * Math.abs(usual);
  return Math.abs(z) >= watchZ && material
    ? { t, z, expected: { ...expected, sigma: expected.sigma } }
    : null;
}

/** Add the flag to the episode that it continues (days without data between do not end one), or open a new one. */
function join(episodes: Episode[], flag: Flag, history: readonly Past[]): Episode {
  const side = Math.sign(flag.z);
  const current = episodes.at(-1);
  const lastFlag = current?.flags.at(-1);
  const between = lastFlag ? history.slice(lastFlag.t + 1, flag.t) : [];
  if (current && !current.step && current.side === side && between.every(({ seen }) => seen === null)) {
    current.flags.push(flag);
    return current;
  }
  const opened: Episode = { flags: [flag], side, step: false };
  episodes.push(opened);
  return opened;
}

/** Five of the last seven days with data off to the same side: takes their episodes out and says how far the level moved. */
function stepShift(
  { side }: Episode,
  episodes: Episode[],
  t: number,
  history: readonly Past[],
): { start: number; by: number; flags: Flag[] } | null {
  const withData = history.flatMap(({ seen }, s) => (seen === null ? [] : [s])).slice(-stepWindow);
  const since = withData[0] ?? t;
  const inWindow = episodes.filter(
    ({ step, side: s, flags }) => !step && s === side && flags.at(-1)!.t >= since,
  );
  const flags = inWindow.flatMap((episode) => episode.flags);
  if (flags.filter((flag) => flag.t >= since).length < stepFlags) return null;
  for (const episode of inWindow) episodes.splice(episodes.indexOf(episode), 1);
  const moved = flags.map((flag) => history[flag.t]!.seen! - flag.expected.centre);
  return { start: flags[0]!.t, by: median(moved) ?? 0, flags };
}

function findingOf(
  { flags, side, step }: Episode,
  history: readonly Past[],
  scale: Scale,
  options: DetectOptions,
): Finding {
  const peak = flags.reduce((a, b) => (Math.abs(b.z) > Math.abs(a.z) ? b : a));
  const told = step ? flags.at(-1)! : peak;
  const { day, value: observed, holiday } = history[told.t]!;
  const { centre, sigma } = told.expected;
  const value = observed!;
  const expected = scale.from(centre);
  const up = side > 0;
  return {
    startedOn: history[flags[0]!.t]!.day,
    endedOn: history[flags.at(-1)!.t]!.day,
    day,
    value,
    expected,
    low: scale.from(centre - watchZ * sigma),
    high: scale.from(centre + watchZ * sigma),
    z: told.z,
    level: Math.abs(peak.z) >= alertZ ? 'alert' : 'watch',
    kind: step ? 'step' : up ? 'spike' : 'drop',
    sentenceFacts: {
      direction: up ? 'above' : 'below',
      percent: expected === 0 ? null : (100 * Math.abs(value - expected)) / Math.abs(expected),
      days: flags.length,
      good: options.good === 'none' ? null : (options.good === 'up') === up,
      holiday,
    },
  };
}
