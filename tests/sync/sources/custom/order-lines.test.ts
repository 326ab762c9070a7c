/** Lists of order lines as shops export them: a price and a quantity, no number of the line, whatever programme saved it. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createCustomSource } from '../../../../sync/sources/custom/create-custom-source.ts';
import type { CustomSettings } from '../../../../sync/sources/custom/settings.ts';
import { readAll, readContext, unified } from '../read-context.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'herald-lines-'));
});
afterEach(() => rm(folder, { recursive: true }));

const context = readContext({ pace: {} }, () => new Date('2026-11-22T10:00:00Z'));
const put = (content: string | Buffer) => writeFile(path.join(folder, 'orders.csv'), content);

function shop(over: Partial<Extract<CustomSettings, { kind: 'csv' }>> = {}, stream: object = {}) {
  return createCustomSource('shop', {
    kind: 'csv',
    folder,
    dateFormat: 'MM/DD/YYYY HH:mm',
    decimal: '.',
    ...over,
    streams: {
      lines: {
        file: 'orders.csv',
        key: '$line',
        entity: 'invoice',
        map: {
          account_id: 'Customer',
          issued_on: 'Date',
          amount: { field: 'Price', times: 'Quantity', type: 'money' },
        },
        ...stream,
      },
    },
  });
}

async function rows(source = shop()) {
  const { records } = await readAll(source, 'lines', 'realtime', null, context);
  return unified(source, 'lines', records);
}

const header = 'Invoice,Code,Quantity,Date,Price,Customer\n';

describe('order lines', () => {
  test('two lines of one order and one article are two records', async () => {
    await put(`${header}1,85123A,6,12/1/2010 8:26,2.55,17850\n1,85123A,2,12/1/2010 8:26,2.55,17850\n`);
    expect(await rows()).toEqual({
      'line 2': { account_id: '17850', issued_on: '2010-12-01', amount: 1530 },
      'line 3': { account_id: '17850', issued_on: '2010-12-01', amount: 510 },
    });
  });
  test('a return has a negative quantity, a guest no customer, and a line without a quantity no amount', async () => {
    await put(
      `${header}C2,1,-3,12/1/2010 9:41,27.50,17850\n3,1,1,12/1/2010 9:50,0.85,\n4,1,,12/1/2010 9:55,0.85,17850\n`,
    );
    expect(await rows()).toMatchObject({
      'line 2': { amount: -8250 },
      'line 3': { amount: 85, account_id: null },
      'line 4': { amount: null },
    });
  });
  test('separators of the German kind, days of Excel and a separator at the end of each line', async () => {
    await put(
      '\uFEFFInvoice;Code;Quantity;Date;Price;Customer\r\n1;"A;1";1,5;40513,351389;1.234,50;17850;\r\n',
    );
    expect(await rows(shop({ dateFormat: 'excel', decimal: ',' }))).toEqual({
      'line 2': { account_id: '17850', issued_on: '2010-12-01', amount: 185_175 },
    });
  });
  test('a product finer than a cent is refused until rounding is allowed', async () => {
    await put(`${header}1,1,3,12/1/2010 8:26,0.333,17850\n`);
    expect((await rows())['line 2']).toMatch(/field "Price", "Quantity": the amount "0.333" is finer/);
    const amount = { field: 'Price', times: 'Quantity', type: 'money', round: true };
    expect((await rows(shop({}, { map: { amount } })))['line 2']).toEqual({ amount: 100 });
  });
  test('a field more than the header has is a fault unless it is empty', async () => {
    await put(`${header}1,1,1,12/1/2010 8:26,1.00,17850,,\n2,1,1,12/1/2010 8:26,1.00,17850,more\n`);
    expect(await rows()).toMatchObject({
      'line 2': { amount: 100 },
      'line 3': 'line 3 has 7 fields where the header has 6',
    });
  });
  test('`times` beside anything but a number is refused at start', () =>
    expect(() => shop({}, { map: { status: { field: 'Price', times: 'Quantity' } } })).toThrow(
      /`times` multiplies numbers/,
    ));
});

describe('rows that share a key', () => {
  const lacks = async (content: string, stream: object) => {
    await put(content);
    const source = shop({}, stream);
    const told: (string | null)[] = [];
    for await (const batch of source.read('lines', 'realtime', null, context))
      told.push(...(batch.lacks ?? []).map(({ sentence }) => sentence));
    return told;
  };
  const twice = `${header}1,A,6,12/1/2010 8:26,2.55,17850\n1,B,2,12/1/2010 8:26,2.55,17850\n`;
  test('with other figures are told of, because only the last counts', async () =>
    expect(await lacks(twice, { key: 'Invoice' })).toEqual([
      expect.stringMatching(/^at least 1 rows have the same Invoice as a later row .* `key: \$line`/),
    ]));
  test('are none where the key names each, where rows are alike, or where they describe a customer', async () => {
    expect(await lacks(twice, { key: ['Invoice', 'Code'] })).toEqual([null]);
    expect(
      await lacks(`${header}${'1,A,6,12/1/2010 8:26,2.55,17850\n'.repeat(2)}`, { key: 'Invoice' }),
    ).toEqual([null]);
    expect(await lacks(twice, { key: 'Invoice', entity: 'account', map: { name: 'Code' } })).toEqual([null]);
  });
});

describe('files of another kind are refused by what they are', () => {
  test.each([
    ['gzip', Buffer.from([0x1f, 0x8b, 8, 0]), /is compressed by gzip/],
    ['a workbook', Buffer.from('PK\u0003\u0004'), /Excel workbook/],
    ['UTF-16', Buffer.from('\uFEFFInvoice', 'utf16le'), /say `encoding: utf-16le`/],
  ])('%s', async (_, content, told) => {
    await put(content);
    await expect(rows()).rejects.toThrow(told);
  });
});
