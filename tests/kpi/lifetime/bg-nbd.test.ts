import { describe, expect, test } from 'vitest';
import {
  type BgNbd,
  bgNbdLogLikelihood,
  expectedPurchases,
  expectedPurchasesOfNew,
  fitBgNbd,
  probabilityAlive,
} from '../../../kpi/lifetime/bg-nbd.ts';
import { cdnowSummary } from './cdnow.ts';

const customers = cdnowSummary();
const fit = fitBgNbd(customers);
const published: BgNbd = { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 };

describe('the fit to the CDNOW customers', () => {
  test.each(Object.entries(published))('has the published %s, %d', (name, value) => {
    expect(Math.abs(fit.model[name as keyof BgNbd] - value)).toBeLessThan(1e-3);
  });

  test('has the published log-likelihood', () => {
    expect(fit.logLikelihood).toBeCloseTo(-9582.4, 1);
  });

  test('is at least as likely as the published figures', () => {
    expect(fit.logLikelihood).toBeGreaterThanOrEqual(bgNbdLogLikelihood(published, customers));
  });

  test('expects 1.226 purchases in 39 weeks of the paper’s customer', () => {
    const expected = expectedPurchases(fit.model, { repeats: 2, recency: 30.43, age: 38.86 }, 39);
    expect(expected.toFixed(3)).toBe('1.226');
  });

  test('expects 1,653 repeat purchases of all in the hold-out period', () => {
    const sum = customers.reduce((all, customer) => all + expectedPurchases(fit.model, customer, 39), 0);
    expect(Math.round(sum)).toBe(1653);
  });

  test('is the same customers whether time is in weeks or in days', () => {
    const inDays = customers.map(({ repeats, recency, age }) => ({
      repeats,
      recency: recency * 7,
      age: age * 7,
    }));
    const { model } = fitBgNbd(inDays);
    expect(model.alpha / 7).toBeCloseTo(fit.model.alpha, 2);
    expect(model.r).toBeCloseTo(fit.model.r, 3);
  });
});

describe('the chance to be a customer still', () => {
  test('is certain without a repeat purchase', () => {
    expect(probabilityAlive(published, { repeats: 0, recency: 0, age: 38.86 })).toBe(1);
  });

  test.each([
    { repeats: 1, recency: 1.71, age: 38.86 },
    { repeats: 2, recency: 30.43, age: 38.86 },
    { repeats: 29, recency: 35, age: 38.86 },
  ])('after $repeats repeats is what the likelihood leaves to the living', (customer) => {
    // In the far future nobody is alive, so all that is left of the likelihood there is that of having left.
    const left = bgNbdLogLikelihood(published, [{ ...customer, age: 1e200 }]);
    const whole = bgNbdLogLikelihood(published, [customer]);
    expect(probabilityAlive(published, customer)).toBeCloseTo(1 - Math.exp(left - whole), 9);
  });

  test('falls with silence', () => {
    const chances = [31, 40, 60, 120].map((age) =>
      probabilityAlive(published, { repeats: 5, recency: 30, age }),
    );
    expect(chances).toEqual(chances.toSorted((p, q) => q - p));
  });
});

describe('expected purchases', () => {
  test('of somebody seen for no time yet are those of a new customer', () => {
    const seen = expectedPurchases(published, { repeats: 0, recency: 0, age: 0 }, 39);
    expect(seen).toBeCloseTo(expectedPurchasesOfNew(published, 39), 12);
  });

  test('of a new customer start at the rate r ÷ alpha', () => {
    expect(expectedPurchasesOfNew(published, 1e-4) / 1e-4).toBeCloseTo(published.r / published.alpha, 5);
  });

  test('are none in no time', () => {
    expect(expectedPurchases(published, { repeats: 2, recency: 30.43, age: 38.86 }, 0)).toBeCloseTo(0, 12);
  });

  test('of a buyer of thousands stay a number', () => {
    const many = expectedPurchases(published, { repeats: 3000, recency: 38.8, age: 38.86 }, 39);
    expect(many).toBeGreaterThan(1000);
    expect(many).toBeLessThan(3003 * (39 / 43));
  });

  test.each([
    { name: 'a = 1', at: { ...published, a: 1 } },
    { name: 'a + b = 1', at: { ...published, a: 0.4, b: 0.6 } },
  ])('pass $name without a jump', ({ at }) => {
    const customer = { repeats: 0, recency: 0, age: 20 };
    const beside = [-1e-4, 1e-4].map((by) => expectedPurchases({ ...at, a: at.a + by }, customer, 39));
    const mean = (beside[0]! + beside[1]!) / 2;
    expect(expectedPurchases(at, customer, 39)).toBeCloseTo(mean, 5);
  });
});

test('customers who all bought once cannot be fitted, and the asker is told', () => {
  expect(() => fitBgNbd([{ repeats: 0, recency: 0, age: 10 }])).toThrow('Nobody has bought twice');
});
