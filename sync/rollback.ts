/**
 * Taking a bad run back. Nothing is erased: for each record that the run changed and nobody changed since, the version
 * from before becomes current again in a new run's batches, so that the numbers follow through the change log and
 * every as-of answer stays what it was.
 *
 * `record_head` goes on telling what the *source* said last. So the bad copy, read again, is known and stays held,
 * and the first copy that differs from it is loaded. Rolling the rollback back lets the held copies in.
 */
import type { Database, Transaction } from '../db/client.ts';
import { HeraldError } from '../platform/errors.ts';
import { holdLease, unify } from './load.ts';
import type { Source, Stream, UnifiedRow } from './source.ts';
import { Run } from './states.ts';
import { writeUnified } from './unified.ts';

export type RollbackReport = {
  runId: number;
  source: string;
  /** The run that took it back; null when nothing was written. */
  by: number | null;
  /** Records that got their former version again. */
  restored: number;
  /** Records that were not there before the run, and are gone again. */
  removed: number;
  /** Records changed since by later runs: left as they are. */
  later: number;
  /** Some of them, for people. */
  examples: { stream: string; id: string; runId: number | null }[];
};

type BadRun = { id: number; source: string; started_at: Date; batches: { id: number; stream: string }[] };

/** Records per transaction. */
const CHUNK = 5_000;
const EXAMPLES = 20;

/** What a rollback would do; writes nothing. Throws `ask` for a run that cannot be taken back. */
export async function planRollback(db: Database, runId: number): Promise<RollbackReport> {
  const run = await readRun(db, runId);
  const report = emptyReport(run);
  for (const batch of run.batches) {
    for (let after = ''; ; ) {
      const chunk = await db.inTransaction((tx) => readChunk(tx, run, batch, after));
      count(report, batch.stream, chunk);
      if (chunk.length < CHUNK) break;
      after = chunk.at(-1)!.id;
    }
  }
  return report;
}

/**
 * Take a run back, under its source's lease. Stopped in the middle, it can be asked for again: what was done is found
 * done. Throws `ask` for a run that cannot be taken back; throws what the database throws, the run then FAILED.
 */
export async function rollBack(
  db: Database,
  source: Source,
  options: { runId: number; lease: { name: string; fence: number }; cause?: string },
): Promise<RollbackReport> {
  const bad = await readRun(db, options.runId);
  const planned = await planRollback(db, options.runId);
  if (planned.restored + planned.removed === 0) return planned;
  const report = emptyReport(bad);
  const run = await Run.open(db.sql, source.name, options.cause ?? `rollback of run ${bad.id}`);
  await db.sql`update sync_run set rolls_back = ${bad.id} where id = ${run.id}`;
  report.by = run.id;
  await run.step(db.sql, 'RUNNING', { rollsBack: bad.id });
  try {
    for (const batch of bad.batches) {
      const stream = source.streams.find(({ name }) => name === batch.stream);
      if (!stream)
        throw new HeraldError(
          'setup',
          `${source.title} has no stream "${batch.stream}" any more; nothing of it was taken back.`,
        );
      for (let after = ''; ; ) {
        await run.step(db.sql, 'VALIDATING', { stream: stream.name });
        await run.step(db.sql, 'LOADING', { stream: stream.name });
        const chunk = await db.inTransaction(async (tx) => {
          await holdLease(tx, options.lease);
          const found = await lockChunk(tx, bad, batch, after);
          await writeChunk(tx, { source, stream, runId: run.id, bad, chunk: found.filter((row) => row.own) });
          return found;
        });
        count(report, stream.name, chunk);
        await run.step(db.sql, 'RUNNING', {
          stream: stream.name,
          changed: chunk.filter((row) => row.own).length,
        });
        if (chunk.length < CHUNK) break;
        after = chunk.at(-1)!.id;
      }
    }
    await db.sql`update sync_run set changed = ${report.restored + report.removed} where id = ${run.id}`;
    await run.step(db.sql, 'VALIDATING');
    await run.step(db.sql, 'LOADING');
    await run.step(db.sql, 'SUCCESS', {
      restored: report.restored,
      removed: report.removed,
      later: report.later,
    });
    return report;
  } catch (error) {
    await db.sql`update sync_run set error = ${(error as Error).message.slice(0, 2000)}, changed = ${report.restored + report.removed} where id = ${run.id}`;
    if (run.state === 'VALIDATING' || run.state === 'LOADING' || run.state === 'RUNNING')
      await run.step(db.sql, 'FAILED');
    throw error;
  }
}

/** The run that took `runId` back last, to let the held copies in again by rolling it back; null when there is none. */
export async function rollbackOf(db: Database, runId: number): Promise<number | null> {
  const [row] = await db.sql<
    { id: number }[]
  >`select id from sync_run where rolls_back = ${runId} order by id desc limit 1`;
  return row?.id ?? null;
}

async function readRun(db: Database, runId: number): Promise<BadRun> {
  const [run] = await db.sql<
    Omit<BadRun, 'batches'>[]
  >`select id, source, started_at from sync_run where id = ${runId}`;
  if (!run) throw new HeraldError('ask', `There is no run ${runId}. "herald runs" lists them.`);
  const [start] = await db.sql<{ at: Date }[]>`select at from history_start where at > ${run.started_at}`;
  if (start)
    throw new HeraldError(
      'ask',
      `Run ${runId} is older than the history kept, which begins on ${start.at.toISOString().slice(0, 10)}: what was there before it is not known any more.`,
    );
  const batches = await db.sql<BadRun['batches']>`
    select id, stream from change_batch where run_id = ${runId} and stream is not null order by id`;
  return { ...run, batches };
}

type Changed = {
  id: string;
  /** The record stands as this batch left it. */
  own: boolean;
  /** Who wrote its newest version. */
  newest_run: number | null;
  /** The version from before the run; null when there was none. */
  before_from: Date | null;
  version: number;
  op: string | null;
  payload: string | null;
};

/** Operations after which a record is not there. */
const absent = new Set(['deleted', 'archived', 'merged', 'missing', 'rolled_back']);
const isGone = (op: string | null) => op === null || absent.has(op);

/** Records of one batch whose last version in the run it is, in order of their ids. */
async function readChunk(
  tx: Transaction,
  run: BadRun,
  batch: { id: number; stream: string },
  after: string,
): Promise<Changed[]> {
  const batches = run.batches.map(({ id }) => id);
  return tx<Changed[]>`
    select v.id, newest.batch_id = v.batch_id as own, b.run_id as newest_run, before.valid_from as before_from,
      coalesce(before.version, v.version) as version, before.op, before.payload
    from record_version v
    cross join lateral (
      select n.batch_id, n.valid_from from record_version n
      where n.tenant = v.tenant and n.source = v.source and n.stream = v.stream and n.id = v.id
      order by n.valid_from desc limit 1) newest
    join change_batch b on b.id = newest.batch_id
    left join lateral (
      select p.valid_from, p.version, p.op, p.payload from record_version p
      where p.tenant = v.tenant and p.source = v.source and p.stream = v.stream and p.id = v.id
        and p.valid_from < v.valid_from and p.batch_id <> all(${batches}::bigint[])
      order by p.valid_from desc limit 1) before on true
    where v.batch_id = ${batch.id} and v.source = ${run.source} and v.stream = ${batch.stream} and v.id > ${after}
      and not exists (select from record_version o where o.tenant = v.tenant and o.source = v.source and o.stream = v.stream
        and o.id = v.id and o.valid_from > v.valid_from and o.batch_id = any(${batches}::bigint[]))
      and not exists (select from sync_run r where r.id = b.run_id and r.rolls_back = ${run.id})
    order by v.id limit ${CHUNK}`;
}

/** The same, held: whoever has a head's row lock appends next, so a push that comes meanwhile waits and is not overwritten. */
async function lockChunk(...of: Parameters<typeof readChunk>): Promise<Changed[]> {
  const [tx, run, batch] = of;
  const ids = new Set((await readChunk(...of)).map(({ id }) => id));
  await tx`
    select from record_head where tenant = 1 and source = ${run.source} and stream = ${batch.stream} and id = any(${[...ids]}::text[])
    order by id collate "C" for update`;
  return (await readChunk(...of)).filter(({ id }) => ids.has(id));
}

type Chunk = { source: Source; stream: Stream; runId: number; bad: BadRun; chunk: readonly Changed[] };

async function writeChunk(tx: Transaction, { source, stream, runId, bad, chunk }: Chunk): Promise<void> {
  if (chunk.length === 0) return;
  const [batch] = await tx<{ id: number }[]>`
    insert into change_batch (source, stream, run_id) values (${source.name}, ${stream.name}, ${runId}) returning id`;
  const ids = chunk.map(({ id }) => id);
  await tx`
    insert into record_version (source, stream, id, valid_from, batch_id, version, op, payload)
    select ${source.name}, ${stream.name}, t.id, clock_timestamp(), ${batch!.id}, t.version,
      t.op, t.payload
    from unnest(${ids}::text[], ${chunk.map(({ version }) => version)}::bigint[],
      ${chunk.map(({ op }) => (isGone(op) ? 'rolled_back' : op === 'too_large' ? op : 'upsert'))}::text[], ${chunk.map(({ payload }) => payload)}::text[])
      as t(id, version, op, payload)`;
  const rows = new Map<string, UnifiedRow>();
  const out: string[] = [];
  for (const record of chunk) {
    const row = await rowOf(tx, source.name, stream, record);
    if (row) rows.set(record.id, row);
    else out.push(record.id);
  }
  await writeUnified(tx, { table: stream.table, system: source.name, batchId: batch!.id, rows, out });
  // Copies of the bad run that were not understood must not come back by a replay.
  await tx`
    update quarantine set state = 'superseded' where state = 'held' and source = ${source.name} and stream = ${stream.name}
      and record_id = any(${ids}::text[]) and at >= ${bad.started_at}`;
}

/** The unified row that a former version gives: where it was not understood, that of the version before it, as it was then. */
async function rowOf(
  tx: Transaction,
  source: string,
  stream: Stream,
  record: Changed,
): Promise<UnifiedRow | null> {
  let { op, payload, before_from: from } = record;
  while (!isGone(op)) {
    const unified = payload === null ? { fault: 'too large' } : unify(stream, { payload });
    if (!('fault' in unified)) return unified.row;
    const [older] = await tx<{ op: string; payload: string | null; valid_from: Date }[]>`
      select op, payload, valid_from from record_version
      where tenant = 1 and source = ${source} and stream = ${stream.name} and id = ${record.id} and valid_from < ${from}
      order by valid_from desc limit 1`;
    op = older?.op ?? null;
    payload = older?.payload ?? null;
    from = older?.valid_from ?? null;
  }
  return null;
}

const emptyReport = (run: BadRun): RollbackReport => ({
  runId: run.id,
  source: run.source,
  by: null,
  restored: 0,
  removed: 0,
  later: 0,
  examples: [],
});

function count(report: RollbackReport, stream: string, chunk: readonly Changed[]): void {
  for (const { own, op, id, newest_run: runId } of chunk) {
    if (own && !isGone(op)) report.restored++;
    else if (own) report.removed++;
    else {
      report.later++;
      if (report.examples.length < EXAMPLES) report.examples.push({ stream, id, runId });
    }
  }
}
