import { describe, expect, test } from 'vitest';
import { type DetectOptions, detect } from '../../../kpi/anomaly/detect.ts';
import { benjaminiHochberg, pValue } from '../../../kpi/anomaly/false-discovery.ts';
import { explain } from '../../../kpi/anomaly/finding.ts';
import { addDays, weekdayOf } from '../../../kpi/calendar.ts';

type Change = (value: number, n: number, day: string) => number | null;

/** Deterministic noise (mulberry32, Box–Muller): the same series on every run. */
function noise(seed: number): () => number {
  let a = seed;
  const uniform = () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  return () => Math.sqrt(-2 * Math.log(uniform() + 1e-12)) * Math.cos(2 * Math.PI * uniform());
}

const rhythm = [0.35, 1.2, 1.1, 1.05, 1, 0.95, 0.4];

/** A business series from Monday 2026-01-05: a level with a weekly rhythm and noise of some per cent. */
function series(
  change: Change = (value) => value,
  { seed = 1, days = 180, level = 400, wobble = 0.06 } = {},
) {
  const draw = noise(seed);
  return Array.from({ length: days }, (_, n) => {
    const day = addDays('2026-01-05', n);
    const value = Math.round(level * rhythm[weekdayOf(day)]! * (1 + wobble * draw()));
    return { day, value: change(value, n, day) };
  });
}

const count: DetectOptions = { kind: 'count', good: 'down' };
const seeds = Array.from({ length: 20 }, (_, i) => i + 1);

describe('detect', () => {
  test('a planted spike is found once, on its day', () => {
    for (const seed of seeds) {
      const found = detect(
        series((value, n) => (n === 120 ? value * 2 : value), { seed }),
        count,
      );
      const [spike] = found.filter(({ startedOn }) => startedOn === addDays('2026-01-05', 120));
      expect(spike).toMatchObject({
        kind: 'spike',
        level: 'alert',
        sentenceFacts: { days: 1, good: false, direction: 'above' },
      });
    }
  });
  test('a weekly rhythm is not news', () => {
    const found = seeds.flatMap((seed) => detect(series(undefined, { seed }), count));
    // 20 series × 145 tested days; at |z| ≥ 3.5 a handful by chance is the price.
    expect(found.length).toBeLessThanOrEqual(6);
  });
  test('steady growth of two per cent a week is not news', () => {
    const found = seeds.flatMap((seed) =>
      detect(
        series((v, n) => Math.round(v * 1.02 ** (n / 7)), { seed }),
        count,
      ),
    );
    expect(found.length).toBeLessThanOrEqual(6);
  });
  test('three bad days in a row are one episode', () => {
    const found = detect(
      series((v, n) => (n >= 120 && n < 123 ? Math.round(v * 0.4) : v)),
      { kind: 'count', good: 'up' },
    );
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      kind: 'drop',
      startedOn: addDays('2026-01-05', 120),
      sentenceFacts: { days: 3, good: false },
    });
  });
  test('a change of level is one step and then usual', () => {
    const found = detect(
      series((v, n) => (n >= 100 ? Math.round(v * 1.6) : v)),
      count,
    );
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ kind: 'step', startedOn: addDays('2026-01-05', 100) });
  });
  test('after a step a drop to the old level is unusual again', () => {
    const found = detect(
      series((v, n) => (n >= 100 && n !== 150 ? Math.round(v * 1.6) : v)),
      count,
    );
    expect(found.map(({ kind }) => kind)).toEqual(['step', 'drop']);
  });
  test('days without data are no drop', () => {
    expect(
      detect(
        series((v, n) => (n >= 120 && n < 125 ? null : v)),
        count,
      ),
    ).toEqual([]);
    expect(
      detect(
        series((v, n) => (n >= 178 ? null : v)),
        count,
      ),
    ).toEqual([]);
  });
  test('a flagged day does not make its own size usual', () => {
    const found = detect(
      series((v, n) => (n === 120 || n === 127 ? v * 3 : v)),
      count,
    );
    expect(found.map(({ startedOn }) => startedOn)).toEqual([
      addDays('2026-01-05', 120),
      addDays('2026-01-05', 127),
    ]);
  });
  test('six wild Mondays in a row are six findings: none teaches that Mondays are so', () => {
    const found = detect(
      series((v, n) => (n >= 119 && n <= 154 && n % 7 === 0 ? v * 3 : v)),
      count,
    );
    expect(found.filter(({ kind }) => kind === 'spike')).toHaveLength(6);
  });
  test('a holiday like the one before is not unusual', () => {
    const days = [60, 95, 130].map((n) => addDays('2026-01-05', n));
    const quiet: Change = (v, _, day) => (days.includes(day) ? Math.round(v * 0.5) : v);
    expect(
      detect(series(quiet), { ...count, holidays: days }).filter(({ day }) => days.slice(1).includes(day)),
    ).toEqual([]);
    expect(detect(series(quiet), count).length).toBeGreaterThanOrEqual(3);
  });
  test('less than five weeks allow no claim', () => {
    expect(
      detect(
        series((v, n) => (n === 33 ? v * 5 : v), { days: 34 }),
        count,
      ),
    ).toEqual([]);
  });
  test('what is unlikely but under five per cent is not told', () => {
    const flat = Array.from({ length: 100 }, (_, n) => ({
      day: addDays('2026-01-05', n),
      value: n === 80 ? 10_450 : 10_000,
    }));
    expect(detect(flat, { kind: 'money', good: 'up' })).toEqual([]);
  });
  test('rates are judged in points', () => {
    const draw = noise(3);
    const rate = Array.from({ length: 120 }, (_, n) => ({
      day: addDays('2026-01-05', n),
      value: n === 90 ? 70 : 92 + draw(),
    }));
    const found = detect(rate, { kind: 'rate', good: 'up' });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ kind: 'drop', value: 70, level: 'alert' });
  });
  test('what lies ahead does not change what was found', () => {
    const whole = series((v, n) => (n === 120 ? v * 2 : v));
    const then = detect(whole.slice(0, 125), count);
    expect(detect(whole, count).slice(0, then.length)).toEqual(then);
  });
});

describe('explain', () => {
  test('says what happened against what is usual', () => {
    const [found] = detect(
      series((v, n) => (n === 119 ? v * 2 : v)),
      count,
    );
    expect(explain(found!, 'Tickets created', (n) => String(Math.round(n)))).toMatch(
      /^Tickets created was \d+ on Monday 4 May 2026, \d+ % above the \d+ usual for a Monday \(\d+–\d+\)\.$/,
    );
  });
  test('says since when a level has changed', () => {
    const [found] = detect(
      series((v, n) => (n >= 100 ? Math.round(v * 0.6) : v)),
      count,
    );
    expect(explain(found!, 'Bookings', (n) => String(Math.round(n)))).toMatch(
      /^Bookings has been \d+ % below its usual level since 15 April 2026/,
    );
  });
});

describe('false discoveries', () => {
  test('the worked example of Benjamini and Hochberg 1995 rejects four of fifteen', () => {
    const p = [
      0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528,
      0.759, 1,
    ];
    expect(benjaminiHochberg(p, 0.05).filter(Boolean)).toHaveLength(4);
    expect(benjaminiHochberg([...p].reverse(), 0.05).slice(-4)).toEqual([true, true, true, true]);
  });
  test('no tests, no discoveries', () => expect(benjaminiHochberg([], 0.1)).toEqual([]));
  test('p-values agree with the normal table', () => {
    expect(pValue(1.959964)).toBeCloseTo(0.05, 6);
    expect(pValue(-3.5) / 4.652582e-4).toBeCloseTo(1, 5);
    expect(pValue(0)).toBeCloseTo(1, 6);
  });
});
