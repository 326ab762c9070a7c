import type { Queryable } from '../../db/client.ts';
import { type Attribution, type AttributionModel, attribute, attributionModels } from './attribute.ts';
import { type JourneyInput, readJourneys } from './read-journeys.ts';

export type AttributionReading = {
  /**
   * Per model, in the order asked for. Amounts are minor units; those of the sources ('' where a touch has none) and
   * `unattributed` sum to exactly `total`, the won value of the period.
   */
  attributions: readonly Attribution[];
  /** Deals won in the period that have an amount. */
  deals: number;
  /** Of these, deals whose company responded to nothing within the look-back. */
  untouched: number;
  /** Deals won in the period that have none, and so are in no figure. */
  withoutAmount: number;
};

/** Won value of a period by marketing source, bucketed by close date; the journeys are read once for all models. */
export async function readAttribution(
  sql: Queryable,
  { models = attributionModels, ...input }: JourneyInput & { models?: readonly AttributionModel[] },
): Promise<AttributionReading> {
  const { journeys, withoutAmount } = await readJourneys(sql, input);
  return {
    attributions: models.map((model) => attribute(journeys, model)),
    deals: journeys.length,
    untouched: journeys.filter(({ touches }) => touches.length === 0).length,
    withoutAmount,
  };
}
