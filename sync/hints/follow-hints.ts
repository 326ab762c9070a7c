/**
 * The hinted lane: records that a push named are read again by id and loaded like any other. It has no cursor, so it
 * moves none; it never fails a cycle, because polling finds everything that it misses. A hint is deleted after its
 * record is stored: a worker that dies in between leaves it to the next one, and reading twice changes nothing.
 */
import { isPassing } from '../../db/client.ts';
import type { CycleInput } from '../cycle.ts';
import { lookAtBatch } from '../drift/look-at-batch.ts';
import { type Loaded, type LoadTarget, loadBatch } from '../load.ts';
import { ReadFault, type SourceRecord, type Stream } from '../source.ts';
import type { Run } from '../states.ts';
import { withPriority } from '../with-priority.ts';
import { dropHints, forgetDeliveries, postponeHints, takeHints, type WaitingHint } from './store.ts';

/** Follow every hint that is due. Returns what went wrong in words, or null. Throws only when the worker is stopping. */
export async function followHints(input: CycleInput, run: Run, total: Loaded): Promise<string | null> {
  const { db, source, context, log } = input;
  if (!source.hinted) return null;
  const readable = new Set(source.hinted.streams);
  let problem: string | null = null;
  for (;;) {
    let waiting: WaitingHint[];
    try {
      waiting = await takeHints(db.sql, source.name);
      if (waiting.length > 0) await forgetDeliveries(db.sql, source.name);
    } catch (error) {
      if (!isPassing(error)) throw error;
      return (error as Error).message;
    }
    if (waiting.length === 0) return problem;
    for (const [name, hints] of Map.groupBy(waiting, (hint) => hint.stream)) {
      const stream = readable.has(name) ? source.streams.find((each) => each.name === name) : undefined;
      if (!stream) {
        await dropHints(db.sql, source.name, hints);
        continue;
      }
      try {
        await followStream(input, run, stream, hints, total);
      } catch (error) {
        if (context.signal.aborted) throw error;
        problem = error instanceof Error ? error.message : String(error);
        log.warn(
          { source: source.name, stream: name, hints: hints.length, err: problem },
          'hints could not be followed',
        );
        if (run.state === 'VALIDATING') await run.step(db.sql, 'LOADING', { stream: name });
        if (run.state === 'LOADING')
          await run.step(db.sql, 'RETRYING', { stream: name, reason: problem.slice(0, 500) });
        if (run.state === 'RETRYING') await run.step(db.sql, 'RUNNING', { stream: name });
        // What passes by itself is tried again in the next cycle. Anything else might be about one of these ids.
        if (!(error instanceof ReadFault) || willPass(error) || isPassing(error)) return problem;
        await postponeHints(db.sql, source.name, hints);
      }
    }
  }
}

const passing: readonly string[] = [
  'transient',
  'rate_limited',
  'quota_exhausted',
  'auth_expired',
  'auth_revoked',
];
const willPass = (fault: ReadFault) => passing.includes(fault.kind);

async function followStream(
  input: CycleInput,
  run: Run,
  stream: Stream,
  hints: readonly WaitingHint[],
  total: Loaded,
): Promise<void> {
  const { db, source, context } = input;
  const seen = new Map<string, SourceRecord['op']>();
  const ids = hints.map((hint) => hint.id);
  for await (const records of source.hinted!.read(stream.name, ids, withPriority(context, 'hinted'))) {
    for (const record of records) seen.set(record.id, record.op);
    await load(input, run, stream, records, total);
  }
  // The platform said so, and it no longer shows them: two witnesses.
  const vanished = hints.filter((hint) => hint.gone && !seen.has(hint.id));
  const version = context.now().getTime();
  await load(
    input,
    run,
    stream,
    vanished.map((hint) => ({ op: 'delete', id: hint.id, version, reason: 'deleted' })),
    total,
  );
  const agrees = (hint: WaitingHint) => (hint.gone ? seen.get(hint.id) !== 'upsert' : seen.has(hint.id));
  await dropHints(db.sql, source.name, hints.filter(agrees));
  await postponeHints(
    db.sql,
    source.name,
    hints.filter((hint) => !agrees(hint)),
  );
}

async function load(
  input: CycleInput,
  run: Run,
  stream: Stream,
  records: SourceRecord[],
  total: Loaded,
): Promise<void> {
  if (records.length === 0) return;
  const { db, source } = input;
  const detail = { stream: stream.name, lane: 'hinted' };
  const target: LoadTarget = { source, stream, lane: 'hinted', runId: run.id, lease: input.lease };
  await run.step(db.sql, 'VALIDATING', { ...detail, read: records.length });
  await run.step(db.sql, 'LOADING', detail);
  const loaded = await loadBatch(db, target, {
    stream: stream.name,
    records,
    cursor: null,
    coveredUntil: null,
  });
  total.read += loaded.read;
  total.changed += loaded.changed;
  total.deleted += loaded.deleted;
  total.quarantined += loaded.quarantined;
  await run.step(db.sql, 'RUNNING', { ...detail, changed: loaded.changed, deleted: loaded.deleted });
  input.onBatch?.({ stream: stream.name, lane: 'hinted', read: records.length, changed: loaded.changed });
  await lookAtBatch(input, stream, { records }, loaded);
}
