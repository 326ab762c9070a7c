import { describe, expect, test } from 'vitest';
import { type Attribution, attribute, attributionModels } from '../../../kpi/attribution/attribute.ts';
import type { Journey } from '../../../kpi/attribution/journey.ts';
import { oracleByChannel, oracleJourneys, oracleTotal } from './oracle.ts';

const inCents = (): Journey[] =>
  oracleJourneys().map((journey) => ({ ...journey, value: Math.round(journey.value * 100) }));

const sumOf = ({ byChannel, unattributed }: Attribution) =>
  [...byChannel.values()].reduce((sum, amount) => sum + amount, unattributed);

describe.each(attributionModels)('revenue by the %s model', (model) => {
  test('sums to the won value to the cent', () => {
    const result = attribute(inCents(), model);
    expect(sumOf(result)).toBe(Math.round(oracleTotal * 100));
    expect(result.total).toBe(Math.round(oracleTotal * 100));
  });

  test('is the library’s but for the rounding to cents', () => {
    const { byChannel } = attribute(inCents(), model);
    for (const [channel, wanted] of oracleByChannel(model))
      expect(Math.abs(byChannel.get(channel)! / 100 - wanted)).toBeLessThan(0.5);
  });

  test('keeps what no touch led to as unattributed', () => {
    const result = attribute([...inCents(), { touches: [], value: 12_345 }], model);
    expect(result.unattributed).toBe(12_345);
    expect(sumOf(result)).toBe(Math.round(oracleTotal * 100) + 12_345);
  });

  test('takes a credit note back', () => {
    const sale: Journey = {
      touches: [
        { channel: 'a', hoursBefore: 9 },
        { channel: 'b', hoursBefore: 2 },
      ],
      value: 1001,
    };
    const result = attribute([sale, { ...sale, value: -1001 }], model);
    expect([...result.byChannel.values()]).toEqual([0, 0]);
  });

  test('of nothing is nothing', () => {
    expect(attribute([], model)).toEqual({ model, byChannel: new Map(), unattributed: 0, total: 0 });
  });
});

test('an amount in fractions of a cent is refused', () => {
  expect(() => attribute([{ touches: [], value: 0.1 }], 'linear')).toThrow('could not be divided');
});
