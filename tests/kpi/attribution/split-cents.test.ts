import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitCents } from '../../../kpi/attribution/split-cents.ts';

test('a cent that cannot be divided goes to the first of equals', () => {
  expect(splitCents(100, [1, 1, 1])).toEqual([34, 33, 33]);
});

test('the cents left go to the largest remainders', () => {
  // 10 over 1 : 2.6 : 3.4 of 7 → 1.43, 3.71, 4.86
  expect(splitCents(10, [1, 2.6, 3.4])).toEqual([1, 4, 5]);
});

test('a credit note is divided as the sale it takes back', () => {
  expect(splitCents(-100, [1, 1, 1])).toEqual([-34, -33, -33]);
});

test('a weight of nothing gets nothing', () => {
  expect(splitCents(1, [0, 0, 1])).toEqual([0, 0, 1]);
});

test('parts sum to the total and lie within a cent of their share', () => {
  const weights = fc
    .array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 30 })
    .filter((some) => some.some((weight) => weight > 1e-6));
  fc.assert(
    fc.property(fc.integer({ min: -1e12, max: 1e12 }), weights, (total, some) => {
      const whole = some.reduce((sum, weight) => sum + weight, 0);
      const parts = splitCents(total, some);
      expect(parts.reduce((sum, part) => sum + part, 0)).toBe(total);
      parts.forEach((part, i) => {
        expect(Math.abs(part - (total * some[i]!) / whole)).toBeLessThan(1.01);
      });
    }),
  );
});

test('the largest amounts that a double holds are still divided to the cent', () => {
  const total = Number.MAX_SAFE_INTEGER;
  const parts = splitCents(total, [1, 2, 3, 5, 7, 11, 13]);
  expect(parts.reduce((sum, part) => sum + BigInt(part), 0n)).toBe(BigInt(total));
});

test('an amount that nobody may have is refused', () => {
  expect(() => splitCents(5, [0, 0])).toThrow('could not be divided');
});

test('a fraction of a cent is refused', () => {
  expect(() => splitCents(0.5, [1])).toThrow('could not be divided');
});
