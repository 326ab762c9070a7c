import { describe, expect, test } from 'vitest';
import { parseDay, parseInstant } from '../../../../sync/sources/custom/dates.ts';
import { parseExact, parseInteger, parseMinorUnits } from '../../../../sync/sources/custom/numbers.ts';

const cents = (text: string, sign: '.' | ',' | 'auto' = 'auto') =>
  parseMinorUnits(text, { sign, digits: 2, round: false });

describe('amounts', () => {
  test.each([
    ['1234.56', 123_456],
    ['1,234.56', 123_456],
    ['1.234,56', 123_456],
    ['1 234,56', 123_456],
    ["1'234.50", 123_450],
    ['1.234.567', 123_456_700],
    ['€ 12,5', 1_250],
    ['12.50 EUR', 1_250],
    ['(12.50)', -1_250],
    ['(€1,234.00)', -123_400],
    ['12,50-', -1_250],
    ['1.234,56 €', 123_456],
    ['CHF 1’234.50', 123_450],
    ['-0.07', -7],
    ['.5', 50],
    ['90071992547409.91', 9_007_199_254_740_991],
  ])('%s is %i cents', (text, expected) => {
    expect(cents(text)).toBe(expected);
  });

  test('an amount that can be read two ways is asked about', () => {
    expect(() => cents('1,234')).toThrow(/two ways.*decimal/);
  });

  test('a declared decimal sign settles how an amount is read', () => {
    expect([cents('1,234', '.'), cents('1.234', ',')]).toEqual([123_400, 123_400]);
  });

  test('an amount finer than a cent is refused', () => {
    expect(() => cents('12.345678')).toThrow(/finer than/);
  });

  test('an amount finer than a cent is rounded half away from zero where that is asked for', () => {
    const rounded = (text: string) => parseMinorUnits(text, { sign: '.', digits: 2, round: true });
    expect([rounded('12.345'), rounded('-12.345'), rounded('12.3449')]).toEqual([1_235, -1_235, 1_234]);
  });

  test('an amount in yen has no decimals', () => {
    expect(parseMinorUnits('1,200', { sign: '.', digits: 0, round: false })).toBe(1_200);
  });

  test('an amount too large to be exact is refused', () => {
    expect(() => cents('90071992547409.92')).toThrow(/too large/);
  });

  test('amounts in thousands are multiplied exactly', () => {
    expect(parseMinorUnits('12,5', { sign: ',', digits: 2, scale: 1_000 })).toBe(1_250_000);
  });

  test.each([
    ['12 %', {}, 12],
    ['100%', {}, 100],
    ['0.25', { scale: 100 }, 25],
    ['33.3 %', { round: true }, 33],
    ['-0.5', { round: true }, -1],
  ])('%s with %j is %i', (text, rule, expected) => {
    expect(parseInteger(text, { sign: '.', ...rule })).toBe(expected);
  });

  test('an exchange rate keeps all of its digits', () => {
    expect(parseExact('1,083412345678', { sign: ',' })).toBe('1.083412345678');
  });

  test.each(['abc', '12.3.4,5', '1,23,456.00', '12€5', ''])('"%s" is no amount', (text) => {
    expect(() => cents(text)).toThrow(/expected a number/);
  });

  test('a grouped whole number has one reading', () => {
    expect([parseInteger('1,234', { sign: 'auto' }), parseInteger('-1.234', { sign: 'auto' })]).toEqual([
      1_234, -1_234,
    ]);
  });
});

describe('dates', () => {
  const shape = (dateFormat: string | null, timeZone = 'UTC') => ({
    dateFormats: dateFormat === null ? [] : [dateFormat],
    timeZone,
  });

  test.each([
    ['31/12/2025', 'DD/MM/YYYY'],
    ['12/31/2025', 'MM/DD/YYYY'],
    ['31.12.2025', 'DD.MM.YYYY'],
    ['20251231', 'YYYYMMDD'],
    ['31.12.25', 'DD.MM.YY'],
    ['31-Dec-2025', 'DD-MMM-YYYY'],
    ['December 31, 2025', 'MMM DD, YYYY'],
    ['46022', 'excel'],
    ['46022.75', 'excel'],
    ['1767139200', 'unix'],
    ['1767139200000', 'unix_ms'],
    ['31.12.2025 23:59', 'DD.MM.YYYY'],
    ['31.12.2025', 'DD.MM.YYYY HH:mm'],
    ['2025-12-31', 'DD/MM/YYYY'],
  ])('%s in the form %s is the last day of 2025', (text, format) => {
    expect(parseDay(text, shape(format))).toBe('2025-12-31');
  });

  test('a day and month without leading zeros are read', () => {
    expect(parseDay('3/1/2025', shape('DD/MM/YYYY'))).toBe('2025-01-03');
  });

  test('a day that does not exist is refused', () => {
    expect(() => parseDay('31/02/2025', shape('DD/MM/YYYY'))).toThrow(/no day of the calendar/);
  });

  test('a date in another form is refused with the form that was expected', () => {
    expect(() => parseDay('2025/12/31', shape('DD/MM/YYYY'))).toThrow(
      /like DD\/MM\/YYYY, got "2025\/12\/31"/,
    );
  });

  test('a stamp without a zone is in the time zone of its source', () => {
    expect(parseInstant('2026-07-01 09:30', shape(null, 'Europe/Berlin'))).toBe('2026-07-01T07:30:00.000Z');
  });

  test.each([
    ['31.12.2025 09:30', 'DD.MM.YYYY HH:mm', '2025-12-31T08:30:00.000Z'],
    ['12/31/2025 9:30 PM', 'MM/DD/YYYY', '2025-12-31T20:30:00.000Z'],
    ['12/31/2025 12:05:07 am', 'MM/DD/YYYY HH:mm:ss', '2025-12-30T23:05:07.000Z'],
    ['31.12.2025 09:30 +05:30', 'DD.MM.YYYY', '2025-12-31T04:00:00.000Z'],
    ['46022.5', 'excel', '2025-12-31T11:00:00.000Z'],
    ['1767139200.25', 'unix', '2025-12-31T00:00:00.250Z'],
  ])('%s in the form %s is %s', (text, format, expected) => {
    expect(parseInstant(text, shape(format, 'Europe/Berlin'))).toBe(expected);
  });

  test('several forms are tried in their order', () => {
    const both = { dateFormats: ['MM/DD/YYYY', 'DD.MM.YYYY', 'excel'], timeZone: 'UTC' };
    expect(['2/3/2026', '2.3.2026', '46083'].map((text) => parseDay(text, both))).toEqual([
      '2026-02-03',
      '2026-03-02',
      '2026-03-02',
    ]);
  });

  test('a bare number is no date until the settings say what it counts', () => {
    expect(() => parseDay('46022', shape(null))).toThrow(/`dateFormat` says excel, unix or unix_ms/);
  });

  test('a stamp in milliseconds taken for seconds is refused, not kept as the year 58000', () => {
    expect(() => parseDay('1767139200000', shape('unix'))).toThrow(/no day of the calendar between/);
  });

  test('a stamp as Postgres writes it is an instant', () => {
    expect(parseInstant('2026-07-01 09:30:00.123456+00', shape(null))).toBe('2026-07-01T09:30:00.123Z');
  });

  test('the day of a stamp is the day it was in the time zone of its source', () => {
    expect(parseDay('2025-12-31T23:30:00Z', shape(null, 'Europe/Berlin'))).toBe('2026-01-01');
  });
});
