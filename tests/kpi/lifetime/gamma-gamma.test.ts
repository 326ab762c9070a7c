import { describe, expect, test } from 'vitest';
import {
  expectedSpend,
  fitGammaGamma,
  type GammaGamma,
  gammaGammaLogLikelihood,
} from '../../../kpi/lifetime/gamma-gamma.ts';
import { cdnowSummary } from './cdnow.ts';

const customers = cdnowSummary();
const fit = fitGammaGamma(customers);
const published: GammaGamma = { p: 6.25, q: 3.74, gamma: 15.44 };

describe('the fit to the CDNOW customers', () => {
  test.each(Object.entries(published))('has the published %s, %d', (name, value) => {
    expect(Math.abs(fit.model[name as keyof GammaGamma] - value)).toBeLessThan(0.01);
  });

  test('rests on the 946 customers who bought again', () => {
    expect(fit.customers).toBe(946);
  });

  test('is at least as likely as the published figures', () => {
    expect(fit.logLikelihood).toBeGreaterThanOrEqual(gammaGammaLogLikelihood(published, customers));
  });

  test('expects the published spend of the first ten customers', () => {
    const wanted = [24.65, 18.91, 35.17, 35.17, 35.17, 71.46, 18.91, 35.17, 27.28, 35.17];
    customers.slice(0, 10).forEach((customer, i) => {
      expect(Math.abs(expectedSpend(fit.model, customer)! - wanted[i]!)).toBeLessThan(0.01);
    });
  });
});

test('who has bought once is expected to spend what everybody does', () => {
  const mean = (published.p * published.gamma) / (published.q - 1);
  expect(expectedSpend(published, { repeats: 0, meanSpend: null })).toBeCloseTo(mean, 12);
});

test('the more purchases, the nearer to the customer’s own mean', () => {
  const gaps = [1, 5, 50, 5000].map(
    (repeats) => 100 - expectedSpend(published, { repeats, meanSpend: 100 })!,
  );
  expect(gaps).toEqual(gaps.toSorted((p, q) => q - p));
  expect(gaps.at(-1)).toBeLessThan(0.01);
});

test('a spend without a mean is no number rather than a wrong one', () => {
  expect(expectedSpend({ p: 2, q: 0.9, gamma: 10 }, { repeats: 0, meanSpend: null })).toBeNull();
});

test('purchases that cost nothing say nothing', () => {
  const free = { repeats: 4, meanSpend: 0 };
  expect(fitGammaGamma([...customers, free]).model).toEqual(fit.model);
});
