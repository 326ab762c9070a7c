/** Two workers of one source: never do both write, and what finds nothing makes no version. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../db/client.ts';
import { takeLease } from '../../platform/lease.ts';
import { type CycleInput, defaultCycle, runCycle } from '../../sync/cycle.ts';
import { type LoadTarget, loadBatch } from '../../sync/load.ts';
import type { Batch, Cursor, Lane, ReadContext } from '../../sync/source.ts';
import { openTestDatabase, type TestDatabase } from '../database.ts';
import { MemorySource } from '../memory-source.ts';
import { cycle, quiet } from '../run-cycle.ts';

let home: TestDatabase;
let db: Database;
const now = new Date('2026-11-22T10:00:00Z');

beforeAll(async () => {
  home = await openTestDatabase();
  db = openDatabase(home.url, { name: 'herald-test', max: 4 });
});
afterAll(async () => {
  await db.close();
  await home.close();
});

function inputOf(source: MemorySource, lease: CycleInput['lease']): CycleInput {
  return {
    db,
    source,
    lease,
    settings: defaultCycle,
    cause: 'test',
    log: quiet,
    wait: async () => undefined,
    context: {
      now: () => now,
      signal: new AbortController().signal,
      fetch: async () => {
        throw new Error('no network in this test');
      },
      log: quiet,
      secrets: { load: async () => null, save: async () => undefined },
    },
  };
}

/** Freezes between reading a batch and handing it over, as a stopped process does. */
class FrozenSource extends MemorySource {
  reached: Promise<void>;
  thaw: () => void = () => undefined;
  #arrive: () => void = () => undefined;
  #thawed: Promise<void>;
  constructor(name: string) {
    super(name, ['account']);
    this.reached = new Promise((arrive) => {
      this.#arrive = arrive;
    });
    this.#thawed = new Promise((thaw) => {
      this.thaw = thaw;
    });
  }
  override async *read(
    stream: string,
    lane: Lane,
    cursor: Cursor,
    context: ReadContext,
  ): AsyncIterable<Batch> {
    for await (const batch of super.read(stream, lane, cursor, context)) {
      this.#arrive();
      await this.#thawed;
      yield batch;
    }
  }
}

const expire = (name: string) =>
  db.sql`update lease set expires_at = clock_timestamp() - interval '1 s' where name = ${name}`;
const names = async (system: string) =>
  (await db.sql<{ name: string }[]>`select name from account where system = ${system} order by id`).map(
    ({ name }) => name,
  );

describe('two workers of one source', () => {
  test('cannot both hold it', async () => {
    const one = await takeLease(db, 'sync:held', 'one');
    expect(await takeLease(db, 'sync:held', 'two')).toBeNull();
    await one!.release();
  });

  test('a frozen one that comes back writes nothing and leaves the other’s work alone', async () => {
    const frozen = new FrozenSource('crm');
    frozen.put('account', '1', 1, { name: 'Old' });
    const first = runCycle(inputOf(frozen, (await takeLease(db, 'sync:crm', 'one'))!));
    await frozen.reached;
    // Its lease runs out while it sleeps; another worker takes over and reads a newer record.
    await expire('sync:crm');
    const awake = new MemorySource('crm', ['account']);
    awake.put('account', '1', 2, { name: 'New' });
    const second = await runCycle(inputOf(awake, (await takeLease(db, 'sync:crm', 'two'))!));
    expect(second.state).toBe('SUCCESS');
    const before = await db.sql`select id, seq from change_batch order by id`;
    frozen.thaw();
    expect(await first).toMatchObject({ state: 'FAILED', changed: 0 });
    expect(await names('crm')).toEqual(['New']);
    expect(await db.sql`select id, seq from change_batch order by id`).toEqual(before);
  });
});

test('a batch under a lease that was taken over is refused inside its transaction', async () => {
  const source = new MemorySource('fenced', ['account']);
  source.put('account', '1', 1, { name: 'Acme' });
  const old = (await takeLease(db, 'sync:fenced', 'one'))!;
  await expire('sync:fenced');
  await takeLease(db, 'sync:fenced', 'two');
  const [stream] = source.streams;
  const target: LoadTarget = { source, stream: stream!, lane: 'backfill', runId: 1, lease: old };
  const { context } = inputOf(source, old);
  for await (const batch of source.read('account', 'backfill', null, context))
    await expect(loadBatch(db, target, batch)).rejects.toThrow('Another worker took over sync:fenced');
  expect(await names('fenced')).toEqual([]);
});

describe('a run that found nothing', () => {
  test('makes no version', async () => {
    const source = new MemorySource('billing', ['account']);
    source.put('account', '1', 1, { name: 'Acme' });
    await cycle(db, source, now);
    const version = async () => (await db.sql<{ seq: number }[]>`select seq from data_version`)[0]!.seq;
    const before = await version();
    const report = await cycle(db, source, new Date(now.getTime() + 60_000));
    expect(report).toMatchObject({ state: 'SUCCESS', changed: 0 });
    expect(await version()).toBe(before);
    expect(await db.sql`select 1 from change_batch where run_id = ${report.runId}`).toHaveLength(0);
  });

  test('moves what is covered all the same', async () => {
    const [row] = await db.sql<{ covered: Date }[]>`
      select max(covered_until) as covered from checkpoint where source = 'billing'`;
    expect(row!.covered).toEqual(new Date(now.getTime() + 60_000));
  });
});
