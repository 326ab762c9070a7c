/**
 * Figures of deals' ways through their stages, read from the history of each deal: no single row of it says what came
 * next, so they are read when asked. An open stage is one with a probability between 0 and 100; a later stage is one
 * with a higher probability. A deal that comes back to a stage has entered it once.
 */
import type { Queryable } from '../../db/client.ts';
import { HeraldError } from '../../platform/errors.ts';
import type { StageFigure } from '../definition.ts';
import { filterConditions } from '../read/filter-conditions.ts';
import type { Figure, Figures, Slice, Span } from '../read/slice.ts';

export type StageInput = {
  of: StageFigure;
  periods: readonly Span[];
  slice: Slice;
  timeZone: string;
};

type Row = { i: number; part: string; value: number | null; n: number; part_of_n: number };

/** The history of the deals that there are, with their own dimensions. */
const history = (part: string, conditions: string) => `
  step as (
    select s.system, s.deal_id, s.stage, s.probability, s.close_on, s.entered_at, d.closed_on, ${part} as part, s.id
    from deal_stage s join deal d on d.tenant = 1 and d.system = s.system and d.id = s.deal_id
    where s.tenant = 1 and s.entered_at is not null ${conditions})`;

/** Of deals that moved in the periods: the others entered and left nothing in them. A day more for time zones. */
const moving = `and (s.system, s.deal_id) in (
      select x.system, x.deal_id from deal_stage x
      where x.tenant = 1 and x.entered_at >= (select min(lo) from p) - 1 and x.entered_at < (select max(hi) from p) + 1)`;

/** Rows that only change an amount or a date are no entry. Ids of one instant are told apart by text. */
const entries = `
  moved as (
    select *, lag(stage) over (partition by system, deal_id order by entered_at, id) as before from step),
  entry as (
    select *, probability > 0 and probability < 100 as is_open,
      (entered_at at time zone $2)::date as entered_on,
      lead(entered_at) over deal as left_at,
      max(probability) over (partition by system, deal_id order by entered_at, id rows between 1 following and unbounded following) as furthest,
      row_number() over (partition by system, deal_id, stage order by entered_at, id) as nth
    from moved where before is distinct from stage
    window deal as (partition by system, deal_id order by entered_at, id))`;

/** What is counted, as `counted`: a row of the history each, the day it counts on, whether it is in the part, its days. */
const counted: Record<StageFigure, string> = {
  stage_conversion: `${entries},
    counted as (
      select p.i, e.*, e.entered_on as day, coalesce(e.furthest > e.probability, false) as is_part, null::double precision as days
      from p join entry e on e.is_open and e.nth = 1 and e.entered_on >= p.lo and e.entered_on < p.hi)`,
  time_in_stage: `${entries},
    counted as (
      select p.i, e.*, (e.left_at at time zone $2)::date as day, true as is_part,
        extract(epoch from e.left_at - e.entered_at)::double precision / 86400 as days
      from p join entry e on e.is_open and (e.left_at at time zone $2)::date >= p.lo and (e.left_at at time zone $2)::date < p.hi)`,
  slip_rate: `
    held as (select *, lead(entered_at) over (partition by system, deal_id order by entered_at, id) as until from step),
    counted as (
      select p.i, h.*, h.close_on as day, coalesce(h.closed_on >= p.hi, false) as is_part, null::double precision as days
      from p join held h on h.entered_at < p.lo::timestamp at time zone $2 and (h.until is null or h.until >= p.lo::timestamp at time zone $2)
        and h.probability > 0 and h.probability < 100 and h.close_on >= p.lo and h.close_on < p.hi)`,
};

/** Statement parts up to `counted`: $1 numbers of the periods, $2 the time zone, $3 and $4 their first days and the days after them. */
export const countedStages = (of: StageFigure, { part, conditions }: { part: string; conditions: string }) =>
  `with p as (select * from unnest($1::int[], $3::date[], $4::date[]) as p(i, lo, hi)),
   ${history(part, `${conditions} ${of === 'slip_rate' ? '' : moving}`)}, ${counted[of]}`;

/** Figures by period and part. Throws `ask` for a past data version: the history is that of now. */
export async function readStages(
  sql: Queryable,
  { of, periods, slice, timeZone }: StageInput,
): Promise<Figures> {
  if (slice.asOf !== null)
    throw new HeraldError(
      'ask',
      'The history of deals is read as it is recorded now; Herald cannot read it as of a past date. Ask without "as of".',
    );
  const values: unknown[] = [
    periods.map((_period, i) => i),
    timeZone,
    periods.map(({ from }) => from),
    periods.map(({ to }) => to),
  ];
  const conditions = filterConditions(slice.filters, 'd', values);
  const part = slice.by ? `coalesce(d.${slice.by}, '')` : `''`;
  const value =
    of === 'time_in_stage'
      ? 'percentile_cont(0.5) within group (order by days)'
      : '100.0 * count(*) filter (where is_part) / count(*)';
  const rows = await sql.unsafe<Row[]>(
    `${countedStages(of, { part, conditions })}
     select i, part, ${value} as value, count(*)::int as n, (count(*) filter (where is_part))::int as part_of_n from counted group by 1, 2`,
    values as never[],
  );
  const figures: Map<string, Figure>[] = periods.map(() => new Map());
  for (const row of rows)
    figures[row.i]!.set(row.part, {
      value: row.value === null ? null : Number(row.value),
      n: row.n,
      inputs: new Map(stageComponents[of].map(({ name }, i) => [name, i === 0 ? row.part_of_n : row.n])),
    });
  return figures;
}

/** Inputs shown as an answer's components, by figure. */
export const stageComponents: Record<StageFigure, readonly { name: string; label: string; unit: 'count' }[]> =
  {
    stage_conversion: [
      { name: 'advanced', label: 'of them reached a later stage', unit: 'count' },
      { name: 'entered', label: 'entries into a stage', unit: 'count' },
    ],
    time_in_stage: [{ name: 'stays', label: 'stays in a stage', unit: 'count' }],
    slip_rate: [
      { name: 'slipped', label: 'deals pushed out', unit: 'count' },
      { name: 'expected', label: 'deals expected to close', unit: 'count' },
    ],
  };
