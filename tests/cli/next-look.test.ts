import { expect, test } from 'vitest';
import { nextLookMs } from '../../cli/start/next-look.ts';

const look = { everyMs: 20_000, idle: 0, failed: 0, quota: 'normal', random: () => 0 } as const;

test('a source that changes is looked at soon, one that rests half as often', () => {
  expect([0, 2, 3, 100].map((idle) => nextLookMs({ ...look, idle }))).toEqual([
    20_000, 20_000, 40_000, 40_000,
  ]);
});

test('after a look that failed comes another soon, once; a rest is no reason to wait then', () => {
  const looks = [1, 2, 3].map((failed) => nextLookMs({ ...look, idle: 2, failed }));
  expect([...looks, nextLookMs({ ...look, idle: 100, failed: 1 })]).toEqual([5_000, 20_000, 20_000, 5_000]);
});

test('a day that runs short makes it five minutes, then an hour between looks', () => {
  const states = (['slow', 'hints', 'spent'] as const).map((quota) => nextLookMs({ ...look, quota }));
  expect(states).toEqual([300_000, 3_600_000, 3_600_000]);
});

test('looks are spread by up to a tenth', () => {
  expect(nextLookMs({ ...look, random: () => 1 })).toBe(22_000);
});
