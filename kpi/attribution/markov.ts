import { invert } from './invert.ts';
import type { Journey } from './journey.ts';

/**
 * How much one journey counts when the chain's transitions are estimated:
 * - `value`: as much as it is worth, so that the channels of large deals weigh more; journeys that led to no deal are
 *   worth nothing and drop out, so only the won ones are needed
 * - `journey`: each the same, the lost ones beside the won ones (Anderl et al.'s own estimate)
 */
export type Weighing = { by: 'value' } | { by: 'journey'; lost: readonly Journey[] };

/**
 * Credit per channel by removal effect, summing to the value of all journeys with a touch.
 *
 * The journeys are a first-order Markov chain start → channel → … → won or lost. A channel's removal effect is the
 * share of the chance to win that disappears when whoever reaches the channel is lost; credit is in proportion to it.
 * Anderl, Becker, von Wangenheim, Schumann: "Mapping the customer journey", International Journal of Research in
 * Marketing 33 (2016).
 *
 * With N = (I − Q)⁻¹ the expected visits and h = N·r the chance to win from each channel, all removal effects come from
 * one inversion: whoever wins by way of c first gets there, with chance N[s,c] / N[c,c], and then wins from there.
 * Kemeny and Snell, "Finite Markov Chains" (1960), chapter 3.
 */
export function markov(
  journeys: readonly Journey[],
  weighing: Weighing = { by: 'value' },
): Map<string, number> {
  const touched = journeys.filter(({ touches }) => touches.length > 0);
  const total = touched.reduce((sum, { value }) => sum + value, 0);
  const effects = removalEffects(touched, weighing);
  const whole = [...effects.values()].reduce((sum, effect) => sum + effect, 0);
  return new Map(
    [...effects].map(([channel, effect]) => [channel, whole === 0 ? 0 : (total * effect) / whole]),
  );
}

/** Share of the chance to win that each channel's removal takes away, 0–1; they need not sum to 1. */
export function removalEffects(won: readonly Journey[], weighing: Weighing): Map<string, number> {
  const lost = weighing.by === 'journey' ? weighing.lost : [];
  const channels = [
    ...new Set([...won, ...lost].flatMap(({ touches }) => touches.map(({ channel }) => channel))),
  ];
  const place = new Map(channels.map((channel, i) => [channel, i + 1]));
  // Row 0 is the start; the last column is the win. What is missing to 1 is the loss.
  const size = channels.length + 1;
  const counts = Array.from({ length: size }, () => new Array<number>(size + 1).fill(0));
  const leaving = new Array<number>(size).fill(0);
  const add = (journey: Journey, weight: number, wins: boolean) => {
    let at = 0;
    for (const { channel } of journey.touches) {
      const next = place.get(channel)!;
      // Staying in a channel changes no chance to get anywhere.
      if (next === at) continue;
      counts[at]![next]! += weight;
      leaving[at]! += weight;
      at = next;
    }
    if (wins) counts[at]![size]! += weight;
    leaving[at]! += weight;
  };
  // A credit note weighs what the sale weighed that it takes back.
  for (const journey of won) add(journey, weighing.by === 'value' ? Math.abs(journey.value) : 1, true);
  for (const journey of lost) add(journey, 1, false);

  const chance = (from: number, to: number) =>
    leaving[from] === 0 ? 0 : counts[from]![to]! / leaving[from]!;
  const visits = invert(
    counts.map((_row, i) => counts.map((_column, j) => (i === j ? 1 : 0) - chance(i, j))),
  );
  const winsFrom = visits.map((row) => row.reduce((sum, times, i) => sum + times * chance(i, size), 0));
  const baseline = winsFrom[0]!;
  const effects = channels.map((channel, i): [string, number] => {
    const reached = visits[0]![i + 1]! / visits[i + 1]![i + 1]!;
    return [channel, baseline === 0 ? 0 : (reached * winsFrom[i + 1]!) / baseline];
  });
  return new Map(effects);
}
