import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { calendarOf } from '../cli/calendar-of.ts';
import { readConfig } from '../config.ts';
import { fiscalYearStart } from '../kpi/calendar.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'herald-company-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const read = (text: string) => {
  writeFileSync(path.join(folder, 'herald.yaml'), text);
  return readConfig({}, folder);
};

describe('the company’s calendar', () => {
  test('may be kept by weeks', () => {
    const config = read(
      'company: { fiscalCalendar: { pattern: 4-5-4, yearEnds: { weekday: saturday, month: january, rule: nearest } }, fiscalYearNamedBy: start }',
    );
    expect(fiscalYearStart(2023, calendarOf(config))).toBe('2023-01-29');
  });
  test('is refused with its place when it has no such pattern', () =>
    expect(() =>
      read(
        'company: { fiscalCalendar: { pattern: 4-4-4, yearEnds: { weekday: saturday, month: january, rule: last } } }',
      ),
    ).toThrow(/company\.fiscalCalendar\.pattern/));
});

describe('targets', () => {
  test('are amounts by period, and by a value of a dimension', () => {
    const { targets } = read(
      'targets: { bookings: { quarter: 5000000, 2026-Q4: 6000000, 2026: 20000000, by: { owner: { Maria: { quarter: 9 } } } } }',
    );
    expect(targets.bookings).toEqual({
      amounts: { quarter: 5_000_000, '2026-Q4': 6_000_000, '2026': 20_000_000 },
      by: { owner: { Maria: { quarter: 9 } } },
    });
  });
  test.each([
    ['a period that is none', 'targets: { bookings: { quarterly: 5 } }'],
    ['an amount that is none', 'targets: { bookings: { quarter: much } }'],
    ['a dimension that is none', 'targets: { bookings: { by: { colour: { red: { quarter: 5 } } } } }'],
  ])('are refused with their place: %s', (_, text) => expect(() => read(text)).toThrow(/targets\.bookings/));
});
