/** Order of jobs by their prerequisites (Kahn 1962). */
import { HeraldError } from '../platform/errors.ts';

export type Job = {
  name: string;
  /** What it needs: when one of these fails, it is skipped. */
  after?: readonly string[];
  /** What it only comes behind: it takes what is there, whether that succeeded or not. */
  follows?: readonly string[];
};

/** Names in an order in which no job comes before what it needs; ties keep the given order. Refuses a cycle by naming it. */
export function order<T extends Job>(jobs: readonly T[]): T[] {
  const byName = new Map(jobs.map((job) => [job.name, job]));
  const waiting = new Map(
    jobs.map((job) => [job.name, new Set(needsOf(job).filter((name) => byName.has(name)))]),
  );
  const ordered: T[] = [];
  while (waiting.size > 0) {
    const ready = [...waiting].find(([, needs]) => needs.size === 0)?.[0];
    if (ready === undefined)
      throw new HeraldError(
        'setup',
        `These jobs wait for each other: ${cycleIn(waiting).join(' → ')}. Remove one of the dependencies.`,
      );
    waiting.delete(ready);
    for (const needs of waiting.values()) needs.delete(ready);
    ordered.push(byName.get(ready)!);
  }
  return ordered;
}

const needsOf = ({ after = [], follows = [] }: Job) => [...after, ...follows];

function cycleIn(waiting: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const path: string[] = [];
  let at = waiting.keys().next().value as string;
  while (!path.includes(at)) {
    path.push(at);
    at = waiting.get(at)!.values().next().value as string;
  }
  return [...path.slice(path.indexOf(at)), at];
}

/** Everything that must be skipped when `failed` failed: its descendants, not itself. */
export function descendants(jobs: readonly Job[], failed: string): Set<string> {
  const out = new Set<string>();
  const visit = (name: string) => {
    for (const job of jobs) {
      if (job.after?.includes(name) && !out.has(job.name)) {
        out.add(job.name);
        visit(job.name);
      }
    }
  };
  visit(failed);
  return out;
}
