import { HeraldError } from '../../platform/errors.ts';
import { credit, type TouchModel, touchModels } from './credit.ts';
import type { Journey } from './journey.ts';
import { markov } from './markov.ts';
import { splitCents } from './split-cents.ts';

export const attributionModels = [...touchModels, 'markov'] as const;
export type AttributionModel = TouchModel | 'markov';

/** All amounts are integer minor units; those of the channels and `unattributed` sum to exactly `total`. */
export type Attribution = {
  model: AttributionModel;
  byChannel: ReadonlyMap<string, number>;
  /** Value of journeys without a touch: shown beside the channels, never dropped. */
  unattributed: number;
  total: number;
};

/**
 * The value of all journeys by channel, exact to the cent. With a model that looks at one journey at a time each
 * journey's cents are divided by themselves, so that any group of journeys adds up too.
 *
 * @param journeys values are integer minor units
 */
export function attribute(journeys: readonly Journey[], model: AttributionModel): Attribution {
  const fraction = journeys.find(({ value }) => !Number.isSafeInteger(value));
  if (fraction)
    throw new HeraldError('bug', 'An amount could not be divided; the figure is withheld.', {
      note: `attribute: ${fraction.value} is not whole minor units`,
    });
  const sum = (some: readonly Journey[]) => some.reduce((all, { value }) => all + value, 0);
  const touched = journeys.filter(({ touches }) => touches.length > 0);
  const byChannel = model === 'markov' ? byRemoval(touched, sum(touched)) : byTouch(touched, model);
  const total = sum(journeys);
  return { model, byChannel, unattributed: total - sum(touched), total };
}

function byTouch(journeys: readonly Journey[], model: TouchModel): Map<string, number> {
  const byChannel = new Map<string, number>();
  for (const journey of journeys) {
    const cents = splitCents(journey.value, credit({ ...journey, value: 1 }, model));
    journey.touches.forEach(({ channel }, i) => {
      byChannel.set(channel, (byChannel.get(channel) ?? 0) + cents[i]!);
    });
  }
  return byChannel;
}

function byRemoval(journeys: readonly Journey[], total: number): Map<string, number> {
  const credits = [...markov(journeys)];
  // Sales and credit notes may cancel out: then there is nothing to divide.
  const cents = splitCents(
    total,
    credits.map(([, amount]) => Math.abs(amount)),
  );
  return new Map(credits.map(([channel], i) => [channel, cents[i]!]));
}
