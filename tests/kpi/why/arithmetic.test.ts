import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { additive, surprise } from '../../../kpi/why/additive.ts';
import { factors } from '../../../kpi/why/factors.ts';
import { mixRate } from '../../../kpi/why/mix-rate.ts';

const amount = fc.integer({ min: -1_000_000, max: 1_000_000 });
const table = fc.array(fc.record({ before: amount, after: amount }), { minLength: 1, maxLength: 30 });
const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);

describe('contributions to a sum', () => {
  const of = (rows: readonly { before: number; after: number }[]) =>
    additive(
      new Map(rows.map((row, i) => [String(i), row.before])),
      new Map(rows.map((row, i) => [String(i), row.after])),
    );

  test('add up to the change', () => {
    fc.assert(
      fc.property(table, (rows) => {
        expect(sum(of(rows).map((part) => part.contribution))).toBe(
          sum(rows.map((row) => row.after)) - sum(rows.map((row) => row.before)),
        );
      }),
    );
  });

  test('have shares that add up to 1, or none when the whole did not move', () => {
    fc.assert(
      fc.property(table, (rows) => {
        const shares = of(rows).map((part) => part.share);
        if (sum(rows.map((row) => row.after - row.before)) === 0)
          expect(shares.every((share) => share === null)).toBe(true);
        else expect(sum(shares.map((share) => share!))).toBeCloseTo(1, 6);
      }),
    );
  });

  test('of a part that appears or disappears are its whole value', () => {
    const parts = additive(new Map([['gone', 30]]), new Map([['new', 50]]));
    expect(parts.map(({ name, contribution, share }) => ({ name, contribution, share }))).toEqual([
      { name: 'gone', contribution: -30, share: -1.5 },
      { name: 'new', contribution: 50, share: 2.5 },
    ]);
  });

  test('west loses 120 and east gains 40: west is 150 % of the fall', () => {
    const parts = additive(
      new Map([
        ['West', 300],
        ['East', 100],
      ]),
      new Map([
        ['West', 180],
        ['East', 140],
      ]),
    );
    expect(parts.map((part) => part.share)).toEqual([1.5, -0.5]);
  });
});

describe('surprise', () => {
  test('is 0 for a weight that stayed, and never negative', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (p, q) => {
          expect(surprise(p, p)).toBe(0);
          // A single term may be below 0; those of a distribution and its complement together are not.
          expect(surprise(p, q) + surprise(1 - p, 1 - q)).toBeGreaterThanOrEqual(-1e-15);
        },
      ),
    );
  });

  test('of a part that came from nothing is its new weight times ln 2, halved', () => {
    expect(surprise(0, 0.4)).toBeCloseTo((0.4 * Math.LN2) / 2, 15);
  });
});

describe('mix and rate', () => {
  const side = fc.record({ num: fc.nat(10_000), den: fc.integer({ min: 0, max: 10_000 }) });
  const parts = fc
    .array(fc.tuple(side, side), { minLength: 1, maxLength: 30 })
    .map((rows) =>
      rows.map(([a, b], i) => ({ name: String(i), num0: a.num, den0: a.den, num1: b.num, den1: b.den })),
    )
    .filter((rows) => sum(rows.map((row) => row.den0)) > 0 && sum(rows.map((row) => row.den1)) > 0);
  const ratio = (num: readonly number[], den: readonly number[]) => sum(num) / sum(den);

  test('add up to the change of the ratio, to 1e-12 of its size', () => {
    fc.assert(
      fc.property(parts, (rows) => {
        const r0 = ratio(
          rows.map((row) => row.num0),
          rows.map((row) => row.den0),
        );
        const r1 = ratio(
          rows.map((row) => row.num1),
          rows.map((row) => row.den1),
        );
        const moved = mixRate(rows);
        const effects = sum(moved.map((part) => part.mix + part.rate));
        expect(Math.abs(effects - (r1 - r0))).toBeLessThanOrEqual(1e-12 * Math.max(1, r0, r1));
        expect(sum(moved.map((part) => part.contribution))).toBeCloseTo(effects, 9);
      }),
      { numRuns: 500 },
    );
  });

  test('unchanged rates leave the rate effect at 0: all of it is mix', () => {
    const moved = mixRate([
      { name: 'low', num0: 10, den0: 100, num1: 30, den1: 300 },
      { name: 'high', num0: 50, den0: 100, num1: 50, den1: 100 },
    ]);
    expect(moved.map((part) => part.rate)).toEqual([0, 0]);
    expect(sum(moved.map((part) => part.mix))).toBeCloseTo(80 / 400 - 60 / 200, 12);
  });

  test('every rate rises while the whole falls: rate is positive, mix more than offsets it', () => {
    const moved = mixRate([
      { name: 'low', num0: 10, den0: 100, num1: 36, den1: 300 },
      { name: 'high', num0: 150, den0: 300, num1: 55, den1: 100 },
    ]);
    expect(moved.every((part) => part.rate > 0)).toBe(true);
    expect(sum(moved.map((part) => part.contribution))).toBeLessThan(0);
  });

  test('a part that is new is all mix', () => {
    const [, fresh] = mixRate([
      { name: 'old', num0: 10, den0: 100, num1: 10, den1: 100 },
      { name: 'new', num0: 0, den0: 0, num1: 40, den1: 100 },
    ]);
    expect(fresh).toMatchObject({ rate: 0 });
    // Half of the whole at a rate of 0.4, against the mean 0.175 of 0.1 and 0.25.
    expect(fresh!.mix).toBeCloseTo(0.5 * (0.4 - 0.175), 12);
  });
});

describe('factors', () => {
  const factor = fc.double({ min: 0.001, max: 1000, noNaN: true });
  const rows = fc.array(fc.tuple(factor, factor, fc.constantFrom(1, -1)), { minLength: 1, maxLength: 6 });
  const product = (values: readonly number[], exponents: readonly number[]) =>
    values.reduce((all, value, i) => all * value ** exponents[i]!, 1);

  test('have contributions that add up to the change of the product', () => {
    fc.assert(
      fc.property(rows, (list) => {
        const [before, after, exponents] = [
          list.map((r) => r[0]),
          list.map((r) => r[1]),
          list.map((r) => r[2]),
        ];
        const shares = factors(
          list.map((_r, i) => String(i)),
          before,
          after,
          exponents,
        );
        const [k0, k1] = [product(before, exponents), product(after, exponents)];
        const size = sum(shares.map((part) => Math.abs(part.contribution))) + Math.max(k0, k1);
        expect(Math.abs(sum(shares.map((part) => part.contribution)) - (k1 - k0))).toBeLessThanOrEqual(
          1e-12 * size,
        );
      }),
    );
  });

  test('have the shares of the logarithm, whose sign is the exponent’s', () => {
    const shares = factors(['deals', 'cycle'], [10, 40], [20, 20], [1, -1]);
    expect(shares.map((part) => part.share)).toEqual([
      expect.closeTo(Math.LN2 / Math.log(4), 12),
      expect.closeTo(Math.LN2 / Math.log(4), 12),
    ]);
  });

  test('that cancel out still show what each added', () => {
    const shares = factors(['up', 'down'], [10, 10], [20, 5], [1, 1]);
    expect(shares.map((part) => part.share)).toEqual([null, null]);
    expect(shares[0]!.contribution).toBeCloseTo(100 * Math.LN2, 10);
    expect(shares[1]!.contribution).toBeCloseTo(-100 * Math.LN2, 10);
  });

  test('that reach 0 or change sign are told by Shapley values, which add up too', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 })), {
          minLength: 1,
          maxLength: 5,
        }),
        (list) => {
          const [before, after] = [
            [...list.map((r) => r[0]), 0],
            [...list.map((r) => r[1]), 3],
          ];
          const ones = before.map(() => 1);
          const shares = factors(
            before.map((_v, i) => String(i)),
            before,
            after,
            ones,
          );
          expect(sum(shares.map((part) => part.contribution))).toBeCloseTo(
            product(after, ones) - product(before, ones),
            6,
          );
        },
      ),
    );
    expect(factors(['a', 'b'], [0, 2], [3, 4], [1, 1]).map((part) => part.contribution)).toEqual([9, 3]);
  });
});
