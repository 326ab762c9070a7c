import type { Queryable } from '../../db/client.ts';
import type { Dimension, Filter, Period } from '../question.ts';
import { filterConditions } from '../read/filter-conditions.ts';
import type { Journey } from './journey.ts';

export type JourneyInput = {
  period: Pick<Period, 'from' | 'to'>;
  /** IANA name of the company's time zone. */
  timeZone: string;
  /** Of the deal. */
  filters?: readonly DealFilter[];
  /** Of the deal: what `part` is to be. */
  by?: DealDimension | null;
  /** Responses so many days before the close date, or on it, count. */
  lookBackDays?: number;
};

/** What deals carry themselves; a deal's source is what credit is divided among, and so is not one of them. */
export const dealDimensions = ['region', 'segment', 'owner', 'product'] as const;
export type DealDimension = Extract<Dimension, (typeof dealDimensions)[number]>;
export type DealFilter = Filter & { dimension: DealDimension };

export type WonJourney = Journey & {
  /** The deal's close date. */
  day: string;
  /** The deal's value of the dimension asked for; '' where it has none, and without one. */
  part: string;
  /** Deals that it stands for: those without any touch go together, by day and part. */
  deals: number;
};

export type WonJourneys = {
  /** Valued in minor units; channels are the touches' sources, '' where a touch has none. */
  journeys: readonly WonJourney[];
  /** Deals won in the period that have no amount: counted, but with nothing to attribute. */
  withoutAmount: number;
};

/** The longest that ad platforms look back, and near a quarter's sales cycle. */
export const usualLookBackDays = 90;

type Row = {
  day: string;
  part: string;
  amount: number | null;
  deals: number;
  channels: string[];
  hours: number[];
};

/**
 * The ways to the deals won in a period: what each deal's company responded to in the days before the close date, and
 * on it. A close date has no time, so the outcome is the end of that day in the company's time zone; a touch before
 * midnight there still led to it. A company's touches count for each of the deals that it closes within the look-back.
 */
export async function readJourneys(
  sql: Queryable,
  { period, timeZone, filters = [], by = null, lookBackDays = usualLookBackDays }: JourneyInput,
): Promise<WonJourneys> {
  const values: unknown[] = [timeZone, period.from, period.to, lookBackDays];
  const conditions = filterConditions(filters, 'd', values);
  const rows = await sql.unsafe<Row[]>(
    `with won as materialized (
       select d.system, d.id, d.company, d.amount, d.closed_on as day, ${by ? `coalesce(d.${by}, '')` : `''`} as part,
         (d.closed_on - $4::int)::timestamp at time zone $1 as opens_at,
         (d.closed_on + 1)::timestamp at time zone $1 as closes_at
       from deal d
       where d.tenant = 1 and d.is_won and d.closed_on >= $2::date and d.closed_on < $3::date ${conditions}),
     way as materialized (
       select w.system, w.id, w.day, w.part, w.amount, array_agg(coalesce(t.source, '') order by t.touched_at, t.system, t.id) as channels,
         array_agg((extract(epoch from w.closes_at - t.touched_at) / 3600)::double precision order by t.touched_at, t.system, t.id) as hours
       from won w join touch t on t.tenant = 1 and t.company = w.company and t.responded
         and t.touched_at >= w.opens_at and t.touched_at < w.closes_at
       group by w.system, w.id, w.day, w.part, w.amount),
     apart as (
       select w.day, w.part, w.amount from won w
       where not exists (select from way y where y.system = w.system and y.id = w.id))
     (select day, part, amount, 1 as deals, channels, hours from way order by system, id)
     union all
     select day, part, sum(amount)::bigint, count(*)::int, '{}', '{}' from apart group by day, part, amount is null`,
    values as never[],
  );
  const journeys = rows.flatMap(({ day, part, amount, deals, channels, hours }): WonJourney[] => {
    if (amount === null) return [];
    const touches = channels.map((channel, i) => ({ channel, hoursBefore: hours[i]! }));
    return [{ day, part, value: amount, deals, touches }];
  });
  const withoutAmount = rows.reduce((total, { amount, deals }) => total + (amount === null ? deals : 0), 0);
  return { journeys, withoutAmount };
}
