import { weekdayOf } from '../calendar.ts';
import type { Day } from '../question.ts';
import type { Rhythm } from './rhythm.ts';
import { median, wobble } from './robust.ts';
import type { Scale } from './scale.ts';

/** The recent level is trusted less than fully, so that noise in it is not followed. */
const damping = 0.9;
/** Without a known holiday effect a holiday may do almost anything. */
const holidayWidening = 2;

/** Few errors know the wobble badly: about what Student's t adds at 3.5 standard deviations, for a median deviation. */
const fewErrors = 4;

/** What a point is given with. */
export type Point = {
  day: Day;
  /** Null is no data, which is never a finding. */
  value: number | null;
  /** Rates: the denominator; changes: the stock that changed. */
  of?: number | null;
};

/** One point of the series on the scale, and what was learnt from it. */
export type Past = {
  day: Day;
  /** Points of one kind are alike: the weekday; weeks are all of one kind. */
  phase: number;
  holiday: boolean;
  value: number | null;
  of: number | null;
  /** As observed, on the scale. */
  seen: number | null;
  /** What training uses: flagged points are replaced by what was expected. */
  trained: number | null;
  /** Observed minus the median of its like: the level; null for holidays and flagged points. */
  aboveUsual: number | null;
  /** Observed minus expected; null for holidays and flagged points. */
  error: number | null;
  /** Variance by chance alone that the error was made under. */
  chance: number | null;
  /** What a holiday was off by. */
  holidayEffect: number | null;
};

/** `usual`: the value of its like; `working`: that at today's level; `centre`: with what a holiday does to it. */
export type Expectation = {
  usual: number;
  working: number;
  centre: number;
  sigma: number | null;
  /** The band was widened, because what this holiday does is not known. */
  widened: boolean;
};

export function pastOf(
  { day, value, of = null }: Point,
  holiday: boolean,
  scale: Scale,
  { unit }: Rhythm,
): Past {
  const known = value !== null && Number.isFinite(value) ? value : null;
  return {
    day,
    phase: unit === 'week' ? 0 : weekdayOf(day),
    holiday,
    value: known,
    of,
    seen: known === null ? null : scale.to(known, of),
    trained: null,
    aboveUsual: null,
    error: null,
    chance: null,
    holidayEffect: null,
  };
}

/**
 * What this point should be: the median of the last eight like it, moved by how far the last points were from theirs.
 * `sigma` is null until there is enough history to say how much points wobble; its square is the variance by chance
 * (Poisson, binomial) plus what the errors so far have varied beyond chance, which for a rate is a beta-binomial's.
 */
export function expectation(
  history: readonly Past[],
  t: number,
  scale: Scale,
  rhythm: Rhythm,
): Expectation | null {
  const today = history[t]!;
  const alike: number[] = [];
  for (let s = t - 1; s >= 0 && alike.length < rhythm.alike; s -= 1) {
    const { phase, holiday, trained } = history[s]!;
    if (phase === today.phase && !holiday && trained !== null) alike.push(trained);
  }
  const usual = median(alike);
  if (usual === null || alike.length < rhythm.fewestAlike) return null;
  const level = median(recent(history, t, 'aboveUsual', rhythm.level)) ?? 0;
  const effects = today.holiday ? recent(history, t, 'holidayEffect', t) : [];
  const working = usual + damping * level;
  const effect = median(effects);
  const centre = working + (effect ?? 0);
  const widened = today.holiday && effect === null;
  const errors = recent(history, t, 'error', rhythm.residuals);
  if (errors.length < rhythm.fewestResiduals) return { usual, working, centre, sigma: null, widened };
  const byChance = scale.chance(centre, today.of) ** 2;
  const beyond = Math.max(
    0,
    wobble(errors) ** 2 - (median(recent(history, t, 'chance', rhythm.residuals)) ?? 0),
  );
  const sigma = Math.max(Math.sqrt(byChance + beyond), scale.floor(centre, today.of));
  const doubt = 1 + fewErrors / errors.length;
  return { usual, working, centre, sigma: (widened ? holidayWidening : 1) * doubt * sigma, widened };
}

/** Take a point into the history as usual (`flagged` false) or as the exception it was. */
export function learn(
  history: Past[],
  t: number,
  expected: Expectation | null,
  flagged: boolean,
  scale: Scale,
): void {
  const today = history[t]!;
  if (today.seen === null) return;
  today.trained = flagged && expected ? expected.centre : today.seen;
  const usual = expected !== null && !flagged && !today.holiday;
  today.aboveUsual = usual ? today.seen - expected.usual : null;
  today.error = usual ? today.seen - expected.centre : null;
  today.chance = usual ? scale.chance(expected.centre, today.of) ** 2 : null;
  // Also of a flagged one: the first holiday is news, the next like it is not.
  today.holidayEffect = today.holiday && expected ? today.seen - expected.working : null;
}

/**
 * The level has moved for good: earlier points are moved along and those since then count as usual, so that the new
 * level is the baseline from the next point on.
 */
export function rebase(
  history: Past[],
  { start, by }: { start: number; by: number },
  t: number,
  scale: Scale,
  rhythm: Rhythm,
): void {
  for (let s = 0; s < start; s += 1) {
    const past = history[s]!;
    if (past.trained !== null) past.trained += by;
  }
  for (let s = start; s <= t; s += 1) learn(history, s, expectation(history, s, scale, rhythm), false, scale);
}

/** Known values of one field in the last points before `t`. */
function recent(
  history: readonly Past[],
  t: number,
  field: 'aboveUsual' | 'error' | 'chance' | 'holidayEffect',
  points: number,
): number[] {
  const values: number[] = [];
  for (let s = t - 1; s >= Math.max(0, t - points); s -= 1) {
    const value = history[s]![field];
    if (value !== null) values.push(value);
  }
  return values;
}
