import { describe, expect, test } from 'vitest';
import { hyp2f1 } from '../../../kpi/lifetime/hyp2f1.ts';
import { logBeta, logGamma } from '../../../kpi/lifetime/log-gamma.ts';

const relative = (got: number, wanted: number) => Math.abs(got - wanted) / Math.abs(wanted);

describe('the logarithm of the gamma function', () => {
  test('is that of the factorials', () => {
    let factorial = 0;
    for (let n = 1; n <= 150; n++) {
      expect(Math.abs(logGamma(n) - factorial)).toBeLessThan(1e-12 * Math.max(1, factorial));
      factorial += Math.log(n);
    }
  });

  test('at a half is ln √π', () => {
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 13);
  });

  test('holds near zero, where Γ(x) ≈ 1 / x', () => {
    expect(logGamma(1e-10)).toBeCloseTo(10 * Math.log(10), 9);
  });

  test('gives the beta function of 2 and 3 as 1/12', () => {
    expect(Math.exp(logBeta(2, 3))).toBeCloseTo(1 / 12, 14);
  });
});

describe('the hypergeometric function', () => {
  test('is −ln(1 − z) / z for (1, 1; 2)', () => {
    for (const z of [0.1, 0.5, 0.9, 0.99, 0.999])
      expect(relative(hyp2f1(1, 1, 2, z), -Math.log1p(-z) / z)).toBeLessThan(1e-12);
  });

  test('is (1 − z)^−a where b and c are the same', () => {
    for (const a of [0.243, 3.5, 30])
      expect(relative(hyp2f1(a, 2.4, 2.4, 0.9), 0.1 ** -a)).toBeLessThan(1e-11);
  });

  // Values by SciPy 1.17's hyp2f1.
  test.each([
    [2.243, 4.426, 4.219, 0.47, 4.49303693401162],
    [0.243, 2.426, 2.219, 0.9, 1.9476311698186006],
    [30.5, 25.2, 24.9, 0.95, 1.251014931321055e40],
    [0.5, 0.3, -0.2, 0.6, -0.32071145001661383],
  ])('at (%d, %d; %d; %d) is an independent library’s', (a, b, c, z, wanted) => {
    expect(relative(hyp2f1(a, b, c, z), wanted)).toBeLessThan(1e-12);
  });

  test('is 1 at zero', () => {
    expect(hyp2f1(2, 3, 4, 0)).toBe(1);
  });

  test('takes a factor along where it alone would be too large for a number', () => {
    // (1 − z)^−a · (1 − z)^a = 1, with 0.1^−1000 far above 1e308
    expect(hyp2f1(1000, 2.4, 2.4, 0.9, 1000 * Math.log(1 - 0.9))).toBeCloseTo(1, 9);
  });

  test('beside 1 is refused rather than given wrongly', () => {
    expect(() => hyp2f1(2, 3, 4, 1 - 1e-9)).toThrow('did not converge');
  });
});
