/**
 * The roll-up: a consumer of the change log that adds differences to the buckets they touch. Cost follows what
 * changed. Position and effect commit together, so each change counts exactly once; the sync never waits for it.
 */
import type { Database, Transaction } from '../../db/client.ts';
import { refreshStatistics } from '../../db/refresh-statistics.ts';
import * as unified from '../../db/schema/unified/index.ts';
import type { Measure } from '../definition.ts';
import { keepEditions } from '../edition/keep-editions.ts';
import { LEDGER } from '../edition/stored-under.ts';
import { applyBatches } from './apply-batches.ts';
import { rebuild, rebuildLedger } from './rebuild.ts';
import { findCrowded, readWaiting, takeRows } from './waiting.ts';

const CONSUMER = 'rollup';
/** Log rows applied per transaction, as whole batches. */
const CHUNK = 20_000;

export type RollupSettings = { measures: readonly Measure[]; timeZone: string };

/** A measure's definition as text: when it differs from what the buckets hold, they are rebuilt. */
const definitionOf = (measure: Measure, timeZone: string) =>
  JSON.stringify([
    measure.table,
    measure.day,
    measure.ends ?? null,
    measure.value ?? '1',
    measure.when ?? '',
    measure.dimensions,
    /\btz\(/.test(`${measure.day}${measure.ends ?? ''}${measure.when ?? ''}${measure.size ?? ''}`)
      ? timeZone
      : '',
    ...(measure.size ? [measure.size] : []),
  ]);

/** Catch up with the log; builds new and changed definitions first. Returns the position reached. */
export async function rollUp(db: Database, settings: RollupSettings): Promise<number> {
  await db.sql`insert into consumer_position (consumer) values (${CONSUMER}) on conflict do nothing`;
  await refreshStatistics(db.sql, [...Object.keys(unified), 'change_batch', 'change_log']);
  await buildChanged(db, settings);
  for (;;) {
    const at = await applyNext(db, settings);
    if (at.done) return at.seq;
  }
}

/** The position, locked until the transaction ends: one roll-up at a time. */
async function lockPosition(tx: Transaction): Promise<number> {
  // Bulk work, not somebody's question.
  await tx`set local statement_timeout = '10min'`;
  const [row] = await tx<
    { seq: number }[]
  >`select seq from consumer_position where consumer = ${CONSUMER} for update`;
  return row!.seq;
}

async function movePosition(tx: Transaction, seq: number): Promise<void> {
  await tx`update consumer_position set seq = ${seq}, updated_at = clock_timestamp() where consumer = ${CONSUMER}`;
}

async function applyNext(db: Database, settings: RollupSettings): Promise<{ seq: number; done: boolean }> {
  const step = await db.inTransaction(async (tx) => {
    const from = await lockPosition(tx);
    const waiting = await readWaiting(tx, from);
    if (waiting.length === 0) return { seq: from, done: true };
    if ((await findCrowded(tx, waiting)).size > 0) return 'crowded';
    const batches = takeRows(waiting, CHUNK);
    const { seq } = batches.at(-1)!;
    await applyBatches(tx, { ...settings, batches, seq, ledger: true });
    await movePosition(tx, seq);
    return { seq, done: false };
  });
  if (step !== 'crowded') return step;
  await buildCrowded(db, settings);
  return { seq: 0, done: false };
}

/** New and changed definitions are built from the facts; the others follow the log to the same data version. */
async function buildChanged(db: Database, settings: RollupSettings): Promise<void> {
  const states = await db.sql<
    { measure: string; definition: string }[]
  >`select measure, definition from measure_state`;
  const built = new Map(states.map((row) => [row.measure, row.definition]));
  const changed = settings.measures.filter(
    (measure) => built.get(measure.name) !== definitionOf(measure, settings.timeZone),
  );
  const removed = [...built.keys()].filter(
    (name) => name !== LEDGER && !settings.measures.some((measure) => measure.name === name),
  );
  const ledger = !built.has(LEDGER);
  if (changed.length === 0 && removed.length === 0 && !ledger) return;
  // What was said under the old definition has a data version of its own, before the new one's.
  if (changed.some((measure) => built.has(measure.name)))
    await db.sql`insert into change_batch (source, stream) values ('herald', 'definitions')`;
  const seq = await buildAnew(db, settings, (measure) => changed.includes(measure), { ledger });
  await keepEditions(
    db.sql,
    'measure',
    removed.map((name) => ({ name, definition: null })),
    seq,
  );
  await db.sql`delete from measure_state where measure = any(${removed})`;
}

/** Tables with more changes than facts are summed anew. */
async function buildCrowded(db: Database, settings: RollupSettings): Promise<void> {
  const [row] = await db.sql<
    { seq: number }[]
  >`select seq from consumer_position where consumer = ${CONSUMER}`;
  const crowded = await findCrowded(db.sql, await readWaiting(db.sql, row!.seq));
  if (crowded.size === 0) return;
  await buildAnew(db, settings, (measure) => crowded.has(measure.table), {
    ledger: crowded.has('subscription'),
  });
}

/** Count everything that this transaction sees waiting; returns the data version reached. */
export async function catchUp(
  tx: Transaction,
  { measures, timeZone }: RollupSettings,
  { ledger }: { ledger: boolean } = { ledger: true },
): Promise<number> {
  const from = await lockPosition(tx);
  const [latest] = await tx<{ seq: number }[]>`select seq from data_version`;
  const seq = latest?.seq ?? from;
  if (seq > from) {
    const batches = await readWaiting(tx, from, seq);
    await applyBatches(tx, { measures, timeZone, batches, seq, ledger });
    await movePosition(tx, seq);
  }
  return seq;
}

/** In one snapshot: these measures from their facts, the rest from the log, all up to the same data version. */
export async function buildAnew(
  db: Database,
  { measures, timeZone }: RollupSettings,
  isAnew: (measure: Measure) => boolean,
  { ledger }: { ledger: boolean },
): Promise<number> {
  const anew = measures.filter(isAnew);
  const kept = measures.filter((measure) => !anew.includes(measure));
  return db.inTransaction(
    async (tx) => {
      const seq = await catchUp(tx, { measures: kept, timeZone }, { ledger: !ledger });
      await rebuild(tx, { measures: anew, timeZone, seq });
      if (ledger) await rebuildLedger(tx, seq);
      // A first load has no statistics yet: questions would be joined row by row until they come (200 ms instead of 30).
      await tx`analyze bucket, margin, ledger`;
      const built = [
        ...anew.map((measure) => ({ name: measure.name, definition: definitionOf(measure, timeZone) })),
        ...(ledger ? [{ name: LEDGER, definition: '1' }] : []),
      ];
      await keepEditions(tx, 'measure', built, seq);
      await tx`
        insert into measure_state (measure, definition, built_seq)
        select m.name, m.definition, ${seq} from unnest(${built.map(({ name }) => name)}::text[],
          ${built.map(({ definition }) => definition)}::text[]) as m(name, definition)
        on conflict (measure) do update set definition = excluded.definition, built_seq = excluded.built_seq, built_at = clock_timestamp()`;
      return seq;
    },
    { isolation: 'repeatable read' },
  );
}
