import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openDatabase } from '../../../db/client.ts';
import { binOf, quantileOf, sizeOf } from '../../../kpi/rollup/distribution.ts';
import { openTestDatabase } from '../../database.ts';

test('percentiles of heavy-tailed sizes are within 1 % of the exact ones', async () => {
  const server = await openTestDatabase();
  const db = openDatabase(server.url, { name: 'test', max: 1 });
  try {
    // Pareto with α = 1: neither mean nor variance exist; and a lognormal part over six decades.
    await db.sql`select setseed(0.42)`;
    await db.sql`create table size as select 0.001 / (1 - random()) as x from generate_series(1, 20000) union all select exp(random_normal(3, 3)) from generate_series(1, 20000)`;
    const rows = await db.sql.unsafe<{ bin: number; n: number }[]>(
      `select ${binOf('x')} as bin, count(*)::int as n from size group by 1`,
    );
    const sketch = new Map(rows.map((row) => [row.bin, row.n]));
    for (const p of [0, 0.01, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1]) {
      const [exact] = await db.sql<
        { x: number }[]
      >`select percentile_cont(${p}::double precision) within group (order by x) as x from size`;
      expect(Math.abs(quantileOf(sketch, p)! / exact!.x - 1)).toBeLessThanOrEqual(0.01 + 1e-9);
    }
  } finally {
    await db.close();
    await server.close();
  }
});

const sketch = fc.array(fc.tuple(fc.integer({ min: -9_000, max: 9_000 }), fc.integer({ min: 1, max: 50 })));
const merge = (...all: (readonly (readonly [number, number])[])[]) => {
  const out = new Map<number, number>();
  for (const [bin, n] of all.flat()) out.set(bin, (out.get(bin) ?? 0) + n);
  return out;
};

test('two sketches merged in either order answer as the sketch of both', () => {
  fc.assert(
    fc.property(sketch, sketch, fc.double({ min: 0, max: 1, noNaN: true }), (a, b, p) => {
      expect(quantileOf(merge(a, b), p)).toBe(quantileOf(merge(b, a), p));
    }),
  );
});

test('sizes below zero mirror those above, and zero is exact', () => {
  expect(sizeOf(-8_100)).toBe(-sizeOf(8_100));
  expect(sizeOf(0)).toBe(0);
});

test('an empty sketch has no percentile', () => {
  expect(quantileOf(new Map(), 0.5)).toBeNull();
});
