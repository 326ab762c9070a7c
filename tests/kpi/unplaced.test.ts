import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../db/client.ts';
import { unplacedWarnings } from '../../kpi/unplaced.ts';
import { openTestDatabase, type TestDatabase } from '../database.ts';

let server: TestDatabase;
let db: Database;
beforeAll(async () => {
  server = await openTestDatabase();
  db = openDatabase(server.url, { name: 'test', max: 1 });
});
beforeEach(() => db.sql`delete from consumer_position`);
afterAll(async () => {
  await db.close();
  await server.close();
});

const batch = (source: string) => db.sql`insert into change_batch (source) values (${source})`;
/** Resolution has seen all that is there. */
const placed = () =>
  db.sql`insert into consumer_position (consumer, seq) select 'resolve', seq from data_version`;
const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000);

test('facts that wait for their companies are told of once they have waited a while', async () => {
  await batch('salesforce');
  await placed();
  await batch('salesforce');
  expect(await unplacedWarnings(db.sql, inSeconds(5))).toEqual([]);
  expect(await unplacedWarnings(db.sql, inSeconds(60))).toEqual([
    'Records are still being placed with their companies: parts may be too small, or "unknown".',
  ]);
});

test('what resolution wrote itself waits for nobody', async () => {
  await batch('salesforce');
  await placed();
  await batch('resolve');
  expect(await unplacedWarnings(db.sql, inSeconds(60))).toEqual([]);
});

test('where no resolution runs, nothing is said', async () => {
  await batch('salesforce');
  expect(await unplacedWarnings(db.sql, inSeconds(60))).toEqual([]);
});
