import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { consumers, wholeGraph } from '../../cli/consumers.ts';
import { descendants, type Job } from '../../sync/graph.ts';
import { runJobs } from '../../sync/run-jobs.ts';
import { MemorySource } from '../memory-source.ts';

/** Up to 50 jobs whose needs are earlier ones, in any order of declaration. */
const graph = fc.integer({ min: 1, max: 50 }).chain((n) =>
  fc
    .tuple(
      fc.array(fc.array(fc.nat(), { maxLength: 3 }), { minLength: n, maxLength: n }),
      fc.array(fc.array(fc.nat(), { maxLength: 2 }), { minLength: n, maxLength: n }),
      fc.shuffledSubarray(
        Array.from({ length: n }, (_, i) => i),
        { minLength: n },
      ),
    )
    .map(([needs, follows, shuffle]): Job[] => {
      const earlier = (list: readonly number[], i: number) =>
        i === 0 ? [] : [...new Set(list.map((need) => `j${need % i}`))];
      return shuffle.map((i) => ({
        name: `j${i}`,
        after: earlier(needs[i]!, i),
        follows: earlier(follows[i]!, i),
      }));
    }),
);

const runnable = (jobs: readonly Job[], failing: ReadonlySet<string>, ran: string[]) =>
  jobs.map((job) => ({
    ...job,
    run: async () => {
      ran.push(job.name);
      if (failing.has(job.name)) throw new Error(job.name);
    },
  }));

describe('a graph of jobs', () => {
  test('runs each job once, after all that it needs and follows', async () => {
    await fc.assert(
      fc.asyncProperty(graph, async (jobs) => {
        const ran: string[] = [];
        await runJobs(runnable(jobs, new Set(), ran));
        expect([...ran].sort()).toEqual(jobs.map(({ name }) => name).sort());
        for (const { name, after = [], follows = [] } of jobs)
          for (const before of [...after, ...follows])
            expect(ran.indexOf(before)).toBeLessThan(ran.indexOf(name));
      }),
    );
  });

  test('skips exactly the descendants of what failed', async () => {
    await fc.assert(
      fc.asyncProperty(graph, fc.array(fc.nat(), { maxLength: 5 }), async (jobs, picks) => {
        const failing = new Set(picks.map((pick) => jobs[pick % jobs.length]!.name));
        const ran: string[] = [];
        const outcomes = await runJobs(runnable(jobs, failing, ran));
        const failed = outcomes.filter(({ state }) => state === 'failed').map(({ name }) => name);
        const below = new Set(failed.flatMap((name) => [...descendants(jobs, name)]));
        expect(new Set(outcomes.filter(({ state }) => state === 'skipped').map(({ name }) => name))).toEqual(
          below,
        );
        expect(new Set(ran)).toEqual(
          new Set(jobs.map(({ name }) => name).filter((name) => !below.has(name))),
        );
      }),
    );
  });

  test('with a cycle runs nothing and names it', async () => {
    const ran: string[] = [];
    const jobs = [{ name: 'a' }, { name: 'b', after: ['c'] }, { name: 'c', follows: ['b'] }];
    await expect(runJobs(runnable(jobs, new Set(), ran))).rejects.toThrow('b → c → b');
    expect(ran).toEqual([]);
  });

  test('says which failure a skipped job owes its rest to', async () => {
    const jobs = [{ name: 'a' }, { name: 'b', after: ['a'] }];
    expect(await runJobs(runnable(jobs, new Set(['a']), []))).toMatchObject([
      { name: 'a', state: 'failed' },
      { name: 'b', state: 'skipped', because: 'a' },
    ]);
  });
});

describe('the whole graph', () => {
  const source = new MemorySource('billing', ['account', 'invoice']);
  source.streams[1]!.after = ['account'];
  const names = wholeGraph([source]).map(({ name }) => name);

  test('goes from parent streams to children to resolve to roll-up to quality', () => {
    const road = ['billing account', 'billing invoice', 'resolve', 'roll-up', 'quality'];
    expect(names.filter((name) => road.includes(name))).toEqual(road);
  });

  test('refuses streams that wait for each other', () => {
    const ring = new MemorySource('ring', ['account', 'invoice']);
    ring.streams[0]!.after = ['invoice'];
    ring.streams[1]!.after = ['account'];
    expect(() => wholeGraph([ring])).toThrow('ring account → ring invoice → ring account');
  });

  test('lets no failed stream and no faulty rule stop the numbers', () => {
    const needed = (name: string) => consumers.find((each) => each.name === name)?.after ?? [];
    expect(needed('roll-up')).toEqual(['resolve']);
    expect(needed('quality')).toEqual([]);
    expect(needed('resolve')).toEqual([]);
  });
});
