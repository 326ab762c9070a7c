/** Random batches (copies, late versions, deletes, returns, malformed records) against a plain model in memory. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SourceRecord } from '../../../sync/source.ts';
import { type Loading, openLoading, upsert } from './loading.ts';

type Head = { payload: string; version: number; deleted: boolean };
type Model = { heads: Map<string, Head>; history: Map<string, string[]>; rows: Map<string, number> };

const payloads = ['{"amount":1}', '{"amount":2}', '{"amount":3}', '{"amount":"many"}', '{"amount":'];

const record: fc.Arbitrary<SourceRecord> = fc
  .record({
    id: fc.integer({ min: 1, max: 8 }),
    version: fc.integer({ min: 1, max: 6 }),
    payload: fc.constantFrom(null, ...payloads),
  })
  .map(({ id, version, payload }) =>
    payload === null
      ? { op: 'delete', id: `${id}`, version, reason: 'deleted' }
      : upsert(`${id}`, version, payload),
  );
const batches = fc.array(fc.array(record, { maxLength: 12 }), { minLength: 1, maxLength: 8 });

/** What one batch must do, record by record. */
function apply({ heads, history, rows }: Model, batch: readonly SourceRecord[]): void {
  const newest = new Map<string, SourceRecord>();
  for (const each of batch)
    if (each.version >= (newest.get(each.id)?.version ?? 0)) newest.set(each.id, each);
  for (const each of newest.values()) {
    const head = heads.get(each.id);
    const past = history.get(each.id) ?? [];
    if (each.op === 'delete') {
      if (!head || head.deleted || each.version < head.version) continue;
      heads.set(each.id, { ...head, version: each.version, deleted: true });
      rows.delete(each.id);
      history.set(each.id, [...past, 'deleted']);
      continue;
    }
    const isNew =
      !head ||
      (head.payload !== each.payload && each.version >= head.version) ||
      (head.deleted && each.version > head.version);
    if (!isNew) continue;
    heads.set(each.id, { payload: each.payload, version: each.version, deleted: false });
    history.set(each.id, [...past, each.payload]);
    const amount = /^\{"amount":(\d)\}$/.exec(each.payload)?.[1];
    if (amount) rows.set(each.id, Number(amount));
  }
}

let loading: Loading;
beforeAll(async () => {
  loading = await openLoading();
});
afterAll(() => loading.close());

async function remains() {
  const [row] = await loading.db.sql<
    { heads: unknown; history: unknown; rows: unknown; overlapping: number; logged: unknown }[]
  >`
    select (select coalesce(jsonb_object_agg(id, jsonb_build_array(version, deleted)), '{}') from record_head) as heads,
      (select coalesce(jsonb_object_agg(id, all_of), '{}') from (
        select id, jsonb_agg(case op when 'upsert' then payload else op end order by valid_from) as all_of from record_version group by id) v) as history,
      (select coalesce(jsonb_object_agg(id, amount), '{}') from invoice) as rows,
      (select coalesce(jsonb_object_agg(id, amount), '{}') from (
        select distinct on (coalesce(new, old)->>'id') coalesce(new, old)->>'id' as id, (new->>'amount')::int as amount from change_log c
        order by coalesce(new, old)->>'id', c.id desc) l where amount is not null) as logged,
      (select count(*)::int from (select 1 from record_version group by source, stream, id, valid_from having count(*) > 1) o) as overlapping`;
  return row!;
}

const expected = ({ heads, history, rows }: Model) => ({
  heads: Object.fromEntries([...heads].map(([id, head]) => [id, [head.version, head.deleted]])),
  history: Object.fromEntries(history),
  rows: Object.fromEntries(rows),
  logged: Object.fromEntries(rows),
  overlapping: 0,
});

test('heads, history, rows and the change log are what a plain model says, batch after batch', async () => {
  await fc.assert(
    fc.asyncProperty(batches, async (given) => {
      await loading.empty();
      const model: Model = { heads: new Map(), history: new Map(), rows: new Map() };
      for (const batch of given) {
        apply(model, batch);
        await loading.load(batch);
        expect(await remains()).toEqual(expected(model));
      }
    }),
    { numRuns: 40 },
  );
}, 60_000);

test('a batch loaded twice changes nothing the second time', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 12 }), async (batch) => {
      await loading.empty();
      await loading.load(batch);
      const before = await remains();
      const again = await loading.load(batch);
      expect([again.changed, again.deleted]).toEqual([0, 0]);
      expect(await remains()).toEqual(before);
    }),
    { numRuns: 20 },
  );
}, 60_000);
