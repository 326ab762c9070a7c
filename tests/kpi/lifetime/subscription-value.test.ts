import { expect, test } from 'vitest';
import { kaplanMeier } from '../../../kpi/lifetime/kaplan-meier.ts';
import { subscriptionValue } from '../../../kpi/lifetime/subscription-value.ts';

const ended = (...months: number[]) => months.map((time) => ({ time, ended: true }));
const running = (...months: number[]) => months.map((time) => ({ time, ended: false }));

test('is the margin of every month times the share still there', () => {
  // S = 1, 1, .75, .75, .5 at months 0 to 4
  const survival = kaplanMeier([...ended(2, 4), ...running(6, 6)]);
  expect(subscriptionValue(survival, { marginPerMonth: 100, discount: 0, horizonMonths: 5 })).toEqual({
    value: 400,
    months: 5,
    remaining: 0.5,
    // 200² × 1/(4·3) for what follows the first step, 50² × 1/(3·2) for the second.
    standardError: Math.sqrt(3750),
  });
});

test('is the annuity of the discount where nobody leaves', () => {
  const survival = kaplanMeier(running(36, 36));
  const { value } = subscriptionValue(survival, { marginPerMonth: 50, discount: 0.01, horizonMonths: 24 })!;
  expect(value).toBeCloseTo((50 * (1 - 1.01 ** -24)) / (1 - 1 / 1.01), 9);
});

test('nears margin ÷ churn where every month the same share leaves', () => {
  // 10 % of those left, every month: of 10,000 the whole customers, hence within 1 %.
  let left = 10_000;
  const spells = Array.from({ length: 100 }, (_month, i) => {
    const lost = Math.round(left / 10);
    left -= lost;
    return ended(...new Array<number>(lost).fill(i + 1));
  }).flat();
  const survival = kaplanMeier([...spells, ...running(...new Array<number>(left).fill(100))]);
  const { value } = subscriptionValue(survival, { marginPerMonth: 10, discount: 0, horizonMonths: 100 })!;
  expect(Math.abs(value / 100 - 1)).toBeLessThan(0.01);
});

test('stops where nobody has been watched for so long, and says what share it leaves out', () => {
  const survival = kaplanMeier([...ended(1), ...running(3)]);
  expect(subscriptionValue(survival, { marginPerMonth: 100, discount: 0, horizonMonths: 60 })).toEqual({
    value: 250,
    months: 4,
    remaining: 0.5,
    standardError: Math.sqrt(150 ** 2 / 2),
  });
});

test('without customers there is no value, rather than one of nothing', () => {
  expect(
    subscriptionValue(kaplanMeier([]), { marginPerMonth: 1, discount: 0, horizonMonths: 12 }),
  ).toBeNull();
});
