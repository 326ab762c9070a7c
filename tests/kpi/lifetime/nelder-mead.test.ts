import { expect, test } from 'vitest';
import { nelderMead } from '../../../kpi/lifetime/nelder-mead.ts';

test('finds the bottom of a bowl', () => {
  const found = nelderMead(([x, y]) => (x! - 3) ** 2 + 2 * (y! + 1) ** 2 + 7, [0, 0], { tolerance: 1e-12 });
  expect(found.at[0]).toBeCloseTo(3, 5);
  expect(found.at[1]).toBeCloseTo(-1, 5);
  expect(found.value).toBeCloseTo(7, 10);
});

test('follows Rosenbrock’s valley to its end', () => {
  const found = nelderMead(([x, y]) => 100 * (y! - x! ** 2) ** 2 + (1 - x!) ** 2, [-1.2, 1], {
    tolerance: 1e-12,
  });
  expect(found.converged).toBe(true);
  expect(found.at[0]).toBeCloseTo(1, 4);
});

test('keeps away from where the function has no value', () => {
  const found = nelderMead(([x]) => x! - Math.log(x!), [0.2], { tolerance: 1e-12 });
  expect(found.at[0]).toBeCloseTo(1, 4);
});

test('says when it has not arrived', () => {
  expect(nelderMead(([x]) => -x!, [0], { mostIterations: 20 }).converged).toBe(false);
});
