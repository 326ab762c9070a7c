import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../db/client.ts';
import { versionAt } from '../../kpi/freshness.ts';
import { readHistory } from '../../sync/read-history.ts';
import { retain } from '../../sync/retain.ts';
import { openTestDatabase, type TestDatabase } from '../database.ts';

/** Twelve months kept of this: history begins on 1 November 2025. */
const now = new Date('2026-11-22T10:00:00Z');
let home: TestDatabase;
let db: Database;

beforeEach(async () => {
  home = await openTestDatabase();
  db = openDatabase(home.url, { name: 'herald-test', max: 2 });
  for (const month of ['2025-08-01', '2025-09-01', '2025-11-01'])
    for (const parent of ['record_version', 'bucket_delta', 'ledger_delta'])
      await db.sql`select ensure_month(${parent}, ${month}::date)`;
});
afterEach(async () => {
  await db.close();
  await home.close();
});

async function version(
  id: string,
  at: string,
  payload: string | null,
  op = payload === null ? 'deleted' : 'upsert',
) {
  const [batch] = await db.sql<
    { id: number }[]
  >`insert into change_batch (source, stream) values ('crm', 'deal') returning id`;
  await db.sql`update change_batch set committed_at = ${at} where id = ${batch!.id}`;
  await db.sql`insert into record_version (source, stream, id, valid_from, batch_id, version, op, payload)
    values ('crm', 'deal', ${id}, ${at}, ${batch!.id}, 1, ${op}, ${payload})`;
}
const keep = () => retain(db, { historyMonths: 12, now });
const at = async (id: string, instant: string) =>
  (await readHistory(db.sql, { source: 'crm', stream: 'deal', id }, new Date(instant))).map(
    ({ op, payload }) => [op, payload],
  );
const months = async (parent: string) =>
  (
    await db.sql<
      { name: string }[]
    >`select inhrelid::regclass::text as name from pg_inherits where inhparent = ${parent}::regclass order by 1`
  ).map(({ name }) => name);

test('old months are dropped; what stood when the kept history begins is carried forward', async () => {
  await version('a', '2025-08-03T00:00:00Z', '1');
  await version('a', '2025-09-03T00:00:00Z', '2');
  await version('b', '2025-09-04T00:00:00Z', '3');
  await version('b', '2025-11-20T00:00:00Z', '4');
  const report = await keep();
  expect(report).toMatchObject({ from: new Date('2025-11-01T00:00:00Z'), carried: 2, deleted: 0 });
  expect(report.dropped.filter((name) => name.startsWith('record_version'))).toEqual([
    'record_version_202508',
    'record_version_202509',
  ]);
  expect(await at('a', '2025-11-02T00:00:00Z')).toEqual([['carried', '2']]);
  expect(await at('a', '2026-10-01T00:00:00Z')).toEqual([['carried', '2']]);
  expect(await at('b', '2025-11-02T00:00:00Z')).toEqual([['carried', '3']]);
  expect(await at('b', '2025-12-01T00:00:00Z')).toEqual([['upsert', '4']]);
  expect(await at('a', '2025-10-01T00:00:00Z')).toEqual([]);
});

test('a record that was gone by then is not carried', async () => {
  await version('a', '2025-08-03T00:00:00Z', '1');
  await version('a', '2025-09-03T00:00:00Z', null);
  expect((await keep()).carried).toBe(0);
  expect(await at('a', '2026-01-01T00:00:00Z')).toEqual([]);
});

test('rows that no month of their own holds are dropped, too', async () => {
  await version('a', '2025-03-03T00:00:00Z', '1');
  await version('b', '2026-01-03T00:00:00Z', '2');
  expect(await keep()).toMatchObject({ carried: 1, deleted: 1 });
  expect(await at('a', '2026-01-01T00:00:00Z')).toEqual([['carried', '1']]);
  expect(await at('b', '2026-02-01T00:00:00Z')).toEqual([['upsert', '2']]);
});

test('run twice, or after it was stopped half-way, it leaves the same', async () => {
  await version('a', '2025-08-03T00:00:00Z', '1');
  await db.sql`insert into record_version (source, stream, id, valid_from, batch_id, version, op, payload)
    select source, stream, id, '2025-11-01T00:00:00Z', batch_id, version, 'carried', payload from record_version`;
  await keep();
  expect(await keep()).toMatchObject({ carried: 0, dropped: [], deleted: 0 });
  expect(await readHistory(db.sql, { source: 'crm', stream: 'deal', id: 'a' })).toHaveLength(1);
});

test('differences of numbers from before are dropped, those of after are not', async () => {
  await db.sql`insert into bucket_delta (measure, day, value, n, seq, known_at)
    select 'won_value', '2025-01-01', 1, 1, 1, d from unnest(array['2025-08-02', '2025-11-02']::timestamptz[]) d`;
  await keep();
  const left = await db.sql`select known_at from bucket_delta`;
  expect(left.map((row) => row.known_at)).toEqual([new Date('2025-11-02T00:00:00Z')]);
  expect(await months('bucket_delta')).toEqual(['bucket_delta_202511', 'bucket_delta_default']);
});

test('an answer as of before the history kept is refused with the reason, one after it is not', async () => {
  await version('a', '2025-08-03T00:00:00Z', '1');
  await version('a', '2025-11-20T00:00:00Z', '2');
  expect(await versionAt(db.sql, new Date('2025-09-01T00:00:00Z'))).not.toBeNull();
  await keep();
  await expect(versionAt(db.sql, new Date('2025-09-01T00:00:00Z'))).rejects.toThrow('begins on 2025-11-01');
  expect(await versionAt(db.sql, new Date('2025-12-01T00:00:00Z'))).not.toBeNull();
});

test('while nothing is old enough, nothing is refused', async () => {
  await version('a', '2026-01-03T00:00:00Z', '1');
  expect(await keep()).toMatchObject({ carried: 0, dropped: [], deleted: 0 });
  expect(await db.sql`select from history_start`).toHaveLength(0);
});
