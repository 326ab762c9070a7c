import { expect, test } from 'vitest';
import type { Journey } from '../../../kpi/attribution/journey.ts';
import { markov, removalEffects } from '../../../kpi/attribution/markov.ts';
import { oracleByChannel, oracleJourneys, oracleTotal } from './oracle.ts';

const way = (path: string, value = 1): Journey => ({
  touches: path === '' ? [] : path.split(' ').map((channel, i) => ({ channel, hoursBefore: 100 - i })),
  value,
});

test('gives every channel the credit of the independent library', () => {
  const credits = markov(oracleJourneys());
  for (const [channel, wanted] of oracleByChannel('markov'))
    expect(Math.abs(credits.get(channel)! - wanted) / wanted).toBeLessThan(1e-9);
});

test('conserves the value of all journeys', () => {
  const sum = [...markov(oracleJourneys()).values()].reduce((all, amount) => all + amount, 0);
  expect(sum).toBeCloseTo(oracleTotal, 6);
});

test('removal takes away what is won by way of the channel', () => {
  // By hand: a is reached by 2 of 3, from a half go to b and half are lost; b is started by 1 of 3 and always wins.
  // P(win) = 1/3 + 2/3 · 1/2 = 2/3. Without a: 1/3, so half is gone. Without b: 0, so all is gone.
  const effects = removalEffects([way('a b'), way('b')], { by: 'journey', lost: [way('a')] });
  expect(effects.get('a')).toBeCloseTo(1 / 2, 12);
  expect(effects.get('b')).toBeCloseTo(1, 12);
});

test('credit is in proportion to the removal effects', () => {
  const credits = markov([way('a b', 60), way('b', 30)], { by: 'journey', lost: [way('a')] });
  expect(credits.get('a')).toBeCloseTo(30, 10);
  expect(credits.get('b')).toBeCloseTo(60, 10);
});

test('agrees with removing each channel from the chain and solving it again', () => {
  const won = [way('a b a c'), way('c a'), way('b'), way('b c b a')];
  const lost = [way('a'), way('a b'), way('c b'), way('b a c a')];
  const effects = removalEffects(won, { by: 'journey', lost });
  const whole = chanceToWin(won, lost, null);
  for (const channel of ['a', 'b', 'c'])
    expect(effects.get(channel)).toBeCloseTo(1 - chanceToWin(won, lost, channel) / whole, 9);
});

test('contacts that repeat a channel in a row count once', () => {
  const once = markov([way('a b', 10), way('b c', 5)]);
  const twice = markov([way('a a a b b', 10), way('b c c', 5)]);
  expect([...twice]).toEqual([...once]);
});

test('journeys without touches earn no channel anything', () => {
  expect([...markov([way('', 50), way('a', 20)])]).toEqual([['a', 20]]);
});

test('no journeys give no channels', () => {
  expect(markov([]).size).toBe(0);
});

test('journeys worth nothing give no credit rather than no number', () => {
  expect([...markov([way('a b', 0)]).values()]).toEqual([0, 0]);
});

/** Power iteration of the chain; `removed` loses whoever reaches it. */
function chanceToWin(won: readonly Journey[], lost: readonly Journey[], removed: string | null): number {
  const steps = new Map<string, string[]>();
  const record = (journey: Journey, end: string) => {
    const states = ['start', ...journey.touches.map(({ channel }) => channel), end];
    states.slice(1).forEach((to, i) => {
      steps.set(states[i]!, [...(steps.get(states[i]!) ?? []), to]);
    });
  };
  for (const journey of won) record(journey, 'win');
  for (const journey of lost) record(journey, 'loss');
  let mass = new Map([['start', 1]]);
  let wins = 0;
  for (let i = 0; i < 2000; i++) {
    const next = new Map<string, number>();
    for (const [state, share] of mass) {
      const ways = steps.get(state)!;
      for (const to of ways) {
        if (to === 'win') wins += share / ways.length;
        else if (to !== 'loss' && to !== removed) next.set(to, (next.get(to) ?? 0) + share / ways.length);
      }
    }
    mass = next;
  }
  return wins;
}
