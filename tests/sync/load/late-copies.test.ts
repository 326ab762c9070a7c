/** Copies of a record may be read in another order than they were made, where pushes are followed. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Loading, openLoading, upsert } from './loading.ts';

let loading: Loading;
beforeAll(async () => {
  loading = await openLoading();
});
afterAll(() => loading.close());
beforeEach(() => loading.empty());

async function remains() {
  const [row] = await loading.db.sql`
    select (select amount::int from invoice where id = 'a') as amount, (select version::int from record_head where id = 'a') as version,
      (select count(*)::int from record_version) as versions, (select count(*)::int from change_batch) as batches`;
  return row;
}

describe.each(['realtime', 'hinted'] as const)('in the %s lane', (lane) => {
  test('an older copy that is read late does not win over a text that still held', async () => {
    await loading.load([upsert('a', 1, { amount: 1 })], 1, lane);
    await loading.load([upsert('a', 5, { amount: 1 })], 2, lane);
    await loading.load([upsert('a', 3, { amount: 2 })], 3, lane);
    expect(await remains()).toEqual({ amount: 1, version: 5, versions: 1, batches: 1 });
  });

  test('a text that returns after a deletion is a change', async () => {
    await loading.load([upsert('a', 1, { amount: 1 })], 1, lane);
    await loading.load([{ op: 'delete', id: 'a', version: 2, reason: 'deleted' }], 2, lane);
    await loading.load([upsert('a', 3, { amount: 1 })], 3, lane);
    expect(await remains()).toEqual({ amount: 1, version: 3, versions: 3, batches: 3 });
  });

  test('a newer copy that differs wins over a confirmed one', async () => {
    await loading.load([upsert('a', 1, { amount: 1 })], 1, lane);
    await loading.load([upsert('a', 5, { amount: 1 }), upsert('b', 1, { amount: 9 })], 2, lane);
    await loading.load([upsert('a', 6, { amount: 2 })], 3, lane);
    expect(await remains()).toMatchObject({ amount: 2, version: 6 });
  });
});
