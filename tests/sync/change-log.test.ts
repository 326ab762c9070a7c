/** Consumers of the change log: none is skipped, none is held up, none of a zombie's effects is kept. */
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../db/client.ts';
import { readWaiting } from '../../kpi/rollup/waiting.ts';
import { takeLease } from '../../platform/lease.ts';
import { holdLease } from '../../sync/load.ts';
import { openTestDatabase, type TestDatabase } from '../database.ts';

let home: TestDatabase;
let db: Database;
beforeEach(async () => {
  home = await openTestDatabase();
  db = openDatabase(home.url, { name: 'herald-test', max: 16 });
});
afterEach(async () => {
  await db.close();
  await home.close();
});

const WRITERS = 10;
const EACH = 25;

/** Some quick, some slow, one in five rolled back: commits come in another order than beginnings. */
async function write(writer: number): Promise<number[]> {
  const kept: number[] = [];
  for (let n = 0; n < EACH; n++) {
    const slowMs = writer < 2 ? 60 : (writer * 7 + n * 3) % 9;
    await db
      .inTransaction(async (tx) => {
        const [row] = await tx<
          { id: number }[]
        >`insert into change_batch (source) values ('test') returning id`;
        await tx`
          insert into change_log (batch_id, tbl, new)
          select ${row!.id}, 'deal', jsonb_build_object('id', n::text) from generate_series(1, 3) n`;
        await pause(slowMs);
        if ((writer + n) % 5 === 0) throw new Error('rolled back');
        return row!.id;
      })
      .then(
        (id) => kept.push(id),
        (error: Error) => expect(error.message).toBe('rolled back'),
      );
  }
  return kept;
}

/** Positions of a consumer, and what it took up. */
type Follow = (from: number) => Promise<{ ids: number[]; to: number }>;

/** The product's own: batches by the number that their commit gave them. */
const bySeq: Follow = async (from) => {
  const batches = await readWaiting(db.sql, from);
  return { ids: batches.map(({ id }) => id), to: batches.at(-1)?.seq ?? from };
};

/** The mutant: by the number that their insertion gave them. */
const byId: Follow = async (from) => {
  const rows = await db.sql<
    { id: number }[]
  >`select id from change_batch where id > ${from} order by id limit 500`;
  return { ids: rows.map(({ id }) => id), to: rows.at(-1)?.id ?? from };
};

async function followWhile(writing: Promise<unknown>, follow: Follow): Promise<number[]> {
  const taken: number[] = [];
  let at = 0;
  let isOver = false;
  writing.then(() => {
    isOver = true;
  });
  for (;;) {
    const isLast = isOver;
    const { ids, to } = await follow(at);
    taken.push(...ids);
    at = to;
    if (isLast && ids.length === 0) return taken;
    await pause(2);
  }
}

const sorted = (ids: readonly number[]) => [...ids].sort((a, b) => a - b);

test('no batch is skipped or taken twice when commits come out of order; by insertion ids some would be', async () => {
  const writing = Promise.all(Array.from({ length: WRITERS }, (_, i) => write(i)));
  const [taken, mutant] = await Promise.all([followWhile(writing, bySeq), followWhile(writing, byId)]);
  const committed = sorted((await writing).flat());
  expect(committed.length).toBeGreaterThan(150);
  expect(sorted(taken)).toEqual(committed);
  expect(mutant.length).toBeLessThan(committed.length);
});

test('the longest open transaction does not hold a consumer up', async () => {
  let close: () => void = () => undefined;
  const closed = new Promise<void>((resolve) => {
    close = resolve;
  });
  let begun: () => void = () => undefined;
  const beginning = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const longest = db.inTransaction(async (tx) => {
    await tx`insert into change_batch (source) values ('slow')`;
    begun();
    await closed;
  });
  await beginning;
  const after = await db.inTransaction(async (tx) => {
    const [row] = await tx<{ id: number }[]>`insert into change_batch (source) values ('quick') returning id`;
    return row!.id;
  });
  expect((await bySeq(0)).ids).toEqual([after]);
  close();
  await longest;
  expect((await bySeq(1)).ids).toHaveLength(1);
});

test('a consumer that was frozen while another took over has none of its effects kept', async () => {
  await db.sql`insert into change_batch (source) values ('test')`;
  const consume = async (holder: string, thawed: Promise<void>) => {
    const lease = await takeLease(db, 'consumer:test', holder);
    return db.inTransaction(async (tx) => {
      const [batch] = await readWaiting(tx, 0);
      await thawed;
      await holdLease(tx, lease!);
      await tx`insert into staff (system, id, name) values ('effect', ${holder}, 'x')`;
      await tx`
        insert into consumer_position (consumer, seq) values ('test', ${batch!.seq})
        on conflict (consumer) do update set seq = excluded.seq`;
    });
  };
  let thaw: () => void = () => undefined;
  const zombie = consume(
    'zombie',
    new Promise((resolve) => {
      thaw = resolve;
    }),
  );
  const fate = expect(zombie).rejects.toThrow('Another worker took over consumer:test');
  while (
    (
      await db.sql`update lease set expires_at = clock_timestamp() - interval '1 s' where name = 'consumer:test'`
    ).count === 0
  )
    await pause(5);
  await consume('heir', Promise.resolve());
  thaw();
  await fate;
  expect(await db.sql`select id from staff where system = 'effect'`).toEqual([{ id: 'heir' }]);
});
