/** One cycle of one source: every stream in order, every lane that is due, batch after batch, under a lease. */
import { type Database, isPassing } from '../db/client.ts';
import { HeraldError } from '../platform/errors.ts';
import type { Lease } from '../platform/lease.ts';
import type { Log } from '../platform/log.ts';
import { needsOperator } from '../platform/read-fault.ts';
import { followSchedules } from './business-hours/follow-schedules.ts';
import { lookAtBatch, sayDrift } from './drift/look-at-batch.ts';
import { forgetRefusals, watchRefusal } from './drift/watch-drift.ts';
import { type Checkpoint, dueLanes } from './due-lanes.ts';
import { descendants, order } from './graph.ts';
import { followHints } from './hints/follow-hints.ts';
import { keepSwept, type Loaded, type LoadTarget, loadBatch, loadSweep } from './load.ts';
import { remap } from './remap.ts';
import type { Batch, Cursor, Lane, LoadedLane, ReadContext, Source, Stream } from './source.ts';
import { ReadFault } from './source.ts';
import { Run } from './states.ts';
import { withPriority } from './with-priority.ts';

export type CycleSettings = {
  /** Closed windows are read again this often. */
  settleEveryMs: number;
  /** Complete id lists are compared this often. */
  sweepEveryMs: number;
  /** Largest share of a stream that a sweep may delete unasked; 1 allows all. */
  sweepBrake: number;
};

export const defaultCycle: CycleSettings = {
  settleEveryMs: 5 * 60_000,
  sweepEveryMs: 60 * 60_000,
  sweepBrake: 0.2,
};

export type CycleReport = {
  source: string;
  runId: number;
  state: 'SUCCESS' | 'FAILED';
  read: number;
  changed: number;
  deleted: number;
  quarantined: number;
  /** `needsOperator`: trying again does not help. */
  failures: { stream: string; reason: string; needsOperator: boolean }[];
};

export type CycleInput = {
  db: Database;
  source: Source;
  context: ReadContext;
  lease: Lease;
  settings: CycleSettings;
  cause: string;
  /** The run that somebody asked for. */
  asked?: number;
  log: Log;
  wait: (ms: number) => Promise<void>;
  /** Told after each batch: for progress bars. */
  onBatch?: (progress: { stream: string; lane: LoadedLane; read: number; changed: number }) => void;
  /** Told what changed in the form of a stream's records, in words. */
  onDrift?: (drift: { stream: string; drift: string }) => void;
};

const RETRIES = 3;

/** Run the cycle. Never throws for a failing stream: it is reported, its descendants are skipped, the others go on. */
export async function runCycle(input: CycleInput): Promise<CycleReport> {
  const { db, source } = input;
  const run = await Run.open(db.sql, source.name, input.cause, input.asked);
  const total: Loaded = { read: 0, changed: 0, deleted: 0, quarantined: 0 };
  const failures: CycleReport['failures'] = [];
  const skipped = new Set<string>();
  await run.step(db.sql, 'RUNNING');
  await followSchedules(db, source, input.context);
  const streams = order(source.streams);
  await announce(input, streams);
  for (const stream of streams) {
    // Between streams, not before all of them: a push need not wait for the end of a long reading.
    await followHints(input, run, total);
    if (skipped.has(stream.name)) continue;
    try {
      await runStream(input, run, stream, total);
    } catch (error) {
      if (input.context.signal.aborted) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      failures.push({ stream: stream.name, reason, needsOperator: needsOperator(error) });
      for (const name of descendants(source.streams, stream.name)) skipped.add(name);
      input.log.warn({ source: source.name, stream: stream.name, err: reason }, 'stream failed');
      sayDrift(input, stream, await watchRefusal(db, { source, stream, now: input.context.now() }, error));
      if (run.state === 'VALIDATING') await run.step(db.sql, 'LOADING', { stream: stream.name });
      if (run.state === 'LOADING')
        await run.step(db.sql, 'RETRYING', { stream: stream.name, reason: reason.slice(0, 500) });
      if (run.state === 'RETRYING') await run.step(db.sql, 'RUNNING', { stream: stream.name });
    }
  }
  const read = source.streams
    .map(({ name }) => name)
    .filter((name) => !failures.some(({ stream }) => stream === name));
  await forgetRefusals(
    db,
    source.name,
    read.filter((name) => !skipped.has(name)),
    input.context.now(),
  );
  const state = failures.length > 0 ? 'FAILED' : 'SUCCESS';
  await db.sql`update sync_run set read = ${total.read}, changed = ${total.changed + total.deleted}, quarantined = ${total.quarantined},
    error = ${
      failures
        .map((failure) => `${failure.stream}: ${failure.reason}`)
        .join('; ')
        .slice(0, 2000) || null
    } where id = ${run.id}`;
  if (state === 'SUCCESS') {
    await run.step(db.sql, 'VALIDATING', { read: total.read, quarantined: total.quarantined });
    await run.step(db.sql, 'LOADING', { changed: total.changed, deleted: total.deleted });
  }
  await run.step(db.sql, state, { changed: total.changed, deleted: total.deleted });
  return { source: source.name, runId: run.id, state, ...total, failures };
}

async function runStream(input: CycleInput, run: Run, stream: Stream, total: Loaded): Promise<void> {
  const { db, source, context, settings } = input;
  total.changed += await remap(db, { source, stream, lane: 'backfill', runId: run.id, lease: input.lease });
  const kept = await db.sql<
    Checkpoint[]
  >`select stream, lane, cursor, finished_at from checkpoint where source = ${source.name} and stream = ${stream.name}`;
  for (const { lane, cursor } of dueLanes(stream, kept, context.now(), settings))
    await runLane(input, run, stream, lane, cursor, total);
}

/** Most streams are read from where they are now: what is asked of several at once is asked once. */
async function announce(
  { db, source, context, settings }: CycleInput,
  streams: readonly Stream[],
): Promise<void> {
  if (!source.prepare) return;
  const kept = await db.sql<
    Checkpoint[]
  >`select stream, lane, cursor, finished_at from checkpoint where source = ${source.name}`;
  source.prepare(
    streams.flatMap((stream) =>
      dueLanes(stream, kept, context.now(), settings).map((due) => ({ stream: stream.name, ...due })),
    ),
  );
}

async function runLane(
  input: CycleInput,
  run: Run,
  stream: Stream,
  lane: Lane,
  start: Cursor,
  total: Loaded,
): Promise<void> {
  const { db, source, context } = input;
  const target: LoadTarget = { source, stream, lane, runId: run.id, lease: input.lease };
  let cursor = start;
  for (let attempt = 0; ; attempt++) {
    try {
      let first = true;
      for await (const batch of source.read(stream.name, lane, cursor, withPriority(context, lane))) {
        if (context.signal.aborted) throw new HeraldError('upstream', 'The worker is stopping.');
        await run.step(db.sql, 'VALIDATING', { stream: stream.name, lane, read: batch.records.length });
        await run.step(db.sql, 'LOADING', { stream: stream.name, lane });
        const loaded =
          lane === 'sweep'
            ? await sweepPage(input, target, batch, first)
            : await loadBatch(db, target, batch);
        first = false;
        cursor = lane === 'sweep' ? null : batch.cursor;
        total.read += loaded.read;
        total.changed += loaded.changed;
        total.deleted += loaded.deleted;
        total.quarantined += loaded.quarantined;
        await run.step(db.sql, 'RUNNING', {
          stream: stream.name,
          changed: loaded.changed,
          deleted: loaded.deleted,
        });
        input.onBatch?.({ stream: stream.name, lane, read: batch.records.length, changed: loaded.changed });
        await lookAtBatch(input, stream, batch, loaded);
      }
      return;
    } catch (error) {
      const passes =
        isPassing(error) ||
        (error instanceof ReadFault &&
          (error.kind === 'transient' || error.kind === 'rate_limited' || error.kind === 'auth_expired'));
      if (!passes || attempt >= RETRIES || context.signal.aborted) throw error;
      if (run.state === 'VALIDATING') await run.step(db.sql, 'LOADING');
      await run.step(db.sql, 'RETRYING', {
        stream: stream.name,
        reason: (error as Error).message.slice(0, 500),
      });
      await input.wait(
        Math.max(1000 * 2 ** attempt, error instanceof ReadFault ? (error.retryAfterMs ?? 0) : 0),
      );
      await run.step(db.sql, 'RUNNING', { stream: stream.name, attempt: attempt + 1 });
    }
  }
}

/** A sweep's page carries ids, not records: `{ids, done}`; or, where a platform lists what is gone, delete records. */
async function sweepPage(
  input: CycleInput,
  target: LoadTarget,
  batch: Batch,
  first: boolean,
): Promise<Loaded> {
  const page = batch.cursor as { ids?: string[]; done?: boolean } | null;
  const none: Loaded = { read: 0, changed: 0, deleted: 0, quarantined: 0 };
  if (!page?.ids) return loadBatch(input.db, target, batch);
  await keepSwept(input.db, target, page.ids, first);
  if (!page.done) return none;
  const swept = await loadSweep(input.db, target, { brake: input.settings.sweepBrake });
  await loadBatch(input.db, target, {
    ...batch,
    records: [],
    cursor: null,
    coveredUntil: batch.coveredUntil ?? input.context.now().toISOString(),
  });
  return swept;
}
