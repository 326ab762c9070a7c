import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../db/client.ts';
import { openTestDatabase, type TestDatabase } from '../database.ts';

let home: TestDatabase;
let db: Database;
beforeAll(async () => {
  home = await openTestDatabase();
  db = openDatabase(home.url, { name: 'herald-test', max: 2 });
});
afterAll(async () => {
  await db.close();
  await home.close();
});

const texts = [
  'plain',
  '',
  'a,b',
  '{curly}',
  'quote " and \\ slash',
  'NULL',
  ' spaced ',
  'two\nlines',
  'é 漢 😀',
];

test('texts come back from the database as they went', async () => {
  const [row] = await db.sql`select ${texts}::text[] as back`;
  expect(row).toEqual({ back: texts });
});

test('null in an array is null and not a word', async () => {
  const [row] = await db.sql`select ${['a', null, 'NULL']}::text[] as back, array[null, 1] as numbers`;
  expect(row).toEqual({ back: ['a', null, 'NULL'], numbers: [null, 1] });
});

test('numbers, truths and dates keep their types', async () => {
  const instant = new Date('2026-03-01T10:00:00.123Z');
  const [row] = await db.sql`
    select ${[1, -2]}::int[] as ints, ${[9007199254740991]}::bigint[] as bigs, ${[0.5]}::float8[] as floats,
      array[true, false] as truths, ${['2026-03-01']}::date[] as days, ${[instant.toISOString()]}::timestamptz[] as instants`;
  expect(row).toEqual({
    ints: [1, -2],
    bigs: [9007199254740991],
    floats: [0.5],
    truths: [true, false],
    days: ['2026-03-01'],
    instants: [instant],
  });
});

test('empty, nested and JSON arrays are read', async () => {
  const [row] = await db.sql`
    select ${[]}::text[] as empty, array[[1, 2], [3, 4]] as nested, array['{"a": [1, "x"]}'::jsonb] as json`;
  expect(row).toEqual({
    empty: [],
    nested: [
      [1, 2],
      [3, 4],
    ],
    json: [{ a: [1, 'x'] }],
  });
});
