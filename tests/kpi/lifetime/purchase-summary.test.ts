import { expect, test } from 'vitest';
import { type Purchase, summarisePurchases } from '../../../kpi/lifetime/purchase-summary.ts';
import { calibration, cdnowPlainSummary, cdnowPurchases, cdnowSummary } from './cdnow.ts';

const buy = (customer: string, day: string, amount = 10): Purchase => ({ customer, day, amount });
const week = { until: '2026-03-29', unitDays: 7 };

test('raw purchases give the published summary of all 2,357 customers exactly', () => {
  const rows = summarisePurchases(cdnowPurchases(), calibration).map(
    ({ customer, repeats, recency, age }) =>
      `${Number(customer)},${repeats},${recency.toFixed(2)},${age.toFixed(2)}`,
  );
  const published = cdnowPlainSummary().map((line) => {
    const [id, x, recency, age] = line.split(',').map(Number) as [number, number, number, number];
    return `${id},${x},${recency.toFixed(2)},${age.toFixed(2)}`;
  });
  expect(rows).toHaveLength(2357);
  expect(rows).toEqual(published);
});

test('raw purchases give the published mean spend to its rounding', () => {
  const published = cdnowSummary();
  const gaps = summarisePurchases(cdnowPurchases(), calibration).map(({ meanSpend }, i) =>
    Math.abs((meanSpend ?? 0) - (published[i]!.meanSpend ?? 0)),
  );
  expect(Math.max(...gaps)).toBeLessThanOrEqual(0.005 + 1e-9);
});

test('the hold-out period has 1,882 repeat purchases', () => {
  const until = (day: string) =>
    new Map(
      summarisePurchases(cdnowPurchases(), { until: day, unitDays: 7 }).map((c) => [c.customer, c.repeats]),
    );
  const before = until(calibration.until);
  const after = until('1998-06-30');
  expect([...after].reduce((sum, [customer, repeats]) => sum + repeats - before.get(customer)!, 0)).toBe(
    1882,
  );
});

test('two purchases of one day are one', () => {
  const [customer] = summarisePurchases(
    [buy('a', '2026-03-01'), buy('a', '2026-03-08', 30), buy('a', '2026-03-08', 12)],
    week,
  );
  expect(customer).toEqual({ customer: 'a', repeats: 1, recency: 1, age: 4, meanSpend: 42 });
});

test('the order of the purchases does not matter', () => {
  const some = [buy('a', '2026-03-08'), buy('a', '2026-03-01'), buy('a', '2026-03-15')];
  expect(summarisePurchases(some, week)).toEqual(summarisePurchases(some.toReversed(), week));
});

test('who bought once has no mean spend', () => {
  expect(summarisePurchases([buy('a', '2026-03-01')], week)[0]!.meanSpend).toBeNull();
});

test('purchases after the end are not seen, and those who came after it neither', () => {
  const rows = summarisePurchases(
    [buy('a', '2026-03-29'), buy('a', '2026-03-30'), buy('b', '2026-04-01')],
    week,
  );
  expect(rows).toEqual([{ customer: 'a', repeats: 0, recency: 0, age: 0, meanSpend: null }]);
});
