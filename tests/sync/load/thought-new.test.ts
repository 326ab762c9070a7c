/** A bulk of records that were never seen is inserted without looking. What is there after all must cost a look, not the batch. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Loading, openLoading, upsert } from './loading.ts';

let loading: Loading;
beforeAll(async () => {
  loading = await openLoading();
});
afterAll(() => loading.close());

const bulk = Array.from({ length: 1_200 }, (_, i) => upsert(`i${i}`, 1, { amount: i }));

test('a row that stands there without a head is overtaken, and logged as it was and is', async () => {
  await loading.db.sql`insert into change_batch (source) values ('billing')`;
  await loading.db.sql`insert into invoice (system, id, amount) values ('billing', 'i700', 9)`;
  expect(await loading.load(bulk)).toMatchObject({ read: 1_200, changed: 1_200, quarantined: 0 });
  expect(await loading.db.sql`select amount from invoice where id = 'i700'`).toEqual([{ amount: 700 }]);
  expect(
    await loading.db.sql`
      select (select count(*)::int from invoice) as rows, (select count(*)::int from record_version) as versions,
        (select sum(n)::int from change_log) as changes, (select (old->>'amount')::int from change_log where old is not null) as old`,
  ).toEqual([{ rows: 1_200, versions: 1_200, changes: 1_200, old: 9 }]);
});
