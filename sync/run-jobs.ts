/** Jobs run in the order that their graph declares; a failed one skips its descendants and nobody else. */
import { descendants, type Job, order } from './graph.ts';

export type Runnable = Job & { run: () => Promise<void> };

export type JobOutcome = {
  name: string;
  state: 'done' | 'failed' | 'skipped';
  /** Of a failed job: what it threw. Of a skipped one: the job that failed. */
  error?: unknown;
  because?: string;
};

/** One after the other. Throws only for a graph with a cycle, before any job has run. */
export async function runJobs(jobs: readonly Runnable[]): Promise<JobOutcome[]> {
  const skipped = new Map<string, string>();
  const outcomes: JobOutcome[] = [];
  for (const job of order(jobs)) {
    const because = skipped.get(job.name);
    if (because !== undefined) {
      outcomes.push({ name: job.name, state: 'skipped', because });
      continue;
    }
    try {
      await job.run();
      outcomes.push({ name: job.name, state: 'done' });
    } catch (error) {
      outcomes.push({ name: job.name, state: 'failed', error });
      for (const name of descendants(jobs, job.name)) if (!skipped.has(name)) skipped.set(name, job.name);
    }
  }
  return outcomes;
}
