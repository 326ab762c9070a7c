/**
 * People through the stages of a funnel: one cohort, those who entered the first stage in the period, followed for a
 * limited time. A stage counts when it was reached within the limit from the start and not before the stage ahead of it;
 * one that was skipped takes the date of the next one reached. So each step's people are some of the step before, and
 * the end-to-end rate is the product of the steps'.
 */
import type { Queryable } from '../../db/client.ts';
import type { Dimension, Filter } from '../question.ts';
import { filterConditions } from '../read/filter-conditions.ts';
import type { Span } from '../read/slice.ts';
import type { PersonStage } from './funnel-question.ts';

export type FunnelStep = {
  /** Who came this far. */
  count: number;
  /** Of them skipped this stage: its date is the next one's. */
  skipped: number;
  /** Median days since the stage before, of those who skipped neither; null for the first stage, and for nobody. */
  medianDays: number | null;
};

export type Funnel = {
  /** The dimension's value; empty for unknown, and for the whole. */
  part: string;
  /** One for each stage. */
  steps: readonly FunnelStep[];
  /** Entered less than the limit ago: what they will reach is not known yet. */
  immature: number;
  /** Fell out because a later stage is dated before an earlier one. */
  disordered: number;
};

export type FunnelInput = {
  stages: readonly PersonStage[];
  period: Span;
  withinDays: number;
  by: Dimension | null;
  filters: readonly Filter[];
  timeZone: string;
  now: Date;
};

/** A funnel for each part, in no order; exactly one where nothing is asked for by a dimension and anybody entered. */
export async function readFunnel(sql: Queryable, input: FunnelInput): Promise<Funnel[]> {
  const { stages, period, by } = input;
  const values: unknown[] = [
    input.timeZone,
    period.from,
    period.to,
    input.withinDays,
    input.now.toISOString(),
  ];
  const conditions = filterConditions(input.filters, 'f', values);
  const [first, ...later] = stages.map((stage) => stage.at);
  // From the end: a stage without a date of its own has that of the next one.
  const dated = stages.map(
    (_stage, i) =>
      `coalesce(${stages
        .slice(i)
        .map(({ at }) => `f.${at}`)
        .join(', ')})`,
  );
  const skips = stages.map(({ at }, i) =>
    i === 0 || i === stages.length - 1
      ? 'false'
      : `(f.${at} is null or f.${at} is not distinct from f.${stages[i + 1]!.at})`,
  );
  const reached = later.map((_at, i) => {
    const steps = later.slice(0, i + 1).map((_step, k) => `t${k + 1} >= t${k} and t${k + 1} < t0 + limit_`);
    return `coalesce(${steps.join(' and ')}, false)`;
  });
  const figures = stages.map((_stage, i) => {
    const here = i === 0 ? 'true' : `r${i}`;
    const median =
      i === 0
        ? 'null::float8'
        : `(percentile_cont(0.5) within group (order by extract(epoch from t${i} - t${i - 1}) / 86400) filter (where ${here} and not s${i} and not s${i - 1}))::float8`;
    return `count(*) filter (where ${here})::int as count${i}, count(*) filter (where ${here} and s${i})::int as skipped${i}, ${median} as median${i}`;
  });
  const disordered = later.map((_at, i) => `t${i + 1} < t${i}`).join(' or ');
  const rows = await sql.unsafe<Record<string, string | number | null>[]>(
    `with entered as (
       select ${by ? `coalesce(f.${by}, '')` : `''`} as part, make_interval(days => $4::int) as limit_,
         ${dated.map((date, i) => `${date} as t${i}, ${skips[i]} as s${i}`).join(', ')}
       from person f
       where f.tenant = 1 and f.system <> 'salesforce' and (f.${first} at time zone $1)::date >= $2::date
         and (f.${first} at time zone $1)::date < $3::date ${conditions}),
     followed as (select *, ${reached.map((condition, i) => `${condition} as r${i + 1}`).join(', ')} from entered)
     select part, ${figures.join(', ')}, count(*) filter (where t0 + limit_ > $5::timestamptz)::int as immature,
       count(*) filter (where coalesce(${disordered}, false))::int as disordered
     from followed group by part`,
    values as never[],
  );
  return rows.map((row) => ({
    part: String(row.part),
    steps: stages.map((_stage, i) => ({
      count: Number(row[`count${i}`]),
      skipped: Number(row[`skipped${i}`]),
      medianDays: row[`median${i}`] === null ? null : Number(row[`median${i}`]),
    })),
    immature: Number(row.immature),
    disordered: Number(row.disordered),
  }));
}
