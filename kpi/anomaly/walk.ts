/** One pass over a series, each point judged by what lies before it. */
import type { Day } from '../question.ts';
import { type Expectation, expectation, learn, type Past, type Point, pastOf, rebase } from './baseline.ts';
import type { Rhythm } from './rhythm.ts';
import { median } from './robust.ts';
import type { Scale } from './scale.ts';

export const watchZ = 3.5;
export const alertZ = 5;
const stepWindow = 7;
const stepFlags = 5;

/** A point with an expectation and a band. */
export type Judged = { t: number; z: number; flagged: boolean; expected: Expectation & { sigma: number } };

/** Flagged points that belong together; `step`: so many on one side that the level has changed. */
export type Episode = { flags: Judged[]; side: number; step: boolean };

export type WalkOptions = {
  scale: Scale;
  rhythm: Rhythm;
  holidays: ReadonlySet<Day>;
  /** |z| from which a point is flagged: 3.5, or more where people said that it cries wolf. */
  from: number;
};

export type Walk = { history: Past[]; judged: Judged[]; episodes: Episode[] };

export function walk(series: readonly Point[], options: WalkOptions): Walk {
  const { scale, rhythm, holidays } = options;
  const history: Past[] = [];
  const judged: Judged[] = [];
  const episodes: Episode[] = [];
  for (const point of series) {
    const t = history.push(pastOf(point, holidays.has(point.day), scale, rhythm)) - 1;
    const expected = expectation(history, t, scale, rhythm);
    const verdict = t >= rhythm.least ? judge(history[t]!, t, expected, options) : null;
    learn(history, t, expected, verdict?.flagged ?? false, scale);
    if (!verdict) continue;
    judged.push(verdict);
    if (!verdict.flagged) continue;
    const episode = join(episodes, verdict, history);
    const shift = stepShift(episode, episodes, t, history);
    if (shift) {
      rebase(history, shift, t, scale, rhythm);
      episodes.push({ flags: shift.flags, side: episode.side, step: true });
    }
  }
  return { history, judged, episodes };
}

function judge(today: Past, t: number, expected: Expectation | null, options: WalkOptions): Judged | null {
  const { scale, from } = options;
  if (today.seen === null || !expected || expected.sigma === null) return null;
  const z = (today.seen - expected.centre) / expected.sigma;
  const usual = scale.from(expected.centre, today.of);
  const material = Math.abs(scale.from(today.seen, today.of) - usual) >= scale.material(usual, today.of);
  return {
    t,
    z,
    flagged: Math.abs(z) >= from && material,
    expected: { ...expected, sigma: expected.sigma },
  };
}

/** Add the flag to the episode that it continues (points without data between do not end one), or open a new one. */
function join(episodes: Episode[], flag: Judged, history: readonly Past[]): Episode {
  const side = Math.sign(flag.z);
  const current = episodes.at(-1);
  const last = current?.flags.at(-1);
  const between = last ? history.slice(last.t + 1, flag.t) : [];
  if (current && !current.step && current.side === side && between.every(({ seen }) => seen === null)) {
    current.flags.push(flag);
    return current;
  }
  const opened: Episode = { flags: [flag], side, step: false };
  episodes.push(opened);
  return opened;
}

/** Five of the last seven points with data off to the same side: takes their episodes out and says how far the level moved. */
function stepShift(
  { side }: Episode,
  episodes: Episode[],
  t: number,
  history: readonly Past[],
): { start: number; by: number; flags: Judged[] } | null {
  const withData: number[] = [];
  for (let s = t; s >= 0 && withData.length < stepWindow; s -= 1)
    if (history[s]!.seen !== null) withData.push(s);
  const since = withData.at(-1) ?? t;
  const inWindow = episodes.filter(
    ({ step, side: s, flags }) => !step && s === side && flags.at(-1)!.t >= since,
  );
  const flags = inWindow.flatMap((episode) => episode.flags);
  if (flags.filter((flag) => flag.t >= since).length < stepFlags) return null;
  for (const episode of inWindow) episodes.splice(episodes.indexOf(episode), 1);
  const moved = flags.map((flag) => history[flag.t]!.seen! - flag.expected.centre);
  return { start: flags[0]!.t, by: median(moved) ?? 0, flags };
}
