import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../db/client.ts';
import { ensurePartitions } from '../../db/partitions.ts';
import { openTestDatabase, type TestDatabase } from '../database.ts';

let home: TestDatabase;
let db: Database;

beforeAll(async () => {
  home = await openTestDatabase();
  db = openDatabase(home.url, { name: 'herald-test', max: 4 });
});

afterAll(async () => {
  await db.close();
  await home.close();
});

test('months of history are made ahead, also by several workers at once, and take the rows', async () => {
  await Promise.all([ensurePartitions(db), ensurePartitions(db), ensurePartitions(db)]);
  await db.inTransaction(async (tx) => {
    const [batch] = await tx<{ id: number }[]>`insert into change_batch (source) values ('t') returning id`;
    await tx`insert into record_version (source, stream, id, batch_id, version, op) values ('t', 's', '1', ${batch!.id}, 1, 'upsert')`;
  });
  const rows = await db.sql<{ part: string; months: number }[]>`
    select tableoid::regclass::text as part, (select count(*)::int from pg_inherits where inhparent = 'record_version'::regclass) as months from record_version`;
  expect(rows[0]!.part).toMatch(/^record_version_\d{6}$/);
  expect(rows[0]!.months).toBe(4);
});
