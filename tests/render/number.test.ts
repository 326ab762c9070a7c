import { expect, test } from 'vitest';
import type { Unit } from '../../kpi/answer.ts';
import { describeChange, formatAge, formatValue } from '../../kpi/number.ts';

const shown = (text: string) => text.replaceAll('\u00a0', ' ');

const cases: [number | null, Unit, string, string?][] = [
  [2.1, 'percent', '2.1 %'],
  [0, 'percent', '0.0 %'],
  [0.043, 'percent', '0.043 %'],
  [102.43, 'percent', '102 %'],
  [1_243_800, 'money', '€1.24 M', 'EUR'],
  [950, 'money', '$950', 'USD'],
  [12.5, 'money', '$12.50', 'USD'],
  [-48_200, 'money', '-$48.2 K', 'USD'],
  [3200, 'money_per_day', '$3.2 K / day', 'USD'],
  [1476, 'count', '1,476'],
  [2_345_678, 'count', '2.35 M'],
  [42, 'minutes', '42 min'],
  [190, 'minutes', '3.2 h'],
  [100, 'hours', '4.2 days'],
  [1, 'days', '1 day'],
  [14.25, 'months', '14.3 months'],
  [3.4, 'ratio', '3.4'],
  [47.26, 'score', '47.3'],
  [null, 'money', 'n/a', 'USD'],
  [Number.NaN, 'count', 'n/a'],
];

test.each(cases)('%s %s is shown as "%s"', (value, unit, expected, currency) => {
  expect(shown(formatValue(value, unit, { currency: currency ?? null }))).toBe(expected);
});

test('a German reader gets commas and the unit where German puts it', () => {
  expect(shown(formatValue(1_243_800, 'money', { currency: 'EUR', locale: 'de-DE' }))).toBe('1,24 Mio. €');
});

test('tables show every digit', () => {
  expect(shown(formatValue(1_243_800.5, 'money', { currency: 'USD', style: 'exact' }))).toBe('$1,243,800.50');
});

test('a fall of a KPI that is good when down is good', () => {
  const { arrow, amount, words, tone } = describeChange({ change: -0.4, changeUnit: 'pp', good: true });
  expect([arrow, shown(amount), shown(words), tone]).toEqual(['▼', '0.4 pp', 'down 0.4 pp', 'good']);
});

test('a change that rounds to nothing is unchanged and neither good nor bad', () => {
  expect(describeChange({ change: 0.01, changeUnit: '%', good: true })).toMatchObject({
    arrow: '',
    words: 'unchanged',
    tone: 'neutral',
  });
});

test('a missing change has no arrow', () => {
  expect(describeChange({ change: null, changeUnit: '%', good: null })).toMatchObject({
    arrow: '',
    amount: 'n/a',
    tone: 'neutral',
  });
});

test.each([
  [40, '40 s'],
  [120, '2 min'],
  [10_800, '3 h'],
  [200_000, '2 days'],
  [-5, '0 s'],
  [null, 'never synced'],
])('an age of %s seconds is "%s"', (seconds, expected) => {
  expect(shown(formatAge(seconds))).toBe(expected);
});
