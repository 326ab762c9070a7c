/**
 * A worker that dies between any two statements of a load, and is started again, leaves what an undisturbed one leaves.
 * The same harness is run over a mutant that commits the cursor by itself: if it found nothing there, it would prove
 * nothing here.
 */
import { describe, expect, test } from 'vitest';
import { type Database, openDatabase, type Transaction } from '../../db/client.ts';
import { takeLease } from '../../platform/lease.ts';
import { loadBatch } from '../../sync/load.ts';
import type { Cursor, ReadContext } from '../../sync/source.ts';
import { openTestDatabase } from '../database.ts';
import { MemorySource } from '../memory-source.ts';
import { quiet } from '../run-cycle.ts';

const now = new Date('2026-11-22T10:00:00Z');
class Killed extends Error {}

/** The same database, on which the process dies just before its n-th statement. */
function dying(db: Database, statement: number): Database {
  let count = 0;
  const guard = (tx: Transaction) =>
    new Proxy(tx, {
      apply(target, self, args: unknown[]) {
        // A fragment, such as an identifier, is no statement.
        if (Array.isArray(args[0]) && 'raw' in args[0] && ++count === statement) throw new Killed();
        return Reflect.apply(target as unknown as (...all: unknown[]) => unknown, self, args);
      },
      get(target, name, receiver) {
        if (name === 'unsafe' && ++count === statement) throw new Killed();
        return Reflect.get(target, name, receiver) as unknown;
      },
    });
  return { ...db, inTransaction: (work, options) => db.inTransaction((tx) => work(guard(tx)), options) };
}

/** The mutant: the position first, in a transaction of its own, then the records. */
const cursorApart: typeof loadBatch = async (db, target, batch) => {
  await loadBatch(db, target, { ...batch, records: [] });
  return loadBatch(db, target, batch);
};

function changing(): MemorySource {
  const source = new MemorySource('billing', ['invoice']);
  for (let i = 0; i < 700; i++) source.put('invoice', `${i}`, 1, { amount: i, status: 'open' });
  for (let i = 0; i < 700; i += 7) source.put('invoice', `${i}`, 2, { amount: i, status: 'paid' });
  for (let i = 0; i < 700; i += 10) source.remove('invoice', `${i}`, 3);
  return source;
}

/** Read from where the checkpoint stands to the end, through the given loader. */
async function work(db: Database, source: MemorySource, load: typeof loadBatch, on: Database = db) {
  const [lease, [kept]] = await Promise.all([
    takeLease(db, 'sync:billing', 'worker'),
    db.sql<{ cursor: Cursor }[]>`select cursor from checkpoint where source = 'billing'`,
  ]);
  const context: ReadContext = {
    now: () => now,
    signal: new AbortController().signal,
    log: quiet,
    secrets: { load: async () => null, save: async () => undefined },
    fetch: async () => {
      throw new Error('no network in this test');
    },
  };
  const target = {
    source,
    stream: source.streams[0]!,
    lane: 'backfill' as const,
    runId: 1,
    lease: lease!,
  };
  for await (const batch of source.read('invoice', 'backfill', kept?.cursor ?? null, context))
    await load(on, target, batch);
}

/** Everything that a load leaves behind, without the times and numbers that differ from run to run. */
async function remains(db: Database) {
  const [row] = await db.sql`
    select (select jsonb_agg(to_jsonb(i) order by i.id) from invoice i) as present,
      (select jsonb_agg(jsonb_build_array(v.id, v.version, v.op, v.payload) order by v.id, v.version) from record_version v) as history,
      (select jsonb_agg(to_jsonb(h) order by h.id) from record_head h) as heads,
      (select jsonb_agg(jsonb_build_array(l.old, l.new) order by coalesce(l.new, l.old)->>'id', l.id) from change_log l) as log,
      (select cursor from checkpoint where source = 'billing') as cursor`;
  return row!;
}

/** What is different when the worker dies before each statement in turn. Ends when a run outlives its killer. */
async function damages(load: typeof loadBatch): Promise<{ kills: number; damaged: number[] }> {
  const source = changing();
  const damaged: number[] = [];
  const undisturbed = await inFreshDatabase(async (db) => {
    await work(db, source, loadBatch);
    return remains(db);
  });
  for (let statement = 1; ; statement++) {
    const left = await inFreshDatabase(async (db) => {
      try {
        await work(db, source, load, dying(db, statement));
        return null;
      } catch (error) {
        if (!(error instanceof Killed)) throw error;
      }
      await work(db, source, load);
      return remains(db);
    });
    if (left === null) return { kills: statement - 1, damaged };
    if (JSON.stringify(left) !== JSON.stringify(undisturbed)) damaged.push(statement);
  }
}

async function inFreshDatabase<T>(use: (db: Database) => Promise<T>): Promise<T> {
  const home = await openTestDatabase();
  const db = openDatabase(home.url, { name: 'herald-test', max: 2 });
  try {
    return await use(db);
  } finally {
    await db.close();
    await home.close();
  }
}

describe('a load that dies between two statements', () => {
  test('leaves nothing lost, nothing doubled and no position without its records', async () => {
    const { kills, damaged } = await damages(loadBatch);
    expect(kills).toBeGreaterThan(15);
    expect(damaged).toEqual([]);
  });

  test('would lose records if the position were committed apart from them', async () => {
    expect((await damages(cursorApart)).damaged.length).toBeGreaterThan(10);
  });
});
