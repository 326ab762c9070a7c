import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../db/client.ts';
import { isLegal, legalSteps, Run, runStates } from '../../sync/states.ts';
import { openTestDatabase, type TestDatabase } from '../database.ts';

let home: TestDatabase;
let db: Database;

beforeAll(async () => {
  home = await openTestDatabase();
  db = openDatabase(home.url, { name: 'herald-test', max: 2 });
});
afterAll(async () => {
  await db.close();
  await home.close();
});

const pairs = runStates.flatMap((from) => runStates.map((to) => [from, to] as const));

/** Written out once more, so that a slip in the table shows. */
const legal = new Set([
  'IDLE>RUNNING',
  'RUNNING>VALIDATING',
  'RUNNING>RETRYING',
  'RUNNING>FAILED',
  'VALIDATING>LOADING',
  'VALIDATING>FAILED',
  'LOADING>RUNNING',
  'LOADING>SUCCESS',
  'LOADING>RETRYING',
  'LOADING>FAILED',
  'RETRYING>RUNNING',
  'RETRYING>FAILED',
  'SUCCESS>IDLE',
  'FAILED>IDLE',
]);

describe.each(pairs)('%s to %s', (from, to) => {
  const allowed = legal.has(`${from}>${to}`);

  test(`is ${allowed ? 'legal' : 'illegal'} in the table`, () => {
    expect(isLegal(from, to)).toBe(allowed);
  });

  // Writing the same state again changes nothing, so the trigger lets it be.
  const taken = allowed || from === to;

  test(`is ${taken ? 'taken' : 'refused'} by the database`, async () => {
    const [row] = await db.sql<
      { id: number }[]
    >`insert into sync_run (source, state) values ('x', ${from}) returning id`;
    const step = db.sql`update sync_run set state = ${to} where id = ${row!.id}`.then(() => true);
    if (taken) expect(await step).toBe(true);
    else await expect(step).rejects.toThrow(`${from} to ${to} is not a legal transition`);
  });
});

describe('a run', () => {
  test('stores every step with its order', async () => {
    const run = await Run.open(db.sql, 'billing', 'test');
    for (const to of ['RUNNING', 'VALIDATING', 'LOADING', 'SUCCESS'] as const) await run.step(db.sql, to);
    const rows = await db.sql<{ from_state: string; to_state: string }[]>`
      select from_state, to_state from sync_transition where run_id = ${run.id} order by id`;
    expect(rows.map((row) => `${row.from_state}>${row.to_state}`)).toEqual([
      'IDLE>RUNNING',
      'RUNNING>VALIDATING',
      'VALIDATING>LOADING',
      'LOADING>SUCCESS',
    ]);
  });

  test('is finished when it succeeded or failed, and not before', async () => {
    const run = await Run.open(db.sql, 'billing', 'test');
    const finished = async () =>
      (
        await db.sql<
          { done: boolean }[]
        >`select finished_at is not null as done from sync_run where id = ${run.id}`
      )[0]!.done;
    await run.step(db.sql, 'RUNNING');
    expect(await finished()).toBe(false);
    await run.step(db.sql, 'FAILED');
    expect(await finished()).toBe(true);
  });

  test('refuses an illegal step before it reaches the database', async () => {
    const run = await Run.open(db.sql, 'billing', 'test');
    await expect(run.step(db.sql, 'SUCCESS')).rejects.toMatchObject({ kind: 'bug' });
    expect(run.state).toBe('IDLE');
  });
});

test('every state can be left, and reached from IDLE', () => {
  const reached = new Set(['IDLE']);
  for (let before = 0; before !== reached.size; ) {
    before = reached.size;
    for (const from of runStates) if (reached.has(from)) for (const to of legalSteps[from]) reached.add(to);
  }
  expect([...reached].sort()).toEqual([...runStates].sort());
  expect(runStates.filter((state) => legalSteps[state].length === 0)).toEqual([]);
});
