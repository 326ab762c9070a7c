import postgres, { type Sql } from 'postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { fillBilling, followBilling } from '../../../../demo/billing.ts';
import type { Store } from '../../../../demo/company/records.ts';
import { createStore } from '../../../../demo/company/store.ts';
import { demoBillingSettings } from '../../../../demo/in-house.ts';
import { createCustomSource } from '../../../../sync/sources/custom/create-custom-source.ts';
import { openTestDatabase, type TestDatabase } from '../../../database.ts';
import { readAll, readContext, unified } from '../read-context.ts';

let database: TestDatabase;
let sql: Sql;
beforeAll(async () => {
  database = await openTestDatabase({ empty: true });
  sql = postgres(database.url, { max: 2, onnotice: () => undefined });
});
afterAll(async () => {
  await sql.end();
  await database.close();
});

const context = readContext({ pace: {} });
const january = Date.parse('2026-01-05T09:00:00.000Z');
const stamp = (at: number) => new Date(at).toISOString();

let billing: Store;
beforeEach(async () => {
  await sql`drop table if exists customers, subscriptions, invoices, payments, deleted_rows`;
  billing = createStore();
});

function putCustomer(id: string, at: number, over: object = {}): void {
  const record = {
    id,
    name: `Firm ${id}`,
    domain: `${id}.example`,
    email: null,
    crm_account_id: `001${id}`,
    country: 'NZ',
    created_at: stamp(january),
    updated_at: stamp(at),
  };
  billing.put('customers', id, { ...record, ...over }, at);
}

const source = (over: object = {}) =>
  createCustomSource('billing', { ...demoBillingSettings(database.url), ...over } as ReturnType<
    typeof demoBillingSettings
  >);

describe('billing tables', () => {
  test('a customer becomes an account that names itself in Salesforce', async () => {
    putCustomer('c1', january);
    await fillBilling(sql, billing);
    const { records } = await readAll(source(), 'customers', 'backfill', null, context);
    expect(unified(source(), 'customers', records)).toEqual({
      c1: {
        name: 'Firm c1',
        domain: 'c1.example',
        email: null,
        country: 'NZ',
        external_ids: { salesforce: '001c1' },
        kind: 'customer',
        created_at: stamp(january),
      },
    });
    expect(records[0]).toMatchObject({ id: 'c1', version: january });
  });

  test('amounts in cents and calendar dates arrive exactly', async () => {
    const row = {
      id: 's1',
      subscription_no: 'N1',
      customer_id: 'c1',
      plan: 'Pro',
      product: 'Core',
      mrr_cents: 9_007_199_254_740_991,
      currency: 'EUR',
      started_on: '2026-01-31',
      ended_on: null,
      updated_at: stamp(january),
    };
    billing.put('subscriptions', 's1', row, january);
    await fillBilling(sql, billing);
    const { records } = await readAll(source(), 'subscriptions', 'backfill', null, context);
    expect(unified(source(), 'subscriptions', records)).toEqual({
      s1: {
        subscription_id: 'N1',
        account_id: 'c1',
        plan: 'Pro',
        product: 'Core',
        mrr: 9_007_199_254_740_991,
        currency: 'EUR',
        starts_on: '2026-01-31',
        ends_on: null,
      },
    });
  });

  test('rows that share one stamp are read once each, page by page', async () => {
    for (let i = 0; i < 25; i++) putCustomer(`c${i}`, january);
    await fillBilling(sql, billing);
    const { records, batches } = await readAll(
      source({ pageSize: 10 }),
      'customers',
      'backfill',
      null,
      context,
    );
    expect([new Set(records.map((record) => record.id)).size, records.length]).toEqual([25, 25]);
    expect(batches.map((batch) => batch.records.length)).toEqual([10, 10, 5, 0]);
  });

  test('a second reading has only what changed and what was deleted', async () => {
    for (const id of ['c1', 'c2', 'c3']) putCustomer(id, january);
    await fillBilling(sql, billing);
    const first = await readAll(source(), 'customers', 'backfill', null, context);
    putCustomer('c2', january + 60_000, { name: 'Renamed' });
    billing.remove('customers', 'c3', january + 120_000, 'deleted');
    await followBilling(sql, billing, january);
    const second = await readAll(source(), 'customers', 'realtime', first.cursor, context);
    expect(unified(source(), 'customers', second.records)).toEqual({
      c2: expect.objectContaining({ name: 'Renamed' }),
      c3: 'deleted',
    });
    const third = await readAll(source(), 'customers', 'realtime', second.cursor, context);
    expect([third.records, third.coveredUntil === null]).toEqual([[], false]);
  });

  test('a reading that stops after a page goes on from there', async () => {
    for (let i = 0; i < 25; i++) putCustomer(`c${i}`, january + i);
    await fillBilling(sql, billing);
    const ids: string[] = [];
    let cursor = null as Record<string, unknown> | null;
    for (let again = 0; again < 4; again++) {
      for await (const batch of source({ pageSize: 10 }).read('customers', 'backfill', cursor, context)) {
        ids.push(...batch.records.map((record) => record.id));
        cursor = batch.cursor;
        break;
      }
    }
    expect([ids.length, new Set(ids).size]).toEqual([25, 25]);
  });

  test('a row committed late by a long transaction is not skipped', async () => {
    putCustomer('c1', january);
    await fillBilling(sql, billing);
    const open = Promise.withResolvers<void>();
    const stamped = Promise.withResolvers<void>();
    const late = sql.begin(async (tx) => {
      await tx`insert into customers (id, updated_at) values ('late', now())`;
      stamped.resolve();
      await open.promise;
    });
    await stamped.promise;
    await sql`insert into customers (id, updated_at) values ('early', clock_timestamp())`;
    const during = await readAll(source(), 'customers', 'realtime', null, context);
    open.resolve();
    await late;
    const after = await readAll(
      source({ settleSeconds: 0 }),
      'customers',
      'realtime',
      during.cursor,
      context,
    );
    expect([during.records, after.records].map((records) => records.map((record) => record.id))).toEqual([
      ['c1'],
      ['late', 'early'],
    ]);
  });

  test('a sweep lists the ids that are there', async () => {
    for (const id of ['c2', 'c1']) putCustomer(id, january);
    await fillBilling(sql, billing);
    const { ids, batches } = await readAll(source(), 'customers', 'sweep', null, context);
    expect([ids, batches.at(-1)?.cursor?.done]).toEqual([['c1', 'c2'], true]);
  });

  test('check says which database and role', async () => {
    await fillBilling(sql, billing);
    expect(await source().check(context)).toEqual({
      identity: expect.stringMatching(/^t_/),
      detail: expect.stringMatching(/^PostgreSQL 18.*, 4 tables$/),
    });
  });

  test('check says every missing table at once', async () => {
    await expect(source().check(context)).rejects.toThrow(
      /billing\.customers: there is no table "customers"[\s\S]*billing\.payments: there is no table "payments"/,
    );
  });
});

describe('any table', () => {
  const custom = (stream: object) =>
    createCustomSource('erp', {
      kind: 'postgres',
      url: database.url,
      settleSeconds: 0,
      streams: {
        rows: {
          table: 'sales.Order "Lines"',
          key: 'No',
          updatedAt: 'Changed',
          entity: 'payment',
          map: { paid_on: 'Day', amount: { field: 'Sum', type: 'money' } },
          ...stream,
        },
      },
    });
  beforeAll(async () => {
    await sql`create schema sales`;
    await sql`create table sales."Order ""Lines""" ("No" bigint primary key, "Day" date, "Sum" numeric, "Changed" timestamp, "Epoch" bigint)`;
    await sql`insert into sales."Order ""Lines""" values (9007199254740993, '2026-02-01', 12345678.90, '2026-02-01 10:00:00.123456', 1), (9, '2026-02-02', -0.07, '2026-02-01 10:00:00.123456', 1)`;
  });

  test('odd names, bigint keys and numerics are read exactly', async () => {
    const { records } = await readAll(custom({}), 'rows', 'realtime', null, context);
    expect(unified(custom({}), 'rows', records)).toEqual({
      '9': { paid_on: '2026-02-02', amount: -7 },
      '9007199254740993': { paid_on: '2026-02-01', amount: 1_234_567_890 },
    });
  });

  test('a page boundary inside one microsecond loses nothing', async () => {
    const paged = createCustomSource('erp', {
      kind: 'postgres',
      url: database.url,
      pageSize: 1,
      streams: {
        rows: { table: 'sales.Order "Lines"', key: 'No', updatedAt: 'Changed', entity: 'payment', map: {} },
      },
    });
    const { records } = await readAll(paged, 'rows', 'realtime', null, context);
    expect(records.map((record) => record.id)).toEqual(['9', '9007199254740993']);
  });

  test('a column that is not there is one clear fault with those there are', async () => {
    await expect(
      readAll(custom({ map: { paid_on: 'Dya' } }), 'rows', 'realtime', null, context),
    ).rejects.toMatchObject({
      kind: 'fatal',
      message:
        'erp.rows: table "sales.Order "Lines"" has no column "Dya"; did you mean "Day"? it has No, Day, Sum, Changed, Epoch',
    });
  });

  test('a stamp that is no timestamp is refused', async () => {
    await expect(readAll(custom({ updatedAt: 'Epoch' }), 'rows', 'realtime', null, context)).rejects.toThrow(
      /column "Epoch".*is bigint/,
    );
  });

  test('a name that tries to be a statement is only a name', async () => {
    await expect(
      readAll(custom({ table: 'customers; drop schema sales cascade' }), 'rows', 'realtime', null, context),
    ).rejects.toThrow('there is no table');
    expect(await sql`select 1 from information_schema.schemata where schema_name = 'sales'`).toHaveLength(1);
  });

  test('a wrong password needs a person, and is not in the message', async () => {
    const url = new URL(database.url);
    url.password = 'not-the-one';
    url.username = 'nobody_here';
    const wrong = createCustomSource('erp', { kind: 'postgres', url: url.toString(), streams: {} });
    const thrown = await wrong.check(context).catch((error: Error) => error);
    expect(thrown).toMatchObject({ name: 'ReadFault' });
    expect(String(thrown)).not.toContain('not-the-one');
  });

  test('a server that is not there is a passing fault', async () => {
    const away = createCustomSource('erp', {
      kind: 'postgres',
      url: 'postgres://127.0.0.1:1/x',
      streams: {},
    });
    await expect(away.check(context)).rejects.toMatchObject({ kind: 'transient' });
  });
});
