/** Rows that a bulk inserts are logged by key alone: what a batch changed must read the same for ever all the same. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeUnified } from '../../../sync/unified.ts';
import { type Loading, openLoading } from './loading.ts';

let loading: Loading;
beforeAll(async () => {
  loading = await openLoading();
});
afterAll(() => loading.close());

type Step = { bulk: boolean; put: [id: string, amount: number][]; out: string[] };
type Told = { id: string; old: number | null; new: number | null };

const id = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const step: fc.Arbitrary<Step> = fc.record({
  bulk: fc.boolean(),
  put: fc.uniqueArray(fc.tuple(id, fc.integer({ min: 1, max: 3 })), { selector: ([key]) => key }),
  out: fc.uniqueArray(id, { maxLength: 2 }),
});

/** Enough for a bulk; the same each time, so that only the first writes them. */
const crowd = Array.from({ length: 500 }, (_, at): [string, number] => [`crowd ${at}`, 1]);

async function write({ bulk, put, out }: Step): Promise<number> {
  return loading.db.inTransaction(async (tx) => {
    const [batch] = await tx<
      { id: number }[]
    >`insert into change_batch (source) values ('test') returning id`;
    const rows = new Map([...(bulk ? crowd : []), ...put].map(([key, amount]) => [key, { amount }]));
    await writeUnified(tx, { table: 'invoice', system: 'test', batchId: batch!.id, rows, out });
    return batch!.id;
  });
}

const toldOf = (batch: number) => loading.db.sql<Told[]>`
  select coalesce(new, old)->>'id' as id, (old->>'amount')::int as old, (new->>'amount')::int as new
  from changes_in(${batch}) where coalesce(new, old)->>'id' not like 'crowd%' order by 1, 2 nulls last, 3 nulls last`;

/** What a step does to a plain map: changed rows, then removed ones. */
function apply(rows: Map<string, number>, { put, out }: Step): Told[] {
  const told: Told[] = [];
  for (const [key, amount] of put) {
    const old = rows.get(key) ?? null;
    if (old !== amount) told.push({ id: key, old, new: amount });
    rows.set(key, amount);
  }
  for (const key of out) {
    const old = rows.get(key);
    if (old !== undefined) told.push({ id: key, old, new: null });
    rows.delete(key);
  }
  const at = (value: number | null) => value ?? 9;
  return told.sort((a, b) => a.id.localeCompare(b.id) || at(a.old) - at(b.old) || at(a.new) - at(b.new));
}

test('what a batch changed reads the same however often its rows change later', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 7 }), async (steps) => {
      await loading.empty();
      const rows = new Map<string, number>();
      const expected = new Map<number, Told[]>();
      for (const each of steps) {
        const told = apply(rows, each);
        expected.set(await write(each), told);
        for (const [batch, then] of expected) expect([...(await toldOf(batch))]).toEqual(then);
      }
    }),
    { numRuns: 40 },
  );
}, 120_000);

test('a bulk of new rows is one entry that counts them all', async () => {
  await loading.empty();
  const batch = await write({ bulk: true, put: [], out: [] });
  const entries = await loading.db.sql`select n, old, new from change_log where batch_id = ${batch}`;
  expect([...entries]).toEqual([{ n: 500, old: null, new: null }]);
});

describe('a statement outside of the transaction that opened its batch', () => {
  const never = 9_000_000;
  const versions = (batch: number) =>
    loading.db
      .sql`insert into record_version (source, stream, id, batch_id, version, op) values ('billing', 'invoice', 'x', ${batch}, 1, 'upsert')`;
  const entry = (batch: number) =>
    loading.db.sql`insert into change_log (batch_id, tbl) values (${batch}, 'invoice')`;

  test.each([
    ['history', versions],
    ['the change log', entry],
  ])('writes nothing into %s', async (_, write) => {
    await expect(write(never)).rejects.toThrow(/which is not there/);
  });

  test('is refused also where another batch is open', async () => {
    const stray = loading.db.inTransaction(async (tx) => {
      await tx`insert into change_batch (source) values ('test')`;
      await tx`insert into change_log (batch_id, tbl) values (${never}, 'invoice')`;
    });
    await expect(stray).rejects.toThrow(/which is not there/);
  });

  test('is refused where its batch was rolled back to a savepoint', async () => {
    const stray = loading.db.inTransaction(async (tx) => {
      let batch = 0;
      await tx
        .savepoint(async (inner) => {
          const [row] = await inner<
            { id: number }[]
          >`insert into change_batch (source) values ('test') returning id`;
          batch = row!.id;
          throw new Error('back');
        })
        .catch(() => undefined);
      await tx`insert into change_log (batch_id, tbl) values (${batch}, 'invoice')`;
    });
    await expect(stray).rejects.toThrow(/which is not there/);
  });

  test('cannot remove a batch that history refers to', async () => {
    await expect(loading.db.sql`delete from change_batch`).rejects.toThrow(/batches are kept/);
  });
});
