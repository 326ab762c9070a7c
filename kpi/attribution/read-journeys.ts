import type { Queryable } from '../../db/client.ts';
import { HeraldError } from '../../platform/errors.ts';
import type { Filter, Period } from '../question.ts';
import type { Journey } from './journey.ts';

export type JourneyInput = {
  period: Pick<Period, 'from' | 'to'>;
  /** IANA name of the company's time zone. */
  timeZone: string;
  /** Of the deal: region, segment, owner, product. */
  filters?: readonly Filter[];
  /** Responses so many days before the close date, or on it, count. */
  lookBackDays?: number;
};

export type WonJourneys = {
  /** One per deal, valued in minor units; channels are the touches' sources, '' where a touch has none. */
  journeys: readonly Journey[];
  /** Deals won in the period that have no amount: counted, but with nothing to attribute. */
  withoutAmount: number;
};

/** The longest that ad platforms look back, and near a quarter's sales cycle. */
const usualLookBackDays = 90;

const filterable: readonly string[] = ['region', 'segment', 'owner', 'product'];

/**
 * The ways to the deals won in a period: what each deal's company responded to in the days before the close date, and
 * on it. A close date has no time, so the outcome is the end of that day in the company's time zone; a touch before
 * midnight there still led to it. A company's touches count for each of the deals that it closes within the look-back.
 */
export async function readJourneys(
  sql: Queryable,
  { period, timeZone, filters = [], lookBackDays = usualLookBackDays }: JourneyInput,
): Promise<WonJourneys> {
  const values: unknown[] = [timeZone, period.from, period.to, lookBackDays];
  const conditions = filters.map(({ dimension, values: wanted }) => {
    if (!filterable.includes(dimension))
      throw new HeraldError(
        'ask',
        `Attributed revenue can be filtered by ${filterable.join(', ')}, not by ${dimension}.`,
      );
    values.push(wanted);
    return `and d.${dimension} = any($${values.length}::text[])`;
  });
  const rows = await sql.unsafe<{ amount: number | null; channels: string[]; hours: number[] }[]>(
    `with won as materialized (
       select d.system, d.id, d.company, d.amount,
         (d.closed_on - $4::int)::timestamp at time zone $1 as opens_at,
         (d.closed_on + 1)::timestamp at time zone $1 as closes_at
       from deal d
       where d.tenant = 1 and d.is_won and d.closed_on >= $2::date and d.closed_on < $3::date ${conditions.join(' ')})
     select w.amount,
       coalesce(array_agg(coalesce(t.source, '') order by t.touched_at, t.system, t.id) filter (where t.id is not null), '{}') as channels,
       coalesce(array_agg((extract(epoch from w.closes_at - t.touched_at) / 3600)::double precision
         order by t.touched_at, t.system, t.id) filter (where t.id is not null), '{}') as hours
     from won w left join touch t on t.tenant = 1 and t.company = w.company and t.responded
       and t.touched_at >= w.opens_at and t.touched_at < w.closes_at
     group by w.system, w.id, w.amount order by w.system, w.id`,
    values as never[],
  );
  const journeys = rows.flatMap(({ amount, channels, hours }): Journey[] =>
    amount === null
      ? []
      : [{ value: amount, touches: channels.map((channel, i) => ({ channel, hoursBefore: hours[i]! })) }],
  );
  return { journeys, withoutAmount: rows.length - journeys.length };
}
