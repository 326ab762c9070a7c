import { expect, test } from 'vitest';
import { type BgNbd, expectedPurchases } from '../../../kpi/lifetime/bg-nbd.ts';
import { forecastValue } from '../../../kpi/lifetime/forecast-value.ts';
import { expectedSpend, type GammaGamma } from '../../../kpi/lifetime/gamma-gamma.ts';

const buying: BgNbd = { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 };
const spending: GammaGamma = { p: 6.25, q: 3.74, gamma: 15.44 };
const models = { buying, spending };
const customer = { customer: '1', repeats: 2, recency: 30.43, age: 38.86, meanSpend: 22.35 };

test('undiscounted is purchases × spend × margin', () => {
  const wanted = expectedPurchases(buying, customer, 39) * expectedSpend(spending, customer)! * 0.3;
  const terms = { periods: 13, periodLength: 3, margin: 0.3, discount: 0 };
  expect(forecastValue(models, customer, terms)).toBeCloseTo(wanted, 9);
});

test('a single period is discounted from its end', () => {
  const terms = { periods: 1, periodLength: 39, margin: 1, discount: 0 };
  const plain = forecastValue(models, customer, terms)!;
  expect(forecastValue(models, customer, { ...terms, discount: 0.25 })).toBeCloseTo(plain / 1.25, 9);
});

test('without a mean spend there is no value', () => {
  const wild = { buying, spending: { p: 2, q: 0.9, gamma: 10 } };
  const once = { ...customer, repeats: 0, recency: 0, meanSpend: null };
  expect(forecastValue(wild, once, { periods: 1, periodLength: 1, margin: 1, discount: 0 })).toBeNull();
});
