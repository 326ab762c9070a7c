/** Sources at work: opened from settings, run in cycles under a lease, their consumers after them. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from '../db/client.ts';
import type { KpiDefinition, Measure } from '../kpi/definition.ts';
import { createGuardedFetch } from '../platform/http.ts';
import { takeLease } from '../platform/lease.ts';
import type { Log } from '../platform/log.ts';
import { createSecretStore } from '../platform/secrets.ts';
import type { Schedule } from '../sync/business-hours/schedule.ts';
import {
  type CycleInput,
  type CycleReport,
  type CycleSettings,
  defaultCycle,
  runCycle,
} from '../sync/cycle.ts';
import type { Events } from '../sync/events.ts';
import { drainHints } from '../sync/hints/drain-hints.ts';
import { runJobs } from '../sync/run-jobs.ts';
import type { ReadContext, Source } from '../sync/source.ts';
import { jobsOf } from './consumers.ts';
import type { Gates } from './source-gates.ts';

export type Workshop = {
  db: Database;
  now: () => Date;
  random: () => number;
  /** Unique per process: who holds the leases. */
  holder: string;
  key: Buffer;
  timeZone: string;
  /** Whose definitions are noted as they come into force. */
  kpis: readonly KpiDefinition[];
  /** What the roll-up keeps: the catalogue's measures. */
  measures: readonly Measure[];
  log: Log;
  signal: AbortSignal;
  settings?: Partial<CycleSettings>;
  /** When support works, by name; tickets that name none follow "default". */
  schedules?: Readonly<Record<string, Schedule>>;
  /** How people call the sources, by name. */
  titles?: Readonly<Record<string, string>>;
  /** Pace, breaker and daily guard of each source. */
  gates: Gates;
  events: Events;
};

/** Of a gate that was opened before; without one the calls are paced in this process alone. */
export function contextFor(
  workshop: Omit<Workshop, 'gates' | 'events'> & { gates?: Gates },
  source: Source,
  signal: AbortSignal,
): ReadContext {
  const { now, random, log, db, key } = workshop;
  const gate = workshop.gates?.known(source.name);
  return {
    now,
    signal,
    log,
    secrets: createSecretStore(db, key, source.name),
    fetch: createGuardedFetch({
      name: source.title,
      pace: source.pace,
      now,
      random,
      signal,
      wait: (ms, stop) => pause(ms, undefined, { signal: stop }),
      ...(source.classify ? { classify: source.classify } : {}),
      ...(gate ? { gate } : {}),
    }),
  };
}

/** One cycle, or null while another worker has this source. */
export function syncOnce(
  workshop: Workshop,
  source: Source,
  cause: string,
  more: Pick<CycleInput, 'onBatch' | 'asked'> = {},
): Promise<CycleReport | null> {
  return underLease(workshop, source, cause, runCycle, more);
}

/** What pushes named, and nothing else; null when that is nothing, or while another worker has this source. */
export function drainOnce(workshop: Workshop, source: Source): Promise<CycleReport | null> {
  return underLease(workshop, source, 'push', drainHints);
}

/** The lease is renewed while the work goes on; losing it ends the work. */
async function underLease(
  workshop: Workshop,
  source: Source,
  cause: string,
  work: (input: CycleInput) => Promise<CycleReport | null>,
  more: Pick<CycleInput, 'onBatch' | 'asked'> = {},
): Promise<CycleReport | null> {
  const { db, log } = workshop;
  const lease = await takeLease(db, `sync:${source.name}`, workshop.holder);
  if (!lease) return null;
  const lost = new AbortController();
  const signal = AbortSignal.any([workshop.signal, lost.signal]);
  const heart = setInterval(() => {
    lease.renew().then(
      (held) => {
        if (!held) lost.abort(new Error(`the lease on ${source.name} was taken over`));
      },
      (error: Error) =>
        log.warn({ source: source.name, err: error.message }, 'the lease could not be renewed'),
    );
  }, 10_000);
  try {
    await workshop.gates.of(source);
    const report = await work({
      db,
      source,
      lease,
      settings: { ...defaultCycle, ...workshop.settings },
      cause,
      log,
      wait: (ms) => pause(ms, undefined, { signal }),
      context: contextFor(workshop, source, signal),
      onDrift: (drift) => workshop.events.emit('schema.drifted', { source: source.name, ...drift }),
      ...more,
    });
    if (report) tell(workshop.events, report);
    return report;
  } finally {
    clearInterval(heart);
    await lease.release();
  }
}

function tell(events: Events, report: CycleReport): void {
  const { source, runId, read, changed, deleted, quarantined, failures } = report;
  for (const failure of failures) events.emit('stream.failed', { source, runId, ...failure });
  if (quarantined > 0) events.emit('records.quarantined', { source, runId, records: quarantined });
  if (report.state === 'SUCCESS') events.emit('run.finished', { source, runId, read, changed, deleted });
  else events.emit('run.failed', { source, runId, reasons: failures.map(({ reason }) => reason) });
}

/**
 * The consumers, in the order of their graph: each has caught up with what was there when it began. False while
 * another process does it. Throws when the numbers could not be counted; a fault
 * in any other job is logged, told, and harms only what needs that job.
 */
export async function consume(workshop: Workshop): Promise<boolean> {
  const { db, log, events } = workshop;
  const lease = await takeLease(db, 'consumers', workshop.holder);
  if (!lease) return false;
  const heart = setInterval(() => {
    lease
      .renew()
      .catch((error: Error) => log.warn({ err: error.message }, 'the consumers’ lease could not be renewed'));
  }, 10_000);
  try {
    // Once each: sources may write all the while, and whoever writes asks for another round.
    const outcomes = await runJobs(jobsOf(workshop));
    for (const outcome of outcomes) {
      if (outcome.state !== 'failed') continue;
      const reason = (outcome.error as Error).message;
      log.error({ job: outcome.name, err: reason }, 'a job failed and will be tried again');
      events.emit('job.failed', { job: outcome.name, reason });
    }
    const counted = outcomes.find(({ name }) => name === 'roll-up');
    if (counted?.state !== 'done')
      throw outcomes.find(({ state }) => state === 'failed')?.error ?? new Error('the roll-up did not run');
    events.emit('data.counted', {});
    return true;
  } finally {
    clearInterval(heart);
    await lease.release();
  }
}
