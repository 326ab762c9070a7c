import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { descendants, type Job, order } from '../../sync/graph.ts';

/** Jobs whose prerequisites are always earlier ones, shuffled. */
const acyclic = fc
  .integer({ min: 1, max: 12 })
  .chain((n) =>
    fc.tuple(
      fc.array(fc.array(fc.nat(), { maxLength: 4 }), { minLength: n, maxLength: n }),
      fc.shuffledSubarray(
        Array.from({ length: n }, (_, i) => i),
        { minLength: n },
      ),
    ),
  )
  .map(([needs, shuffle]): Job[] =>
    shuffle.map((i) => ({
      name: `j${i}`,
      after: i === 0 ? [] : [...new Set(needs[i]!.map((need) => `j${need % i}`))],
    })),
  );

describe('order', () => {
  test('puts nothing before what it needs', () => {
    fc.assert(
      fc.property(acyclic, (jobs) => {
        const at = new Map(order(jobs).map(({ name }, index) => [name, index]));
        for (const job of jobs)
          for (const need of job.after ?? []) expect(at.get(need)).toBeLessThan(at.get(job.name)!);
      }),
    );
  });

  test('loses no job and invents none', () => {
    fc.assert(
      fc.property(acyclic, (jobs) => {
        const names = (list: readonly Job[]) => list.map(({ name }) => name).sort();
        expect(names(order(jobs))).toEqual(names(jobs));
      }),
    );
  });

  test('keeps the given order where nothing speaks against it', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ minLength: 1 })), (names) => {
        expect(order(names.map((name) => ({ name }))).map(({ name }) => name)).toEqual(names);
      }),
    );
  });

  test('any cycle is refused and named', () => {
    fc.assert(
      fc.property(acyclic, fc.integer({ min: 2, max: 5 }), (jobs, length) => {
        const ring = Array.from(
          { length },
          (_, i): Job => ({ name: `r${i}`, after: [`r${(i + 1) % length}`] }),
        );
        expect(() => order([...jobs, ...ring])).toThrow(/wait for each other: r\d → .*r\d/);
      }),
    );
  });

  test('a cycle’s message begins and ends with the same job', () => {
    expect(() =>
      order([
        { name: 'a', after: ['b'] },
        { name: 'b', after: ['a'] },
      ]),
    ).toThrow('a → b → a');
  });

  test('a job that needs itself is a cycle', () => {
    expect(() => order([{ name: 'a', after: ['a'] }])).toThrow('a → a');
  });

  test('what is not among the jobs is not waited for', () => {
    expect(order([{ name: 'a', after: ['elsewhere'] }])).toHaveLength(1);
  });
});

describe('descendants', () => {
  test('are all that need a job, however far', () => {
    const jobs = [{ name: 'a' }, { name: 'b', after: ['a'] }, { name: 'c', after: ['b'] }, { name: 'd' }];
    expect(descendants(jobs, 'a')).toEqual(new Set(['b', 'c']));
  });

  test('never hold the job itself nor one that comes before it', () => {
    fc.assert(
      fc.property(acyclic, (jobs) => {
        const ordered = order(jobs).map(({ name }) => name);
        for (const [index, name] of ordered.entries())
          for (const child of descendants(jobs, name)) expect(ordered.indexOf(child)).toBeGreaterThan(index);
      }),
    );
  });
});
