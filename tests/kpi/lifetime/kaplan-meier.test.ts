import { describe, expect, test } from 'vitest';
import { kaplanMeier, medianSurvival, type Spell, survivalAt } from '../../../kpi/lifetime/kaplan-meier.ts';

/** Weeks in remission under 6-MP (Gehan 1965; Freireich et al. 1963); a plus is censored. */
const weeks = '6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+';
const sixMp: Spell[] = weeks
  .split(' ')
  .map((text) => ({ time: Number.parseInt(text, 10), ended: !text.endsWith('+') }));
const curve = kaplanMeier(sixMp);

describe('the 6-MP group of the textbook', () => {
  test.each([
    [6, 0.8571],
    [7, 0.8067],
    [10, 0.7529],
    [13, 0.6902],
    [16, 0.6275],
    [22, 0.5378],
    [23, 0.4482],
  ])('after %d weeks has %d in remission', (time, share) => {
    expect(survivalAt(curve, time)!).toBeCloseTo(share, 4);
  });

  test('has the textbook’s patients at risk', () => {
    expect(curve.steps.map(({ atRisk }) => atRisk)).toEqual([21, 17, 15, 12, 11, 7, 6]);
  });

  test('has the textbook’s standard errors', () => {
    const errors = curve.steps.map(({ standardError }) => standardError!.toFixed(3));
    expect(errors).toEqual(['0.076', '0.087', '0.096', '0.107', '0.114', '0.128', '0.135']);
  });

  test('has a median of 23 weeks', () => {
    expect(medianSurvival(curve)).toBe(23);
  });

  test('tells nothing beyond the 35 weeks that were watched', () => {
    expect(survivalAt(curve, 36)).toBeNull();
  });
});

test('the order of the spells does not matter', () => {
  expect(kaplanMeier(sixMp.toReversed())).toEqual(curve);
});

test('without censoring the curve is the share of those left', () => {
  const all = kaplanMeier([1, 2, 2, 4].map((time) => ({ time, ended: true })));
  expect([0, 1, 2, 3, 4].map((time) => survivalAt(all, time))).toEqual([1, 0.75, 0.25, 0.25, 0]);
});

test('once all have left nobody is there later either', () => {
  expect(survivalAt(kaplanMeier([{ time: 3, ended: true }]), 99)).toBe(0);
});

test('a share of nobody is no number', () => {
  expect(survivalAt(kaplanMeier([]), 0)).toBeNull();
});

test('a median that has not been reached is not told', () => {
  expect(medianSurvival(kaplanMeier([{ time: 9, ended: false }]))).toBeNull();
});

describe('remission of leukaemia with and without maintenance (Miller, Survival Analysis, 1981), in weeks', () => {
  const spells = (ended: readonly number[], censored: readonly number[]): Spell[] => [
    ...ended.map((time) => ({ time, ended: true })),
    ...censored.map((time) => ({ time, ended: false })),
  ];
  test('has medians of 31 and 23', () => {
    const kept = kaplanMeier(spells([9, 13, 18, 23, 31, 34, 48], [13, 28, 45, 161]));
    const left = kaplanMeier(spells([5, 5, 8, 8, 12, 23, 27, 30, 33, 43, 45], [16]));
    expect([medianSurvival(kept), medianSurvival(left)]).toEqual([31, 23]);
    expect(survivalAt(kept, 48)).toBeCloseTo(0.1841, 4);
    expect(survivalAt(left, 44)).toBeCloseTo(0.0972, 4);
  });
});

test('a time that is no number ends the curve, not the programme', () =>
  expect(kaplanMeier([{ time: Number.NaN, ended: true }]).spells).toBe(1));
