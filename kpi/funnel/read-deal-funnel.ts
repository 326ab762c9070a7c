/**
 * Deals through their stages to the win, from the history of each: one cohort, those that entered their first stage in
 * the period, followed for a limited time. Stages are in the order of their probability; a stage counts as reached when it or
 * a later one was entered, so a skipped stage takes the date of the next. A deal that goes back has still been there.
 */
import type { Queryable } from '../../db/client.ts';
import type { Dimension, Filter } from '../question.ts';
import { filterConditions } from '../read/filter-conditions.ts';
import type { Span } from '../read/slice.ts';
import type { Stage } from './funnel-question.ts';
import type { Funnel } from './read-funnel.ts';

export type DealFunnelInput = {
  period: Span;
  withinDays: number;
  by: Dimension | null;
  filters: readonly Filter[];
  timeZone: string;
  now: Date;
};

export type DealFunnels = {
  stages: readonly Stage[];
  funnels: readonly Funnel[];
  /** Of the cohort, now. */
  lost: number;
  open: number;
};

type Level = { probability: number; names: string[] };

/** Names of one step that are said; stages of several processes may share a probability. */
const mostNames = 2;

export async function readDealFunnels(sql: Queryable, input: DealFunnelInput): Promise<DealFunnels> {
  const { period, by } = input;
  const values: unknown[] = [input.timeZone, period.from, period.to];
  const conditions = filterConditions(input.filters, 'd', values);
  const cohort = `
    cohort as materialized (
      select s.system, s.deal_id, ${by ? `coalesce(d.${by}, '')` : `''`} as part, d.is_closed, d.is_won, min(s.entered_at) as began
      from deal_stage s join deal d on d.tenant = 1 and d.system = s.system and d.id = s.deal_id
      where s.tenant = 1 and s.probability > 0 and s.entered_at is not null ${conditions}
      group by s.system, s.deal_id, part, d.is_closed, d.is_won
      having (min(s.entered_at) at time zone $1)::date >= $2::date and (min(s.entered_at) at time zone $1)::date < $3::date),
    entry as (
      select c.*, s.stage, s.entered_at, s.probability from cohort c
      join deal_stage s on s.tenant = 1 and s.system = c.system and s.deal_id = c.deal_id and s.probability > 0 and s.entered_at is not null),
    level as (select stage, mode() within group (order by probability) as level, count(*) as n from entry group by stage)`;
  const levels = await sql.unsafe<Level[]>(
    `with ${cohort} select level as probability, array_agg(stage order by n desc, stage) as names from level group by 1 order by 1`,
    values as never[],
  );
  const stages = levels.map(({ names }) => nameOf(names));
  if (levels.length === 0) return { stages, funnels: [], lost: 0, open: 0 };
  values.push(
    input.withinDays,
    input.now.toISOString(),
    levels.map(({ probability }) => probability),
  );
  const [limit, now, steps] = [-2, -1, 0].map((back) => `$${values.length + back}`);
  const each = levels.map((_level, i) => i);
  const figures = each.map((i) => {
    const between = `extract(epoch from t${i} - t${i - 1}) / 86400`;
    const median =
      i === 0
        ? 'null::float8'
        : `(percentile_cont(0.5) within group (order by ${between}) filter (where r${i} and not s${i} and not s${i - 1}))::float8`;
    return `count(*) filter (where r${i})::int as count${i}, count(*) filter (where r${i} and s${i})::int as skipped${i}, ${median} as median${i}`;
  });
  const rows = await sql.unsafe<Record<string, string | number | null>[]>(
    `with ${cohort},
     way as (
       select e.system, e.deal_id, e.part, e.began, e.is_closed, e.is_won,
         ${each.map((i) => `min(e.entered_at) filter (where l.level >= (${steps}::int[])[${i + 1}]) as t${i}, min(e.entered_at) filter (where l.level = (${steps}::int[])[${i + 1}]) as own${i}`).join(', ')}
       from entry e join level l using (stage) group by 1, 2, 3, 4, 5, 6),
     followed as (
       select *, ${each.map((i) => `coalesce(t${i} < began + make_interval(days => ${limit}::int), false) as r${i}, own${i} is null or own${i} > t${i} as s${i}`).join(', ')}
       from way)
     select part, ${figures.join(', ')}, count(*) filter (where began + make_interval(days => ${limit}::int) > ${now}::timestamptz)::int as immature,
       count(*) filter (where is_closed and not is_won)::int as lost, count(*) filter (where not is_closed)::int as open
     from followed group by part`,
    values as never[],
  );
  const sum = (name: string) => rows.reduce((all, row) => all + Number(row[name]), 0);
  return {
    stages,
    funnels: rows.map((row) => ({
      part: String(row.part),
      steps: each.map((i) => ({
        count: Number(row[`count${i}`]),
        // The first and the last are where the way begins and ends.
        skipped: i === 0 || i === levels.length - 1 ? 0 : Number(row[`skipped${i}`]),
        medianDays: row[`median${i}`] === null ? null : Number(row[`median${i}`]),
      })),
      immature: Number(row.immature),
      disordered: 0,
    })),
    lost: sum('lost'),
    open: sum('open'),
  };
}

function nameOf(names: readonly string[]): Stage {
  const shown = names.slice(0, mostNames).join(' / ');
  const name = names.length > mostNames ? `${shown} / …` : shown;
  return { one: name, many: name };
}
