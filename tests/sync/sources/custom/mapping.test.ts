import { expect, test } from 'vitest';
import { type ColumnType, unifiedColumns } from '../../../../sync/sources/custom/columns.ts';
import { createCustomSource } from '../../../../sync/sources/custom/create-custom-source.ts';
import type { CustomSettings, FieldRule } from '../../../../sync/sources/custom/settings.ts';

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
    /sources\.erp\.streams\.rows\.entity: the unified model has no table "accounts"; did you mean "account"\? it may be one of account, person/,
  );
});

test('an unknown column is refused with those there are', () => {
  expect(() => source('payment', { total: 'x' })).toThrow(
    'sources.erp.streams.rows.map.total: payment has no column "total"; it has account_id, invoice_id, paid_on, amount, currency',
  );
});

test('a mistyped column is answered with the one that was meant', () => {
  expect(() => source('deal', { amonut: 'x' })).toThrow(
    'sources.erp.streams.rows.map.amonut: deal has no column "amonut"; did you mean "amount"? it has name',
  );
});

test('what Herald writes itself cannot be mapped', () => {
  expect(() => source('payment', { company: 'x', region: 'y' })).toThrow(/map\.company:.*\n.*map\.region:/);
});

test('what Herald works out from a ticket and its events cannot be mapped', () => {
  expect(() => source('ticket_event', { until: 'x', breached: 'y' })).toThrow(
    /map\.until: "until" is worked out by Herald and cannot be mapped; ticket_event has ticket_id.*\n.*map\.breached: "breached" is worked out/,
  );
  expect(() => source('ticket', { followed: 'x', from_events: 'y' })).toThrow(
    /map\.followed:.*worked out by Herald[\s\S]*map\.from_events:.*worked out by Herald/,
  );
});

const filtered = (conditions: object) =>
  createCustomSource('erp', {
    kind: 'csv',
    folder: '/data',
    streams: {
      rows: { file: 'rows.csv', key: 'id', entity: 'deal', map: { name: 'name' }, ...conditions },
    },
  }).streams[0]!;

test.each(['TRUE', 'true', '1', 1, true, 'yes', 't'])(
  'a record that is marked as deleted by %j is no fact',
  (mark) => {
    const stream = filtered({ deletedWhen: { _fivetran_deleted: true } });
    expect(stream.unify({ id: '1', name: 'a', _fivetran_deleted: mark })).toBeNull();
  },
);

test.each(['FALSE', 'false', '0', 0, false, '', null, undefined])(
  'a record that is marked by %j is one',
  (mark) => {
    const stream = filtered({ deletedWhen: { _fivetran_deleted: true } });
    expect(stream.unify({ id: '1', name: 'a', _fivetran_deleted: mark })).toEqual({ name: 'a' });
  },
);

test('only records of which every condition holds are facts', () => {
  const { unify } = filtered({ where: { type: ['New', 'Renewal'], parent: null, kind: 2 } });
  expect(unify({ name: 'a', type: 'New', parent: ' ', kind: '2.0' })).toEqual({ name: 'a' });
  expect(unify({ name: 'a', type: 'Test', parent: '', kind: 2 })).toBeNull();
  expect(unify({ name: 'a', type: 'New', parent: '7', kind: 2 })).toBeNull();
  expect(unify({ name: 'a', type: 'New', parent: '', kind: 3 })).toBeNull();
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
  expect(() => source('payment', { total: 'x', amount: 'y' })).toThrow(/map\.total[\s\S]*map\.amount/);
});

test('settings of the wrong shape are refused with their place', () => {
  expect(() =>
    createCustomSource('erp', {
      kind: 'csv',
      folder: '/data',
      streams: { rows: { file: '../x', key: 'id', entity: 'payment', map: {} } },
    }),
  ).toThrow('sources.erp.streams.rows.file: is a file name inside `folder`, without a path');
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

test('several fields make one text, and empty ones leave no gap', () => {
  const map = { name: { fields: ['first', 'middle', 'last'] } };
  expect(unify('person', map, { first: 'Ada', middle: ' ', last: 'Lovelace' })).toEqual({
    name: 'Ada Lovelace',
  });
});

test('a word may stand for a ready value', () => {
  const won = { field: 'phase', values: { Gewonnen: true, Verloren: false, Angebot: null } };
  const rows = ['Gewonnen', 'Verloren', 'Angebot'].map((phase) => unify('deal', { is_won: won }, { phase }));
  expect(rows).toEqual([{ is_won: true }, { is_won: false }, { is_won: null }]);
});

test('what a source writes for "no value" is no value', () => {
  const map = { score: { field: 's', empty: ['-', 'n/a'] } };
  expect([unify('survey', map, { s: 'n/a' }), unify('survey', map, { s: '7' })]).toEqual([
    { score: null },
    { score: 7 },
  ]);
});

test('an amount has the decimals of its record’s currency', () => {
  const map = { amount: { field: 'a', type: 'money' as const }, currency: 'c' };
  const rows = [
    { a: '1200', c: 'jpy' },
    { a: '12.00', c: 'EUR' },
    { a: 1.234, c: 'KWD' },
  ].map((raw) => unify('payment', map, raw));
  expect(rows).toEqual([
    { currency: 'JPY', amount: 1_200 },
    { currency: 'EUR', amount: 1_200 },
    { currency: 'KWD', amount: 1_234 },
  ]);
});

test('a currency that is no code is a fault of its record', () => {
  expect(() => unify('payment', { currency: 'c' }, { c: 'Euro' })).toThrow(
    'expected a currency code such as EUR',
  );
});

test('a constant that does not fit its column is refused at the start', () => {
  expect(() => source('payment', { amount: { constant: 12.5 }, paid_on: { constant: 'today' } })).toThrow(
    /map\.amount: 12\.5 is no value of a column that holds money[\s\S]*map\.paid_on: "today" is no value of a column that holds dates/,
  );
});

test('every column of every table can be filled from settings', () => {
  const samples: Record<ColumnType, [rule: FieldRule, raw: unknown]> = {
    text: [{ field: 'f' }, 'EUR'],
    integer: [{ field: 'f' }, '7'],
    money: [{ field: 'f', type: 'money' }, '1.00'],
    decimal: [{ field: 'f' }, '1.5'],
    boolean: [{ field: 'f' }, 'yes'],
    date: [{ field: 'f' }, '2026-01-31'],
    instant: [{ field: 'f' }, '2026-01-31T10:00:00Z'],
    ids: [{ field: 'f' }, '001'],
  };
  const unfilled = [...unifiedColumns].flatMap(([table, columns]) =>
    [...columns].flatMap(([column, type]) => {
      const [rule, raw] = samples[type];
      const target = type === 'ids' ? `${column}.salesforce` : column;
      const row = unify(table, { [target]: rule }, { f: raw }) as Record<string, unknown>;
      return row[column] === null || row[column] === undefined ? [`${table}.${column}`] : [];
    }),
  );
  expect(unfilled).toEqual([]);
});
