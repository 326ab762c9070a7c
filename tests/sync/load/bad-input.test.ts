/** What CRMs really hold: the rest of the batch loads, nothing is dropped, and the reason is told. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { mostPerRecord } from '../../../sync/load/check-record.ts';
import type { SourceRecord } from '../../../sync/source.ts';
import { type Loading, openLoading, upsert } from './loading.ts';

let loading: Loading;
beforeAll(async () => {
  loading = await openLoading();
});
beforeEach(() => loading.empty());
afterAll(() => loading.close());

const good = (id: string) => upsert(id, 1, { amount: 5, status: 'open' });
const rows = async () =>
  (await loading.db.sql<{ id: string }[]>`select id from invoice order by id`).map(({ id }) => id);
const held = () =>
  loading.db.sql<{ record_id: string; reason: string; payload: string | null }[]>`
    select record_id, reason, payload from quarantine order by id`;

/** Load a bad record between two good ones. */
async function between(bad: SourceRecord) {
  await loading.load([good('a'), bad, good('z')]);
  return { rows: await rows(), held: await held() };
}

describe('a record is held with the reason, and its neighbours load:', () => {
  test.each<[string, SourceRecord, string]>([
    ['truncated JSON', upsert('m', 1, '{"amount":5,"sta'), 'It is not valid JSON'],
    ['no JSON at all', upsert('m', 1, ''), 'It is not valid JSON'],
    [
      'a text for a number',
      upsert('m', 1, { amount: 'five' }),
      'amount: expected a whole number, got "five"',
    ],
    ['a fraction of a cent', upsert('m', 1, { amount: 5.5 }), 'amount: expected a whole number, got 5.5'],
    ['a number beyond all', upsert('m', 1, '{"amount":1e30}'), 'amount: expected a whole number'],
    ['the 30th of February', upsert('m', 1, { due_on: '2026-02-30' }), 'due_on: expected a date'],
    ['an object for a text', upsert('m', 1, { status: { x: 1 } }), 'status: expected a text'],
    ['NUL in a text', upsert('m', 1, { status: 'a\0b' }), 'status: a text with a NUL character'],
    ['a label too long', upsert('m', 1, { status: 'é'.repeat(200) }), 'status: a text of 400 bytes'],
    ['a version that is no number', upsert('m', Number.NaN, { amount: 5 }), 'Its version, NaN'],
    ['no id', upsert('', 1, { amount: 5 }), 'It has no id.'],
    ['an id of 10 KB', upsert('m'.repeat(10_000), 1, { amount: 5 }), 'Its id has 10000 bytes'],
    ['an id with a NUL', upsert('m\0', 1, { amount: 5 }), 'Its id has characters that are no text.'],
  ])('%s', async (_what, bad, reason) => {
    const left = await between(bad);
    expect(left.rows).toEqual(['a', 'z']);
    expect(left.held.map((each) => each.reason)).toEqual([expect.stringContaining(reason)]);
    expect(left.held[0]!.payload).not.toBeNull();
  });
});

describe('a record is kept as it is:', () => {
  test.each([
    ['a formula', '=HYPERLINK("http://x","y")'],
    ['a mention', '<!channel> <@U123>'],
    ['HTML', '<script>alert(1)</script>'],
    ['quotes and backslashes', '\\N "x" \\. {,} \' $1'],
  ])('%s', async (_what, status) => {
    await loading.load([good('a'), upsert('m', 1, { status }), good('z')]);
    expect(await loading.db.sql`select status from invoice where id = 'm'`).toEqual([{ status }]);
  });

  test('a text that is empty, not null', async () => {
    await loading.load([upsert('m', 1, { status: '' })]);
    expect(await loading.db.sql`select status from invoice`).toEqual([{ status: '' }]);
  });

  test('half a surrogate pair and separators of ours become the replacement character', async () => {
    await loading.load([good('a'), upsert('m', 1, { status: 'x\ud83d \u001e\u001f' }), good('z')]);
    expect(await loading.db.sql`select status from invoice order by id`).toEqual([
      { status: 'open' },
      { status: 'x\ufffd \ufffd\ufffd' },
      { status: 'open' },
    ]);
  });

  test('its raw control characters, escaped in the history', async () => {
    await loading.load([upsert('m', 1, '{"status":"a\u001eb\0"}')]);
    expect(await loading.db.sql`select payload from record_version`).toEqual([
      { payload: '{"status":"a\\u001eb\\u0000"}' },
    ]);
  });
});

test.each([
  ['raw control characters', '{"status":"a\u001eb\0"}'],
  ['half a surrogate pair', '{"status":"x\ud83d"}'],
])('%s are known when they come again: no second version', async (_what, payload) => {
  await loading.load([upsert('m', 1, payload)]);
  const again = await loading.load([upsert('m', 2, payload)]);
  expect(again).toMatchObject({ read: 1, changed: 0, quarantined: 0 });
  expect(await loading.db.sql`select id from record_version`).toHaveLength(1);
});

test('a key named __proto__ changes no object', async () => {
  await loading.empty((raw) => ({ amount: (raw as { amount: number }).amount }));
  const left = await between(upsert('m', 1, '{"__proto__":{"polluted":true},"amount":7}'));
  expect(left).toEqual({ rows: ['a', 'm', 'z'], held: [] });
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});

test('a mapping that fails on one record holds this record alone', async () => {
  await loading.empty((raw) => ({ status: (raw as { a: { b: string } }).a.b }));
  await loading.load([upsert('a', 1, { a: { b: 'x' } }), upsert('m', 1, {})]);
  expect(await rows()).toEqual(['a']);
  expect((await held())[0]!.reason).toContain("Herald's mapping failed on it");
});

describe('a record of ten megabytes', () => {
  const huge = upsert('m', 2, { amount: 6, note: 'x'.repeat(10 * 1024 ** 2) });

  test('is held without its text, says how large it is, and keeps its former row and its head', async () => {
    await loading.load([upsert('m', 1, { amount: 5 })]);
    await loading.load([good('a'), huge, good('z')]);
    expect(await rows()).toEqual(['a', 'm', 'z']);
    expect(await held()).toEqual([
      { record_id: 'm', reason: expect.stringContaining('It is 10.0 MB large'), payload: null },
    ]);
    expect(await loading.db.sql`select version from record_head where id = 'm'`).toEqual([{ version: 2 }]);
  });

  test('is not held again when it is read again', async () => {
    await loading.load([huge]);
    expect(await loading.load([huge])).toMatchObject({ changed: 0, quarantined: 0 });
    expect(await held()).toHaveLength(1);
  });

  test('loads when it has become smaller', async () => {
    await loading.load([huge]);
    await loading.load([upsert('m', 3, { amount: 6 })]);
    expect(await rows()).toEqual(['m']);
  });
});

describe('a batch too large for one transaction', () => {
  const large = Array.from({ length: 8 }, (_, i) =>
    upsert(`${i}`, 1, { amount: i, note: 'x'.repeat(mostPerRecord - 100) }),
  );
  const strip = (raw: unknown) => ({ amount: (raw as { amount: number }).amount });

  test('is loaded in parts, the position with the last', async () => {
    await loading.empty(strip);
    await loading.load(large, 8);
    const batches = await loading.db.sql<{ id: number }[]>`select id from change_batch order by seq`;
    expect(batches.length).toBeGreaterThan(1);
    expect(await rows()).toHaveLength(8);
    const [kept] = await loading.db.sql`select cursor, batch_id from checkpoint`;
    expect(kept).toEqual({ cursor: { at: 8 }, batch_id: batches.at(-1)!.id });
  });

  test('keeps no position when a later part fails', async () => {
    await loading.empty(strip);
    await loading.db.sql.unsafe(`create function refuse() returns trigger language plpgsql as $$ begin raise exception 'refused'; end $$;
      create trigger refuse before insert on invoice for each row when (new.id = '7') execute function refuse()`);
    await expect(loading.load(large, 8)).rejects.toThrow('refused');
    await loading.db.sql`drop trigger refuse on invoice`;
    expect((await rows()).length).toBeGreaterThan(0);
    expect(await loading.db.sql`select 1 from checkpoint`).toHaveLength(0);
  });
});
