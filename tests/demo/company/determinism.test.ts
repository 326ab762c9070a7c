import { expect, test } from 'vitest';
import { afterAnchor, build, digest } from './company.ts';

test('the same options give the same records', () => {
  expect(digest(build(0.02))).toBe(digest(build(0.02)));
});

test('another seed gives another company', () => {
  expect(digest(build(0.02, 8))).not.toBe(digest(build(0.02)));
});

test('the same ticks give the same records', () => {
  const run = () => {
    const world = build(0.02);
    for (let i = 0; i < 300; i++) world.tick(afterAnchor + i * 30_000);
    return digest(world);
  };
  expect(run()).toBe(run());
});
