import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../db/client.ts';
import { takeLease } from '../../platform/lease.ts';
import { readHistory } from '../../sync/read-history.ts';
import { planRollback, rollBack, rollbackOf } from '../../sync/rollback.ts';
import { RecordFault, type UnifiedRow } from '../../sync/source.ts';
import { openTestDatabase, type TestDatabase } from '../database.ts';
import { MemorySource } from '../memory-source.ts';
import { consume, cycle } from '../run-cycle.ts';

const now = new Date('2026-11-22T10:00:00Z');
let home: TestDatabase;
let db: Database;
let crm: MemorySource;

beforeEach(async () => {
  home = await openTestDatabase();
  db = openDatabase(home.url, { name: 'herald-test', max: 2 });
  crm = new MemorySource('crm', ['deal']);
});
afterEach(async () => {
  await db.close();
  await home.close();
});

const deal = (amount: number | string): UnifiedRow => ({
  owner: 'Ann',
  amount,
  currency: 'USD',
  is_won: true,
  is_closed: true,
  created_on: '2026-06-01',
  closed_on: '2026-07-01',
});

async function load(
  ...changes: readonly [id: string, version: number, row: UnifiedRow | null][]
): Promise<number> {
  for (const [id, version, row] of changes) {
    if (row) crm.put('deal', id, version, row);
    else crm.remove('deal', id, version);
  }
  const { runId } = await cycle(db, crm, now);
  await consume(db);
  return runId;
}

async function takeBack(runId: number) {
  const lease = await takeLease(db, 'sync:crm', 'test');
  try {
    return await rollBack(db, crm, { runId, lease: lease! });
  } finally {
    await lease!.release();
    await consume(db);
  }
}

const amounts = () => db.sql`select id, amount from deal order by id`;
/** Won value, as the buckets hold it and as the facts say it. */
async function wonValue(): Promise<{ rolled: number; facts: number }> {
  const [row] = await db.sql<{ rolled: number; facts: number }[]>`
    select (select coalesce(sum(value), 0)::bigint from margin where measure = 'won_value' and dimension = '') as rolled,
      (select coalesce(sum(amount), 0)::bigint from deal where is_won) as facts`;
  return row!;
}

describe('a bad run taken back', () => {
  test('leaves rows and figures as they were before it', async () => {
    await load(['a', 1, deal(100)], ['b', 1, deal(200)], ['c', 1, deal(300)]);
    const before = await amounts();
    const bad = await load(['a', 2, deal(1)], ['b', 2, null], ['d', 1, deal(9_999)]);
    expect(await wonValue()).toEqual({ rolled: 10_300, facts: 10_300 });
    expect(await takeBack(bad)).toMatchObject({ restored: 2, removed: 1, later: 0 });
    expect([...(await amounts())]).toEqual([...before]);
    expect(await wonValue()).toEqual({ rolled: 600, facts: 600 });
  });

  test('stays in the history, and what was known at each instant stays answerable', async () => {
    await load(['a', 1, deal(100)]);
    const bad = await load(['a', 2, deal(1)]);
    const { by } = await takeBack(bad);
    const history = await readHistory(db.sql, { source: 'crm', stream: 'deal', id: 'a' });
    expect(history.map(({ payload, cause }) => [JSON.parse(payload!).amount, cause])).toEqual([
      [100, 'test'],
      [1, 'test'],
      [100, `rollback of run ${bad}`],
    ]);
    expect(history.map(({ to }) => to)).toEqual([history[1]!.from, history[2]!.from, null]);
    expect(history[2]!.runId).toBe(by);
    const then = await readHistory(
      db.sql,
      { source: 'crm', stream: 'deal', id: 'a' },
      new Date(history[1]!.from.getTime() + 1),
    );
    expect(then.map(({ payload }) => JSON.parse(payload!).amount)).toEqual([1]);
  });

  test('is a run of its own, with its cause and every step', async () => {
    await load(['a', 1, deal(100)]);
    const bad = await load(['a', 2, deal(1)]);
    const { by } = await takeBack(bad);
    const [run] = await db.sql`select state, cause, rolls_back, changed from sync_run where id = ${by}`;
    expect(run).toEqual({ state: 'SUCCESS', cause: `rollback of run ${bad}`, rolls_back: bad, changed: 1 });
    const steps = await db.sql`select to_state from sync_transition where run_id = ${by} order by id`;
    expect(steps.map((step) => step.to_state)).toEqual([
      ...['RUNNING', 'VALIDATING', 'LOADING', 'RUNNING', 'VALIDATING', 'LOADING', 'SUCCESS'],
    ]);
  });

  test('does not touch what a later run changed, and names it', async () => {
    await load(['a', 1, deal(100)], ['b', 1, deal(200)]);
    const bad = await load(['a', 2, deal(1)], ['b', 2, deal(2)]);
    const later = await load(['b', 3, deal(250)]);
    expect(await takeBack(bad)).toMatchObject({
      restored: 1,
      later: 1,
      examples: [{ stream: 'deal', id: 'b', runId: later }],
    });
    expect(await amounts()).toEqual([
      { id: 'a', amount: 100 },
      { id: 'b', amount: 250 },
    ]);
  });

  test('that changed a record twice goes back to before both', async () => {
    await load(['a', 1, deal(100)]);
    for (let i = 0; i < 600; i++) crm.put('deal', `f${i}`, 1, deal(1));
    crm.put('deal', 'a', 2, deal(2));
    for (let i = 0; i < 600; i++) crm.put('deal', `g${i}`, 1, deal(1));
    const bad = await load(['a', 3, deal(3)]);
    expect(await takeBack(bad)).toMatchObject({ restored: 1, removed: 1200, later: 0 });
    expect(await amounts()).toEqual([{ id: 'a', amount: 100 }]);
  });

  test('can be asked for again without doing anything', async () => {
    await load(['a', 1, deal(100)]);
    const bad = await load(['a', 2, deal(1)]);
    await takeBack(bad);
    expect(await takeBack(bad)).toMatchObject({ by: null, restored: 0, removed: 0, later: 0 });
    const [runs] = await db.sql`select count(*)::int as n from sync_run`;
    expect(runs!.n).toBe(3);
  });

  test('whose former copy was not understood gets the row that stood', async () => {
    crm.streams[0]!.unify = (raw) => {
      if (typeof (raw as UnifiedRow).amount === 'string') throw new RecordFault('amount is text');
      return raw as UnifiedRow;
    };
    await load(['a', 1, deal(100)]);
    await load(['a', 2, deal('many')]);
    const bad = await load(['a', 3, deal(1)]);
    await takeBack(bad);
    expect(await amounts()).toEqual([{ id: 'a', amount: 100 }]);
  });
});

describe('the bad copy', () => {
  test('read again is not loaded again', async () => {
    await load(['a', 1, deal(100)]);
    const bad = await load(['a', 2, deal(1)], ['d', 1, deal(9)]);
    await takeBack(bad);
    await load(['a', 2, deal(1)], ['d', 1, deal(9)]);
    expect(await amounts()).toEqual([{ id: 'a', amount: 100 }]);
  });

  test('of a record that the run deleted does not delete it again', async () => {
    await load(['a', 1, deal(100)]);
    const bad = await load(['a', 2, null]);
    await takeBack(bad);
    await load(['a', 2, null]);
    expect(await amounts()).toEqual([{ id: 'a', amount: 100 }]);
  });

  test('gives way to the first copy that moved on', async () => {
    await load(['a', 1, deal(100)]);
    const bad = await load(['a', 2, deal(1)]);
    await takeBack(bad);
    await load(['a', 3, deal(150)]);
    expect(await amounts()).toEqual([{ id: 'a', amount: 150 }]);
  });

  test('is let in by taking the rollback back', async () => {
    await load(['a', 1, deal(100)], ['b', 1, deal(5)]);
    const bad = await load(['a', 2, deal(1)], ['b', 2, null], ['d', 1, deal(9)]);
    await takeBack(bad);
    expect(await takeBack((await rollbackOf(db, bad))!)).toMatchObject({ restored: 2, removed: 1 });
    expect(await amounts()).toEqual([
      { id: 'a', amount: 1 },
      { id: 'd', amount: 9 },
    ]);
    expect(await wonValue()).toEqual({ rolled: 10, facts: 10 });
  });

  test('that was not understood cannot be replayed into the snapshot', async () => {
    await load(['a', 1, deal(100)]);
    crm.streams[0]!.unify = () => {
      throw new RecordFault('nothing is understood');
    };
    const bad = await load(['a', 2, deal(1)]);
    crm.streams[0]!.unify = (raw) => raw as UnifiedRow;
    await takeBack(bad);
    const held = await db.sql`select state from quarantine`;
    expect(held.map((row) => row.state)).toEqual(['superseded']);
  });
});

describe('a rollback', () => {
  test('planned says what it would do and does nothing', async () => {
    await load(['a', 1, deal(100)]);
    const bad = await load(['a', 2, deal(1)], ['d', 1, deal(9)]);
    expect(await planRollback(db, bad)).toMatchObject({ by: null, restored: 1, removed: 1, later: 0 });
    expect(await amounts()).toEqual([
      { id: 'a', amount: 1 },
      { id: 'd', amount: 9 },
    ]);
  });

  test('of a run that never was is refused', async () => {
    await expect(planRollback(db, 4711)).rejects.toThrow('There is no run 4711');
  });

  test('of a run from before the history kept is refused', async () => {
    const bad = await load(['a', 1, deal(100)]);
    await db.sql`insert into history_start (at) values (clock_timestamp() + interval '1 day')`;
    await expect(planRollback(db, bad)).rejects.toThrow('older than the history kept');
  });

  test('is not written by a worker that lost its lease', async () => {
    await load(['a', 1, deal(100)]);
    const bad = await load(['a', 2, deal(1)]);
    await expect(rollBack(db, crm, { runId: bad, lease: { name: 'sync:crm', fence: 0 } })).rejects.toThrow(
      'took over',
    );
    expect(await amounts()).toEqual([{ id: 'a', amount: 1 }]);
    const [run] = await db.sql`select state from sync_run order by id desc limit 1`;
    expect(run!.state).toBe('FAILED');
  });
});
