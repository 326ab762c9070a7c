/**
 * What follows the streams, as one graph: data, so that a reader sees it and a cycle is refused by name. A consumer
 * takes from the change log what is there, whichever streams failed; `after` is what it needs of other consumers.
 */
import { keepKpis } from '../kpi/edition/keep-kpis.ts';
import { rollUp } from '../kpi/rollup/rollup.ts';
import { keepSchedules } from '../sync/business-hours/keep-schedules.ts';
import { type Job, order } from '../sync/graph.ts';
import { checkQuality } from '../sync/quality/check-quality.ts';
import { resolve } from '../sync/resolve/resolve.ts';
import type { Runnable } from '../sync/run-jobs.ts';
import type { Source } from '../sync/source.ts';
import type { Workshop } from './sync-sources.ts';

type Consumer = Job & { run: (workshop: Workshop) => Promise<void> };

async function count({ db, kpis, measures, timeZone }: Workshop): Promise<void> {
  await keepKpis(db, kpis);
  await rollUp(db, { measures, timeZone });
}

export const consumers: readonly Consumer[] = [
  // Totals first: they do not wait for the matching of companies.
  { name: 'totals', run: count },
  // Changed opening hours have every ticket judged again by the resolution that follows.
  {
    name: 'schedules',
    run: async ({ db, schedules = {}, now }) => {
      await keepSchedules(db, schedules, now());
    },
  },
  {
    name: 'resolve',
    follows: ['schedules', 'totals'],
    run: async ({ db }) => {
      await resolve(db);
    },
  },
  // What resolve re-attributed is in the log; without any, the roll-up finds nothing to do.
  { name: 'roll-up', after: ['resolve'], run: count },
  // Last, and needing nothing: a fault in a rule never holds up a number.
  {
    name: 'quality',
    follows: ['roll-up'],
    run: async ({ db, now, timeZone, titles = {}, events, log }) => {
      for (const { rule, severity, n, summary } of await checkQuality(db, { now: now(), timeZone, titles })) {
        log.info({ rule, n }, summary);
        events.emit('quality.finding', { rule, severity, records: n, finding: summary });
      }
    },
  },
];

/** The consumers bound to a workshop. */
export function jobsOf(workshop: Workshop): Runnable[] {
  return consumers.map((consumer) => ({ ...consumer, run: () => consumer.run(workshop) }));
}

/** The whole graph, streams of all sources before the consumers. Throws `setup` with the names of a cycle. */
export function wholeGraph(sources: readonly Pick<Source, 'name' | 'streams'>[]): Job[] {
  const streams = sources.flatMap(({ name: source, streams }) =>
    streams.map(({ name, after = [] }) => ({
      name: `${source} ${name}`,
      after: after.map((other) => `${source} ${other}`),
    })),
  );
  return order<Job>([
    ...streams,
    ...consumers.map(({ name, after = [], follows = [] }) => ({
      name,
      after,
      follows: [...follows, ...streams.map((stream) => stream.name)],
    })),
  ]);
}
