import { expect, test } from 'vitest';
import { createCustomSource } from '../../../../sync/sources/custom/create-custom-source.ts';
import type { CustomSettings } from '../../../../sync/sources/custom/settings.ts';

type Map = Extract<CustomSettings, { kind: 'csv' }>['streams'][string]['map'];

const source = (entity: string, map: Map) =>
  createCustomSource('erp', {
    kind: 'csv',
    folder: '/data',
    streams: { rows: { file: 'rows.csv', key: 'id', entity, map } },
  });
const unify = (entity: string, map: Map, raw: object) => source(entity, map).streams[0]!.unify(raw);

test('an unknown table of the unified model is refused with those there are', () => {
  expect(() => source('accounts', {})).toThrow(
    /erp\.rows: entity "accounts".*account, activity|erp\.rows: entity "accounts".*account, person/,
  );
});

test('an unknown column is refused with those there are', () => {
  expect(() => source('payment', { total: 'x' })).toThrow(
    'erp.rows, column "total": "payment" has no such column; it has account_id, invoice_id, paid_on, amount, currency',
  );
});

test('what Herald writes itself cannot be mapped', () => {
  expect(() => source('payment', { company: 'x', region: 'y' })).toThrow(
    /column "company".*\n.*column "region"/,
  );
});

test('an amount must say whether it is in cents', () => {
  expect(() => source('payment', { amount: 'x' })).toThrow('it holds money: say `type: cents`');
});

test('a type that does not fit its column is refused', () => {
  expect(() => source('payment', { paid_on: { field: 'x', type: 'money' } })).toThrow(
    'type "money" does not fit; it may be date',
  );
});

test('every fault is reported at once', () => {
  expect(() => source('payment', { total: 'x', amount: 'y' })).toThrow(/"total"[\s\S]*"amount"/);
});

test('settings of the wrong shape are refused with their place', () => {
  expect(() =>
    createCustomSource('erp', {
      kind: 'csv',
      folder: '/data',
      streams: { rows: { file: '../x', key: 'id', entity: 'payment', map: {} } },
    }),
  ).toThrow('erp.streams.rows.file: is a file name inside `folder`, without a path');
});

test('an id in another system becomes an entry of external_ids', () => {
  const map = { 'external_ids.salesforce': 'crm', 'external_ids.billing': 'bill' };
  expect(unify('account', map, { crm: '001', bill: '' })).toEqual({ external_ids: { salesforce: '001' } });
});

test("a system's words are replaced by ours", () => {
  const map = { status: { field: 's', type: 'enum' as const, values: { P: 'paid', O: 'open' } } };
  expect(unify('invoice', map, { s: 'P' })).toEqual({ status: 'paid' });
  expect(() => unify('invoice', map, { s: 'X' })).toThrow('field "s": "X" is none of P, O');
});

test('an unlisted word of an enum takes the default where there is one', () => {
  const map = { status: { field: 's', type: 'enum' as const, values: { P: 'paid' }, default: 'other' } };
  expect(unify('invoice', map, { s: 'X' })).toEqual({ status: 'other' });
});

test('yes and no are read in several spellings', () => {
  const map = { active: 'a' };
  expect([unify('staff', map, { a: 'Yes' }), unify('staff', map, { a: 0 })]).toEqual([
    { active: true },
    { active: false },
  ]);
});
