import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ranks } from '../../../kpi/relation/course.ts';
import { relateCourses } from '../../../kpi/relation/relate-courses.ts';

const months = { fewest: 18, most: 6, cycle: 12 };
const weeks = { fewest: 26, most: 8, cycle: 52 };

/** Mulberry32: the same noise in every run. */
function noise(seed: number): () => number {
  let state = seed;
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (((t ^ (t >>> 14)) >>> 0) + 0.5) / 4294967296;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}
const series = (n: number, next: (i: number) => number) => Array.from({ length: n }, (_one, i) => next(i));
function claims(make: (normal: () => number) => [number[], number[]], options = months): number {
  let found = 0;
  for (let seed = 1; seed <= 1000; seed++) {
    const [x, y] = make(noise(seed * 7919));
    if (relateCourses(x, y, options).kind === 'related') found++;
  }
  return found / 1000;
}
function walk(normal: () => number, n: number, keep: number): number[] {
  let at = 0;
  return series(n, () => (at = keep * at + normal()));
}

describe('unrelated series get a claim in fewer than one of twenty cases', () => {
  test.each([
    [
      'noise over 24 months',
      (g: () => number): [number[], number[]] => [series(24, g), series(24, g)],
      months,
    ],
    [
      'noise over 36 months',
      (g: () => number): [number[], number[]] => [series(36, g), series(36, g)],
      months,
    ],
    [
      'noise over 104 weeks',
      (g: () => number): [number[], number[]] => [series(104, g), series(104, g)],
      weeks,
    ],
    ['slow swings', (g: () => number): [number[], number[]] => [walk(g, 36, 0.8), walk(g, 36, 0.8)], months],
    ['random walks', (g: () => number): [number[], number[]] => [walk(g, 24, 1), walk(g, 24, 1)], months],
    [
      'random walks by week',
      (g: () => number): [number[], number[]] => [walk(g, 104, 1), walk(g, 104, 1)],
      weeks,
    ],
    [
      'a shared trend',
      (g: () => number): [number[], number[]] => [
        series(24, (i) => 5 * i + g()),
        series(24, (i) => -3 * i + g()),
      ],
      months,
    ],
    [
      'shared exponential growth',
      (g: () => number): [number[], number[]] => [
        series(30, (i) => 100 * 1.05 ** i + 3 * g()),
        series(30, (i) => 400 * 1.04 ** i + 9 * g()),
      ],
      months,
    ],
    [
      'a shared season that was seen three times',
      (g: () => number): [number[], number[]] => [
        series(36, (i) => 10 * Math.sin((2 * Math.PI * i) / 12) + g()),
        series(36, (i) => 10 * Math.cos((2 * Math.PI * i) / 12) + g()),
      ],
      months,
    ],
  ])('%s', (_name, make, options) => {
    expect(claims(make, options)).toBeLessThan(0.05);
  });
});

describe('a planted relation', () => {
  const planted = (seed: number, lag: number, sign: number, n: number): [number[], number[]] => {
    const g = noise(seed);
    const x = series(n + 20, g);
    const at = (i: number) => 40 + 2 * i + x[i + 10]!;
    return [series(n, at), series(n, (i) => 9 - i + sign * 3 * x[i + 10 - lag]! + 0.5 * g())];
  };

  test('is found at its lag and with its sign, through opposite trends', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100_000 }),
        fc.integer({ min: -6, max: 6 }),
        fc.constantFrom(-1, 1),
        fc.constantFrom(30, 48),
        (seed, lag, sign, n) => {
          const found = relateCourses(...planted(seed, lag, sign, n), months);
          expect(found).toMatchObject({ kind: 'related', best: { lag } });
          if (found.kind === 'related') expect(Math.sign(found.best.rho)).toBe(sign);
        },
      ),
      { numRuns: 120, seed: 7 },
    );
  });

  test('is seen from the other side with its lag turned round', () => {
    const [x, y] = planted(5, 3, 1, 40);
    const [there, back] = [relateCourses(x, y, months), relateCourses(y, x, months)];
    if (there.kind !== 'related' || back.kind !== 'related') throw new Error('not found');
    expect(back.best.lag).toBe(-there.best.lag);
    expect(back.best.rho).toBeCloseTo(there.best.rho, 12);
  });

  test('does not change when one of them is counted in another unit, or upside down', () => {
    const [x, y] = planted(11, 2, 1, 40);
    const [one, scaled, turned] = [y, y.map((v) => 1000 * v + 7), y.map((v) => -v)].map((other) =>
      relateCourses(x, other, months),
    );
    expect(scaled).toEqual(one);
    expect(turned).toMatchObject({ kind: 'related', best: { lag: 2 } });
  });

  test('survives months without a value', () => {
    const [x, y] = planted(3, 1, 1, 40);
    const gaps = y.map((value, i) => (i % 9 === 4 ? null : value));
    expect(relateCourses(x, gaps, months)).toMatchObject({ kind: 'related', best: { lag: 1 } });
  });
});

describe('nothing is claimed', () => {
  const g = noise(1);
  const noisy = series(30, g);

  test('of fewer points than are needed', () => {
    expect(relateCourses(noisy.slice(0, 17), noisy.slice(0, 17), months)).toEqual({
      kind: 'too_short',
      points: 17,
      fewest: 18,
    });
  });

  test('of months in which only one of them has a value', () => {
    const early = noisy.map((value, i) => (i < 15 ? value : null));
    const late = noisy.map((value, i) => (i < 15 ? null : value));
    expect(relateCourses(early, late, months)).toMatchObject({ kind: 'too_short', points: 0 });
  });

  test('of a series that is always the same', () => {
    expect(
      relateCourses(
        noisy,
        noisy.map(() => 0.1 + 0.2),
        months,
      ),
    ).toEqual({ kind: 'constant', which: 'second' });
    expect(
      relateCourses(
        noisy.map(() => 5),
        noisy,
        months,
      ),
    ).toEqual({ kind: 'constant', which: 'first' });
  });

  test('of nothing but missing values', () => {
    expect(
      relateCourses(
        noisy.map(() => null),
        noisy,
        months,
      ),
    ).toMatchObject({ kind: 'too_short', points: 0 });
  });

  test('of a perfect line, whatever is left of it by rounding', () => {
    const lines = relateCourses(
      series(30, (i) => 0.1 * i),
      series(30, (i) => 0.3 * i + 1),
      months,
    );
    expect(lines.kind).not.toBe('related');
  });
});

test('equal values share their rank', () => {
  expect(ranks([30, 10, 20, 20])).toEqual([4, 1, 2.5, 2.5]);
});
