/**
 * Figures of records taken together with those of another table: leads with the work of sales on them, open deals with the
 * campaign responses of their companies. Either side may arrive later than the other, so no row says it and they are
 * read when asked.
 */
import type { Queryable } from '../../db/client.ts';
import { HeraldError } from '../../platform/errors.ts';
import type { LinkedFigure } from '../definition.ts';
import { filterConditions } from '../read/filter-conditions.ts';
import type { Figure, Figures, Slice, Span } from '../read/slice.ts';

export type LinkedInput = {
  of: LinkedFigure;
  periods: readonly Span[];
  slice: Slice;
  timeZone: string;
  minorPerUnit: number;
};

type Row = { i: number; part: string; value: number | null; n: number; parts: (number | null)[] };
type Component = { name: string; label: string; unit: 'count' | 'money' };

/** Responses so long before the period's end count as influence: as far back as attribution looks (kpi/attribution/). */
const influenceDays = 90;

/**
 * Leads of the periods with their first call, e-mail or meeting. Only of systems whose activities are read: elsewhere nobody
 * would seem to be called. Work that was logged before the lead was made was for somebody else's sake.
 */
const leads = (part: string, conditions: string) => `lead as (
  select p.i, ${part} as part, f.lead_at,
    (select min(coalesce(a.logged_at, a.at)) from activity a
     where a.tenant = 1 and a.system = f.system and a.person_id = f.id and a.kind in ('call', 'email', 'meeting')
       and coalesce(a.logged_at, a.at) >= f.lead_at) as worked_at
  from p join person f on f.tenant = 1 and (f.lead_at at time zone $2)::date >= p.lo and (f.lead_at at time zone $2)::date < p.hi
  where f.system in (select distinct system from activity where tenant = 1 and person_id is not null) ${conditions})`;

/** Deals open at the periods' ends, and whether their company responded to a campaign not long before. */
const deals = (part: string, conditions: string) => `deal_then as (
  select p.i, ${part} as part, f.amount,
    exists (select from touch t where t.tenant = 1 and t.company = f.company and t.responded
      and t.touched_at >= (p.hi - ${influenceDays})::timestamp at time zone $2 and t.touched_at < p.hi::timestamp at time zone $2) as influenced
  from p join deal f on f.tenant = 1 and f.created_on < p.hi and (not f.is_closed or f.closed_on >= p.hi)
  where f.amount is not null ${conditions})`;

type Reading = {
  records: (part: string, conditions: string) => string;
  select: string;
  components: readonly Component[];
};

const readings: Record<LinkedFigure, Reading> = {
  speed_to_lead: {
    records: leads,
    select: `select i, part, percentile_cont(0.5) within group (order by extract(epoch from worked_at - lead_at)::double precision / 60) as value,
      count(worked_at)::int as n, array[count(*) - count(worked_at), count(*)]::float8[] as parts from lead group by 1, 2`,
    components: [
      { name: 'untouched', label: 'leads without any activity', unit: 'count' },
      { name: 'leads', label: 'leads', unit: 'count' },
    ],
  },
  lead_response: {
    records: leads,
    select: `select i, part, 100.0 * count(*) filter (where worked_at < lead_at + interval '24 hours') / count(*) as value, count(*)::int as n,
      array[count(*) filter (where worked_at < lead_at + interval '24 hours'), count(*)]::float8[] as parts from lead group by 1, 2`,
    components: [
      { name: 'reached', label: 'leads worked on within 24 hours', unit: 'count' },
      { name: 'leads', label: 'leads', unit: 'count' },
    ],
  },
  influenced_pipeline: {
    records: deals,
    select: `select i, part, coalesce(sum(amount) filter (where influenced), 0) as value, count(*)::int as n,
      array[count(*) filter (where influenced), count(*)]::float8[] as parts from deal_then group by 1, 2`,
    components: [
      { name: 'influenced_deals', label: 'of them with a response', unit: 'count' },
      { name: 'open_deals', label: 'open deals with an amount', unit: 'count' },
    ],
  },
};

/** Figures by period and part; none for a period without a lead or an open deal. Throws `ask` for a past data version. */
export async function readLinked(
  sql: Queryable,
  { of, periods, slice, timeZone, minorPerUnit }: LinkedInput,
): Promise<Figures> {
  if (slice.asOf !== null)
    throw new HeraldError(
      'ask',
      'Leads and deals are read together with what was done for them, as it is recorded now; Herald cannot read that as of a past date. Ask without "as of".',
    );
  const values: unknown[] = [
    periods.map((_period, i) => i),
    timeZone,
    periods.map(({ from }) => from),
    periods.map(({ to }) => to),
  ];
  const conditions = filterConditions(slice.filters, 'f', values);
  const { records, select, components } = readings[of];
  const rows = await sql.unsafe<Row[]>(
    `with p as (select * from unnest($1::int[], $3::date[], $4::date[]) as p(i, lo, hi)),
     ${records(slice.by ? `coalesce(f.${slice.by}, '')` : `''`, conditions)} ${select}`,
    values as never[],
  );
  const divisor = of === 'influenced_pipeline' ? minorPerUnit : 1;
  const figures: Map<string, Figure>[] = periods.map(() => new Map());
  for (const { i, part, value, n, parts } of rows)
    figures[i]!.set(part, {
      value: value === null ? null : Number(value) / divisor,
      n,
      inputs: new Map(components.map(({ name }, k) => [name, parts[k] ?? null])),
    });
  return figures;
}

/** Inputs shown as an answer's components, by figure. */
export const linkedComponents = Object.fromEntries(
  Object.entries(readings).map(([of, { components }]) => [of, components]),
) as Record<LinkedFigure, readonly Component[]>;
