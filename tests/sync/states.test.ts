import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../db/client.ts';
import { isLegal, legalSteps, Run, type RunState, runStates } from '../../sync/states.ts';
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

describe('a run whose worker died', () => {
  test.each(['RUNNING', 'VALIDATING', 'LOADING', 'RETRYING'] as const)(
    'in %s is ended by the next',
    async (was) => {
      const source = `orphan ${was}`;
      const [orphan] = await db.sql<
        { id: number }[]
      >`insert into sync_run (source, state) values (${source}, ${was}) returning id`;
      await Run.open(db.sql, source, 'test');
      const [row] =
        await db.sql`select state, error, finished_at is not null as ended from sync_run where id = ${orphan!.id}`;
      expect(row).toEqual({ state: 'FAILED', error: 'its worker ended before it', ended: true });
      const steps =
        await db.sql`select from_state, to_state from sync_transition where run_id = ${orphan!.id}`;
      expect(steps).toMatchObject([{ from_state: was, to_state: 'FAILED' }]);
    },
  );

  test('leaves the runs of other sources alone', async () => {
    const [other] = await db.sql<
      { id: number }[]
    >`insert into sync_run (source, state) values ('elsewhere', 'LOADING') returning id`;
    await Run.open(db.sql, 'here', 'test');
    const [row] = await db.sql`select state from sync_run where id = ${other!.id}`;
    expect(row).toEqual({ state: 'LOADING' });
  });

  test('cannot go on when it comes back', async () => {
    const frozen = await Run.open(db.sql, 'frozen', 'test');
    await frozen.step(db.sql, 'RUNNING');
    await Run.open(db.sql, 'frozen', 'test');
    await expect(frozen.step(db.sql, 'VALIDATING')).rejects.toThrow(
      'FAILED to VALIDATING is not a legal transition',
    );
  });
});

describe('a run that was asked for', () => {
  test('is begun under its own number', async () => {
    const [asked] = await db.sql<
      { id: number }[]
    >`insert into sync_run (source, state) values ('asked', 'IDLE') returning id`;
    expect((await Run.open(db.sql, 'asked', 'test', asked!.id)).id).toBe(asked!.id);
  });

  test('is begun anew when it was begun before', async () => {
    const [asked] = await db.sql<
      { id: number }[]
    >`insert into sync_run (source, state) values ('asked', 'FAILED') returning id`;
    expect((await Run.open(db.sql, 'asked', 'test', asked!.id)).id).not.toBe(asked!.id);
  });
});

test('code, table and database agree on any sequence of steps', async () => {
  /** One attempt to step: taken or refused alike by the table, by the run and by the row. */
  const step = (to: RunState): fc.AsyncCommand<{ state: RunState }, { run: Run }> => ({
    check: () => true,
    toString: () => `to ${to}`,
    async run(model, { run }) {
      const taken = await run.step(db.sql, to).then(
        () => true,
        () => false,
      );
      expect(taken).toBe(legal.has(`${model.state}>${to}`));
      if (taken) model.state = to;
      const [row] = await db.sql<{ state: RunState; steps: number; last: RunState | null }[]>`
        select state, (select count(*)::int from sync_transition where run_id = r.id) as steps,
          (select to_state from sync_transition where run_id = r.id order by id desc limit 1) as last
        from sync_run r where id = ${run.id}`;
      expect([run.state, row!.state, row!.last ?? 'IDLE']).toEqual([model.state, model.state, model.state]);
    },
  });
  await fc.assert(
    fc.asyncProperty(
      fc.commands(
        runStates.map((to) => fc.constant(step(to))),
        { maxCommands: 25 },
      ),
      async (commands) => {
        const run = await Run.open(db.sql, 'any', 'test');
        await fc.asyncModelRun(() => ({ model: { state: 'IDLE' as RunState }, real: { run } }), commands);
      },
    ),
    { numRuns: 40 },
  );
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
