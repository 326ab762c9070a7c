import { weekdayOf } from '../calendar.ts';
import type { Day } from '../question.ts';
import { median, wobble } from './robust.ts';
import type { Scale } from './scale.ts';

export const sameWeekdays = 8;
const fewestWeekdays = 3;
const levelDays = 14;
/** The recent level is trusted less than fully, so that noise in it is not followed. */
const damping = 0.9;
const residualDays = 70;
const fewestResiduals = 10;
/** Without a known holiday effect a holiday may do almost anything. */
const holidayWidening = 2;

/** One day of the series on the scale, and what was learnt from it. */
export type Past = {
  day: Day;
  weekday: number;
  holiday: boolean;
  value: number | null;
  /** As observed, on the scale. */
  seen: number | null;
  /** What training uses: flagged days are replaced by what was expected. */
  trained: number | null;
  /** Observed minus the median of its weekdays: the level; null for holidays and flagged days. */
  aboveWeekday: number | null;
  /** Observed minus expected; null for holidays and flagged days. */
  error: number | null;
  /** What a holiday was off by. */
  holidayEffect: number | null;
};

/** `weekday`: its usual value; `working`: that at today's level; `centre`: with what a holiday does to it. */
export type Expectation = { weekday: number; working: number; centre: number; sigma: number | null };

export function pastOf(day: Day, value: number | null, holiday: boolean, scale: Scale): Past {
  const weekday = weekdayOf(day);
  const seen = value === null ? null : scale.to(value);
  return {
    day,
    weekday,
    holiday,
    value,
    seen,
    trained: null,
    aboveWeekday: null,
    error: null,
    holidayEffect: null,
  };
}

/**
 * What this day should be: the median of the last eight same weekdays, moved by how far the last fourteen days were
 * from theirs. `sigma` is null until there is enough history to say how much days wobble.
 */
export function expectation(history: readonly Past[], t: number, scale: Scale): Expectation | null {
  const today = history[t]!;
  const alike: number[] = [];
  for (let s = t - 1; s >= 0 && alike.length < sameWeekdays; s -= 1) {
    const { weekday, holiday, trained } = history[s]!;
    if (weekday === today.weekday && !holiday && trained !== null) alike.push(trained);
  }
  const weekday = median(alike);
  if (weekday === null || alike.length < fewestWeekdays) return null;
  const level = median(recent(history, t, 'aboveWeekday', levelDays)) ?? 0;
  const effects = today.holiday ? recent(history, t, 'holidayEffect', t) : [];
  const working = weekday + damping * level;
  const centre = working + (median(effects) ?? 0);
  const errors = recent(history, t, 'error', residualDays);
  if (errors.length < fewestResiduals) return { weekday, working, centre, sigma: null };
  const widening = today.holiday ? holidayWidening : 1;
  return { weekday, working, centre, sigma: widening * Math.max(wobble(errors), scale.floor(centre)) };
}

/** Take a day into the history as usual (`flagged` false) or as the exception it was. */
export function learn(history: Past[], t: number, expected: Expectation | null, flagged: boolean): void {
  const today = history[t]!;
  if (today.seen === null) return;
  today.trained = flagged && expected ? expected.centre : today.seen;
  const usual = expected !== null && !flagged && !today.holiday;
  today.aboveWeekday = usual ? today.seen - expected.weekday : null;
  today.error = usual ? today.seen - expected.centre : null;
  // Also of a flagged one: the first holiday is news, the next like it is not.
  today.holidayEffect = today.holiday && expected ? today.seen - expected.working : null;
}

/**
 * The level has moved for good: earlier days are moved along and the days since then count as usual, so that the
 * new level is the baseline from tomorrow on.
 */
export function rebase(history: Past[], start: number, t: number, shift: number, scale: Scale): void {
  for (let s = 0; s < start; s += 1) {
    const past = history[s]!;
    if (past.trained !== null) past.trained += shift;
  }
  for (let s = start; s <= t; s += 1) learn(history, s, expectation(history, s, scale), false);
}

/** Known values of one field in the last days before `t`. */
function recent(
  history: readonly Past[],
  t: number,
  field: 'aboveWeekday' | 'error' | 'holidayEffect',
  days: number,
): number[] {
  const values: number[] = [];
  for (let s = t - 1; s >= Math.max(0, t - days); s -= 1) {
    const value = history[s]![field];
    if (value !== null) values.push(value);
  }
  return values;
}
