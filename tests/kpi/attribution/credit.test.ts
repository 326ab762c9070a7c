import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { credit, touchModels } from '../../../kpi/attribution/credit.ts';
import type { Journey } from '../../../kpi/attribution/journey.ts';
import { oracleByChannel, oracleCredits, oracleJourneys, oracleTotal } from './oracle.ts';

const relative = (got: number, wanted: number) => Math.abs(got - wanted) / Math.max(1, Math.abs(wanted));

const journeyOf = (hours: readonly number[], value = 100): Journey => ({
  touches: hours.map((hoursBefore) => ({ channel: 'email', hoursBefore })),
  value,
});

describe.each(touchModels)('the %s model', (model) => {
  test('gives every touch of the independent library’s journeys the same credit', () => {
    const cases = oracleCredits(model);
    const worst = cases.flatMap(({ journey, credits }) =>
      credit(journey, model).map((got, i) => relative(got, credits[i]!)),
    );
    expect(cases).toHaveLength(300);
    expect(Math.max(...worst)).toBeLessThan(1e-9);
  });

  test('gives every channel the same sum', () => {
    const sums = new Map<string, number>();
    for (const journey of oracleJourneys())
      credit(journey, model).forEach((amount, i) => {
        const { channel } = journey.touches[i]!;
        sums.set(channel, (sums.get(channel) ?? 0) + amount);
      });
    const wanted = oracleByChannel(model);
    expect([...sums.keys()].sort()).toEqual([...wanted.keys()].sort());
    for (const [channel, amount] of wanted) expect(relative(sums.get(channel)!, amount)).toBeLessThan(1e-9);
  });

  test('conserves the value of all journeys', () => {
    const sum = oracleJourneys()
      .flatMap((journey) => credit(journey, model))
      .reduce((all, amount) => all + amount, 0);
    expect(sum).toBeCloseTo(oracleTotal, 6);
  });

  test('conserves any value over any touches', () => {
    const hours = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 40 });
    const value = fc.double({ min: -1e9, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(hours, value, (some, worth) => {
        const sum = credit(journeyOf(some, worth), model).reduce((all, amount) => all + amount, 0);
        expect(relative(sum, worth)).toBeLessThan(1e-12);
      }),
      { numRuns: 200 },
    );
  });

  test('gives nobody anything for a journey without touches', () => {
    expect(credit(journeyOf([]), model)).toEqual([]);
  });

  test('gives a single touch everything', () => {
    expect(credit(journeyOf([12]), model)).toEqual([100]);
  });
});

test('a touch a week earlier earns half in time decay', () => {
  const [early, late] = credit(journeyOf([168 + 5, 5], 90), 'time_decay');
  expect([early, late]).toEqual([30, 60]);
});

test('time decay still divides a journey that is forty years old', () => {
  expect(credit(journeyOf([350_000 + 168, 350_000], 90), 'time_decay')).toEqual([30, 60]);
});

test('position gives two touches half each', () => {
  expect(credit(journeyOf([2, 1]), 'position')).toEqual([50, 50]);
});

test('position gives the ends 40 % each and shares 20 % in the middle', () => {
  const credits = credit(journeyOf([4, 3, 2, 1]), 'position');
  [40, 10, 10, 40].forEach((wanted, i) => {
    expect(credits[i]).toBeCloseTo(wanted, 12);
  });
});
