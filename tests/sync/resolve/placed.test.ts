/** Facts that a bulk gives their first company are logged by key alone: each batch reads the same before and after, for ever. */
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../../db/client.ts';
import { resolve } from '../../../sync/resolve/resolve.ts';
import { stamps } from '../../../sync/resolve/stamps.ts';
import { writeUnified } from '../../../sync/unified.ts';
import { openTestDatabase, type TestDatabase } from '../../database.ts';
import { loadBulk } from './bulk-company.ts';

/** Just enough for placements by key. */
const CUSTOMERS = 510;
const tables = [...new Set(stamps.flat().map(({ table }) => table))];
let home: TestDatabase;
let db: Database;

type Change = { batch: number; tbl: string; key: string; old: object | null; new: object | null };

/** What batches up to `upTo` changed, in their order. */
const told = (upTo: number) => db.sql<Change[]>`
  select b.seq as batch, l.tbl, coalesce(l.new, l.old)->>'system' || ' ' || (coalesce(l.new, l.old)->>'id') as key, l.old, l.new
  from change_batch b cross join lateral changes_in(b.id) l where b.seq <= ${upTo} and l.tbl = any(${tables}::text[]) order by 1, 2, 3`;
const version = async () => (await db.sql<{ seq: number }[]>`select seq from data_version`)[0]!.seq;

async function present(): Promise<Map<string, unknown>> {
  const rows = await Promise.all(
    tables.map(
      (table) =>
        db.sql<{ key: string; row: object }[]>`
          select ${table} || ' ' || f.system || ' ' || f.id as key, to_jsonb(f) as row from ${db.sql(table)} f`,
    ),
  );
  return new Map(rows.flat().map(({ key, row }) => [key, row]));
}

/** The rows that the log makes, change by change: each must find what it says was there. */
function replay(changes: readonly Change[]): Map<string, unknown> {
  const rows = new Map<string, unknown>();
  const wrong: string[] = [];
  for (const { tbl, key, old, new: now } of changes) {
    const name = `${tbl} ${key}`;
    if (!isDeepStrictEqual(rows.get(name) ?? null, old)) wrong.push(name);
    if (now) rows.set(name, now);
    else rows.delete(name);
  }
  expect(wrong).toEqual([]);
  return rows;
}

beforeAll(async () => {
  home = await openTestDatabase();
  db = openDatabase(home.url, { name: 'herald-test', max: 1 });
});
afterAll(async () => {
  await db?.close();
  await home?.close();
});

test('the log is exact through placing, moving, removing and placing again', {
  timeout: 60_000,
}, async () => {
  await loadBulk(db, 0, CUSTOMERS);
  // One that its source gave an owner is not bare, hence logged in full.
  await db.inTransaction(async (tx) => {
    const [batch] = await tx<
      { id: number }[]
    >`insert into change_batch (source, stream) values ('billing', 'subscription') returning id`;
    const rows = new Map([['own', { account_id: 'account-7-0', owner: 'ann', mrr: 1, currency: 'USD' }]]);
    await writeUnified(tx, {
      table: 'subscription',
      system: 'billing',
      batchId: batch!.id,
      rows,
      out: [],
      isBulk: true,
    });
  });
  const loaded = await version();
  const atFirst = [...(await told(loaded))];
  await resolve(db);
  const placed = await version();
  expect([...(await told(loaded))]).toEqual(atFirst);
  const [entries] = await db.sql<{ entries: number; rows: number }[]>`
    select count(*)::int as entries, sum(n)::int as rows from change_log where placed is not null`;
  expect(entries!.rows).toBeGreaterThan(100 * entries!.entries);
  const afterPlacing = [...(await told(placed))];
  expect(replay(afterPlacing)).toEqual(await present());

  // One customer moves, another leaves: their facts are written in full, and what was logged before reads as it did.
  for (const [what, id] of [
    ['region', 'account-3-0'],
    ['gone', 'account-5-0'],
  ] as const)
    await db.inTransaction(async (tx) => {
      const [batch] = await tx<
        { id: number }[]
      >`insert into change_batch (source, stream) values ('salesforce', 'account') returning id`;
      if (what === 'gone')
        await tx`
          with gone as (delete from account where system = 'salesforce' and id = ${id} returning to_jsonb(old) as old)
          insert into change_log (batch_id, tbl, old) select ${batch!.id}, 'account', old from gone`;
      else
        await tx`
          with put as (update account set region = 'LATAM' where system = 'salesforce' and id = ${id} returning to_jsonb(old) as o, to_jsonb(new) as n)
          insert into change_log (batch_id, tbl, old, new) select ${batch!.id}, 'account', o, n from put`;
    });
  await resolve(db);
  expect([...(await told(placed))]).toEqual(afterPlacing);
  const rows = await present();
  expect(rows.get('deal salesforce deal-3-0')).toMatchObject({ region: 'LATAM' });
  expect(rows.get('deal_stage salesforce deal_stage-5-0')).toMatchObject({ company: null, region: null });
  expect(replay([...(await told(await version()))])).toEqual(rows);
});
