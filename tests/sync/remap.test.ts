import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../db/client.ts';
import { createCustomSource } from '../../sync/sources/custom/create-custom-source.ts';
import { openTestDatabase, type TestDatabase } from '../database.ts';
import { cycle } from '../run-cycle.ts';

const now = new Date('2026-11-22T10:00:00Z');
let folder: string;
let home: TestDatabase;
let db: Database;

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'herald-remap-'));
  writeFileSync(
    path.join(folder, 'spend.csv'),
    'id,day,what,amount,note\n1,2026-10-01,ads,"5,00",x\n2,2026-10-02,fair,"7,50",y\n3,03.10.2026,ads,"1,00",z\n',
  );
  home = await openTestDatabase();
  db = openDatabase(home.url, { name: 'test', max: 2 });
});
afterAll(async () => {
  await db?.close();
  await home?.close();
  rmSync(folder, { recursive: true, force: true });
});

const money = { field: 'amount', type: 'money' } as const;
const source = (map: object, more: object = {}, house: object = {}) =>
  createCustomSource('files', {
    kind: 'csv',
    folder,
    decimal: ',',
    ...house,
    streams: {
      spend: {
        file: 'spend.csv',
        key: 'id',
        entity: 'spend',
        map: { day: 'day', amount: money, ...map },
        ...more,
      },
    },
  });
const rows = () => db.sql`select id, kind, source, amount from spend order by id`;
const versions = async () =>
  (await db.sql<{ n: number }[]>`select count(*)::int as n from record_version`)[0]!.n;

test('rows follow a mapping that was changed, though no record was', async () => {
  await cycle(db, source({ source: 'note' }), now);
  expect(await rows()).toEqual([
    { id: '1', kind: null, source: 'x', amount: 500 },
    { id: '2', kind: null, source: 'y', amount: 750 },
  ]);
  const before = await versions();
  await cycle(db, source({ kind: 'what' }), now);
  expect(await rows()).toEqual([
    { id: '1', kind: 'ads', source: null, amount: 500 },
    { id: '2', kind: 'fair', source: null, amount: 750 },
  ]);
  expect(await versions()).toBe(before);
});

test('what can be read now leaves quarantine', async () => {
  await cycle(db, source({ kind: 'what' }, {}, { dateFormat: 'DD.MM.YYYY' }), now);
  expect((await rows()).map(({ id }) => id)).toEqual(['1', '2', '3']);
  expect(await db.sql`select state from quarantine`).toEqual([{ state: 'replayed' }]);
});

test('rows that do not count any more go, and come back', async () => {
  const house = { dateFormat: 'DD.MM.YYYY' };
  await cycle(db, source({ kind: 'what' }, { where: { what: 'ads' } }, house), now);
  expect((await rows()).map(({ id }) => id)).toEqual(['1', '3']);
  await cycle(db, source({ kind: 'what' }, {}, house), now);
  expect((await rows()).map(({ id }) => id)).toEqual(['1', '2', '3']);
});

test('a stream may fill another table', async () => {
  const house = { dateFormat: 'DD.MM.YYYY' };
  const payments = createCustomSource('files', {
    kind: 'csv',
    folder,
    decimal: ',',
    ...house,
    streams: {
      spend: { file: 'spend.csv', key: 'id', entity: 'payment', map: { paid_on: 'day', amount: money } },
    },
  });
  await cycle(db, payments, now);
  expect([(await rows()).length, (await db.sql`select id from payment`).length]).toEqual([0, 3]);
});

test('an unchanged mapping makes no version', async () => {
  const seq = await db.sql`select seq from data_version`;
  const same = () => source({ kind: 'what' }, {}, { dateFormat: 'DD.MM.YYYY' });
  await cycle(db, same(), now);
  const after = await db.sql`select seq from data_version`;
  expect(after).not.toEqual(seq);
  await cycle(db, same(), now);
  expect(await db.sql`select seq from data_version`).toEqual(after);
});
