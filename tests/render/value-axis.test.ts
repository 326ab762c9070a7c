import fc from 'fast-check';
import { expect, test } from 'vitest';
import { valueAxis } from '../../render/charts/value-axis.ts';

const common = { currency: 'USD', locale: 'en-US', fromZero: false } as const;
const labels = (values: (number | null)[], unit: Parameters<typeof valueAxis>[0]['unit'], fromZero = false) =>
  valueAxis({ ...common, values, unit, fromZero }).ticks.map((tick) => tick.label.replaceAll('\u00a0', ' '));

test.each([
  [
    'money in millions, its unit on the top tick only',
    [880_000, 1_250_000],
    'money',
    ['0.80', '1.00', '1.20', '$1.40 M'],
  ],
  ['whole counts have whole ticks', [1, 3], 'count', ['0', '1', '2', '3']],
  ['long minutes are counted in hours', [20, 400], 'minutes', ['0', '2', '4', '6', '8 h']],
  [
    'a line whose lowest value is above half of its highest does not start at zero',
    [60, 90],
    'percent',
    ['60', '70', '80', '90 %'],
  ],
  ['values below zero keep zero in sight', [-40, 60], 'percent', ['-50', '0', '50', '100 %']],
  ['nothing known still gives an axis', [null], 'count', ['0', '1']],
] as const)('%s', (_, values, unit, expected) => {
  expect(labels([...values], unit)).toEqual(expected);
});

test('bars start at zero', () => {
  expect(labels([60, 90], 'percent', true)[0]).toBe('0');
});

test('there are two to five round ticks around all values, whatever they are', () => {
  const value = fc.oneof(
    fc.double({ min: -1e12, max: 1e12, noNaN: true }),
    fc.integer({ min: -50, max: 900 }),
  );
  fc.assert(
    fc.property(
      fc.array(value, { minLength: 1, maxLength: 9 }),
      fc.constantFrom('count', 'percent', 'money', 'minutes', 'hours'),
      fc.boolean(),
      (values, unit, fromZero) => {
        const { domain, ticks } = valueAxis({ ...common, values, unit, fromZero });
        expect(ticks.length).toBeGreaterThanOrEqual(2);
        expect(ticks.length).toBeLessThanOrEqual(5);
        const room = (domain[1] - domain[0]) * 1e-6 + 1e-4;
        expect(Math.min(...values)).toBeGreaterThanOrEqual(domain[0] - room);
        expect(Math.max(...values)).toBeLessThanOrEqual(domain[1] + room);
        expect(new Set(ticks.map((tick) => tick.label)).size).toBe(ticks.length);
      },
    ),
    { numRuns: 500 },
  );
});
