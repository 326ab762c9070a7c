/** Known ways to be wrong, put in Herald's place: the oracle has to see every one, or its praise is worth nothing. */
import { afterEach, expect, test } from 'vitest';
import type { Database } from '../../db/client.ts';
import { keepCheckpoint } from '../../sync/load/keep-checkpoint.ts';
import { loadBatch } from '../../sync/load.ts';
import type { Cursor } from '../../sync/source.ts';
import { type Load, type MutantHome, openMutantHome, type Read } from './mutant-home.ts';
import { flawless, judge, type Verdict } from './oracle.ts';

let home: MutantHome;
afterEach(() => home.close());

async function verdictOf({
  db,
  company,
  round,
}: MutantHome): Promise<Omit<Verdict, 'examples' | 'versions'>> {
  company.advance(20 * 60_000);
  await round();
  const { examples: _examples, versions: _versions, ...verdict } = await judge(db, company);
  return verdict;
}

/** `>` where `>=` belongs: what shares the second of the last change seen is passed over. */
const strictly: Read = async function* (source, stream, lane, cursor, context) {
  const at = typeof cursor?.at === 'string' ? Date.parse(cursor.at) : null;
  for await (const batch of source.read(stream, lane, cursor, context))
    yield at === null ? batch : { ...batch, records: batch.records.filter(({ version }) => version > at) };
};

/** Two writes in one second, a reading between them. */
async function playOpenSecond(read?: Read): Promise<void> {
  home = await openMutantHome();
  const { round, company, changeDeal, second } = home;
  await round();
  company.advance(10_000);
  const at = second();
  changeDeal(0, at);
  company.advance(10_000);
  const how = read ? { read } : {};
  await round(how);
  changeDeal(0, at);
  company.advance(10_000);
  await round(how);
  // The same reader for good: the last, honest round would mend it.
  company.advance(20 * 60_000);
  await round(how);
}

test('the last write in a second that was read already is read', async () => {
  await playOpenSecond();
  const { examples, versions: _versions, ...verdict } = await judge(home.db, home.company);
  expect(verdict, examples.join('\n')).toEqual(flawless);
});

test('a reading by > is caught', async () => {
  await playOpenSecond(strictly);
  expect(await judge(home.db, home.company)).toMatchObject({
    stale: 1,
    rows: 1,
    figures: { won_value: -100 },
  });
});

/** A worker that holds an old copy is frozen while another reads and writes the new one. Says how the first ended. */
async function playTakeover(load: Load): Promise<string> {
  home = await openMutantHome();
  const { db, round, company, changeDeal, second } = home;
  await round();
  company.advance(10_000);
  const at = second();
  changeDeal(0, at);
  company.advance(10_000);
  const held = Promise.withResolvers<void>();
  const thaw = Promise.withResolvers<void>();
  const frozen = round({
    async load(db, target, batch) {
      if (target.stream.name === 'Opportunity' && batch.records.length > 0) {
        held.resolve();
        await thaw.promise;
      }
      return load(db, target, batch);
    },
  }).then(
    () => 'went on',
    (error: Error) => error.message,
  );
  await held.promise;
  changeDeal(0, at);
  company.advance(10_000);
  await db.sql`update lease set expires_at = clock_timestamp() - interval '1 second'`;
  await round({ holder: 'another' });
  thaw.resolve();
  return frozen;
}

test('a worker that was frozen while another took over writes no more', async () => {
  const end = await playTakeover(loadBatch);
  expect({ end, verdict: await verdictOf(home) }).toEqual({
    end: expect.stringContaining('Another worker took over'),
    verdict: flawless,
  });
});

test('a worker that ignores its fence is caught', async () => {
  await playTakeover(async (db, target, batch) => {
    const { name } = target.lease;
    const [row] = await db.sql<{ fence: number }[]>`select fence from lease where name = ${name}`;
    return loadBatch(db, { ...target, lease: { name, fence: row!.fence } }, batch);
  });
  expect((await verdictOf(home)).foreign).toBeGreaterThan(0);
});

/** The database as it is when it dies before it commits the `nth` transaction. */
function dyingAt(db: Database, nth: number): Database {
  let seen = 0;
  return {
    ...db,
    inTransaction: (work, options) =>
      db.inTransaction(async (tx) => {
        const done = await work(tx);
        seen += 1;
        if (seen === nth) throw new Error('the database died');
        return done;
      }, options),
  };
}

/** Two deals change, minutes apart; the database dies in the last transaction that loads them, once. */
async function playDeath(load: Load, transactions: number): Promise<void> {
  home = await openMutantHome();
  const { round, company, changeDeal, second } = home;
  await round();
  company.advance(10 * 60_000);
  changeDeal(0, second() - 5 * 60_000);
  changeDeal(1, second() - 60_000);
  const dead = round({
    load: (db, target, batch) =>
      load(target.stream.name === 'Opportunity' ? dyingAt(db, transactions) : db, target, batch),
  });
  await expect(dead).rejects.toThrow('the database died');
  await round({ load });
}

test('a database that dies before the commit loses nothing', async () => {
  await playDeath(loadBatch, 1);
  expect(await verdictOf(home)).toEqual(flawless);
});

test('a position that is committed before its records is caught', async () => {
  await playDeath(async (db, target, batch) => {
    await db.inTransaction((tx) => keepCheckpoint(tx, target, batch, null));
    return loadBatch(db, target, batch);
  }, 2);
  expect(await verdictOf(home)).toMatchObject({ stale: 1, rows: 1, figures: { won_value: -100 } });
});

test('a position that is committed after its records costs a reading and nothing else: loading is idempotent', async () => {
  await playDeath(async (db, target, batch) => {
    const [before] = await db.sql<{ cursor: Cursor }[]>`
      select cursor from checkpoint where source = ${target.source.name} and stream = ${target.stream.name} and lane = ${target.lane}`;
    const loaded = await loadBatch(db, target, {
      ...batch,
      cursor: before?.cursor ?? null,
      coveredUntil: null,
    });
    await db.inTransaction((tx) => keepCheckpoint(tx, target, batch, null));
    return loaded;
  }, 2);
  expect(await verdictOf(home)).toEqual(flawless);
});

test('versions that are written without the head are caught', async () => {
  home = await openMutantHome();
  const { round, company, changeDeal, second } = home;
  await round();
  company.advance(10_000);
  changeDeal(0, second());
  company.advance(10_000);
  const load: Load = async (db, target, batch) => {
    if (target.stream.name !== 'Opportunity') return loadBatch(db, target, batch);
    await db.sql`drop table if exists head_before`;
    await db.sql`create table head_before as select * from record_head`;
    const loaded = await loadBatch(db, target, batch);
    await db.sql`update record_head h set hash = b.hash, version = b.version, deleted = b.deleted
      from head_before b where (b.source, b.stream, b.id) = (h.source, h.stream, h.id) and h.source = 'salesforce'`;
    return loaded;
  };
  await round({ load });
  await round({ load });
  expect(await verdictOf(home)).toMatchObject({ duplicate: 2, lost: 0 });
});
