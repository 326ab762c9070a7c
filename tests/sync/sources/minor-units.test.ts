import { describe, expect, it } from 'vitest';
import { RecordFault } from '../../../sync/source.ts';
import { minorUnits } from '../../../sync/sources/minor-units.ts';

describe('minor units', () => {
  it.each([
    [19.99, 'EUR', 1999],
    [1.1, 'USD', 110],
    [4.35, 'USD', 435],
    [0.1 + 0.2, 'USD', 30],
    ['70368744177663.99', 'USD', 7036874417766399],
    [-2.5, 'USD', -250],
    [1500, 'JPY', 1500],
    [1.234, 'KWD', 1234],
    [1.005, 'USD', 101],
    [-0.001, 'USD', 0],
    [0, 'USD', 0],
  ])('makes of %s %s exactly %s', (amount, currency, units) => {
    expect(minorUnits(amount, currency)).toBe(units);
  });

  it.each([null, undefined, ''])('keeps %s apart from 0', (amount) => {
    expect(minorUnits(amount, 'EUR')).toBeNull();
  });

  it.each([
    ['12,50', 'EUR'],
    ['abc', 'EUR'],
    [1e21, 'EUR'],
    ['90071992547409.93', 'EUR'],
    [5, 'euros'],
  ])('refuses %s %s', (amount, currency) => {
    expect(() => minorUnits(amount, currency)).toThrow(RecordFault);
  });
});
