/**
 * Figures between two instants, from what each customer paid a month just before the period began and at its end.
 * They are not sums of months: a customer who left and came back inside the period has not churned.
 *
 * Logo churn: customers active at the start who are not active at the end ÷ customers active at the start
 * (ChartMogul's standard definition, help article 207340419). Gross MRR churn: (churn + contraction of those
 * customers) ÷ their MRR at the start (203359341). NRR and GRR: what customers of twelve months earlier pay now ÷
 * what they paid then, GRR capped per customer (6886664393500).
 */
import type { Queryable } from '../../db/client.ts';
import { offset } from '../calendar.ts';
import { type MrrMovement, mrrMovements, type SpanFigure } from '../definition.ts';
import { gather, type Once } from '../read/once.ts';
import type { Figure, Figures, Slice, Span } from '../read/slice.ts';
import { ledgerAt } from './ledger-at.ts';
import { assertConserved, movementSql } from './movements.ts';

type Row = {
  i: number;
  part: string;
  start_customers: number;
  lost_customers: number;
  end_customers: number;
  new_customers: number;
  start_mrr: number;
  end_mrr: number;
  /** End less start over all customers, those below zero (credits) included. */
  net_mrr: number;
  kept_of_start: number;
  end_of_start: number;
} & Record<MrrMovement, number>;

export type SpanInput = {
  of: SpanFigure;
  periods: readonly Span[];
  slice: Slice;
  minorPerUnit: number;
  /** Figures of the same windows share one reading. */
  kept: Once;
};

export async function readSpans(
  sql: Queryable,
  { of, periods, slice, minorPerUnit, kept }: SpanInput,
): Promise<Figures> {
  const windows = periods.map((period) => windowOf(of, period));
  const rows = await gather(kept, ['spans', slice], windows, (asks) => readWindows(sql, asks, slice));
  return rows.map((parts) => new Map(parts.map((row) => [row.part, figureOf(of, row, minorPerUnit)])));
}

/** Each different window once; by ask, then by window, its parts. */
async function readWindows(
  sql: Queryable,
  asks: readonly (readonly Span[])[],
  slice: Slice,
): Promise<Row[][][]> {
  const keyOf = ({ from, to }: Span) => `${from} ${to}`;
  const windows = [...new Map(asks.flat().map((window) => [keyOf(window), window])).values()];
  const rows = windows.length === 0 ? [] : await readRows(sql, windows, slice);
  const found = Map.groupBy(rows, ({ i }) => keyOf(windows[i]!));
  return asks.map((ask) => ask.map((window) => found.get(keyOf(window)) ?? []));
}

/** The days a figure of a period looks at: NRR and GRR look twelve months back from its end. */
export const windowOf = (of: SpanFigure, { from, to }: Span): Span =>
  of === 'nrr' || of === 'grr' ? { from: offset(to, 'month', -12), to } : { from, to };

async function readRows(sql: Queryable, windows: readonly Span[], slice: Slice): Promise<Row[]> {
  const values: unknown[] = [windows.map((_w, i) => i), windows.map((w) => w.from), windows.map((w) => w.to)];
  const conditions = slice.filters.map((filter) => {
    values.push(filter.values);
    return `l.${filter.dimension} = any($${values.length}::text[])`;
  });
  const ledger = ledgerAt(slice.asOf, values);
  const movements = Object.entries(movementSql('p.lo'))
    .map(
      ([name, { amount, when }]) => `coalesce(sum(${amount}) filter (where ${when}), 0)::bigint as ${name}`,
    )
    .join(', ');
  const isWhole = slice.by === null && conditions.length === 0;
  // A customer is wholly kept or lost, whatever plan it moved to: its end is read over all of its rows,
  // while the part it counts in is where it stood at the start (for new customers: where they stand now).
  return sql.unsafe<Row[]>(
    `with p as (select * from unnest($1::int[], $2::date[], $3::date[]) as p(i, lo, hi)),
     placed as (
       select p.i, l.customer, ${slice.by ? `l.${slice.by}` : `''`} as part,
         coalesce(sum(l.value) filter (where l.day < p.lo), 0)::bigint as start_mrr, sum(l.value)::bigint as end_mrr,
         min(l.day) filter (where l.value > 0) as first_day
       from p join ${ledger} l on l.tenant = 1 and l.day < p.hi ${conditions.length > 0 ? `and ${conditions.join(' and ')}` : ''}
       group by p.i, l.customer, 3)${
         isWhole
           ? ''
           : `,
     whole as (
       select p.i, l.customer, (sum(l.value) filter (where l.day < p.lo))::bigint as start_mrr, sum(l.value)::bigint as end_mrr,
         min(l.day) filter (where l.value > 0) as first_day
       from p join ${ledger} l on l.tenant = 1 and l.day < p.hi group by p.i, l.customer)`
       }
     select d.i, d.part,
       count(*) filter (where d.start_mrr > 0)::int as start_customers,
       count(*) filter (where d.start_mrr > 0 and coalesce(w.end_mrr, 0) <= 0)::int as lost_customers,
       count(*) filter (where d.end_mrr > 0)::int as end_customers,
       count(*) filter (where w.first_day >= p.lo and d.first_day = w.first_day)::int as new_customers,
       coalesce(sum(d.start_mrr) filter (where d.start_mrr > 0), 0)::bigint as start_mrr,
       coalesce(sum(d.end_mrr) filter (where d.end_mrr > 0), 0)::bigint as end_mrr,
       coalesce(sum(d.end_mrr - d.start_mrr) filter (where coalesce(w.start_mrr, 0) > 0 or w.end_mrr > 0), 0)::bigint as net_mrr,
       coalesce(sum(least(d.start_mrr, greatest(0, ${isWhole ? 'd.end_mrr' : 'w.end_mrr::numeric * d.start_mrr / nullif(w.start_mrr, 0)'}))) filter (where d.start_mrr > 0), 0)::bigint as kept_of_start,
       coalesce(sum(greatest(0, ${isWhole ? 'd.end_mrr' : 'w.end_mrr::numeric * d.start_mrr / nullif(w.start_mrr, 0)'})) filter (where d.start_mrr > 0), 0)::bigint as end_of_start,
       ${movements}
     from placed d ${isWhole ? 'cross join lateral (select d.*) w' : 'join whole w on w.i = d.i and w.customer = d.customer'} join p on p.i = d.i
     group by d.i, d.part having count(*) filter (where d.start_mrr > 0 or d.end_mrr > 0 or w.first_day >= p.lo) > 0`,
    values as never[],
  );
}

function figureOf(of: SpanFigure, row: Row, minorPerUnit: number): Figure {
  const start = row.start_customers;
  const money = (minor: number) => minor / minorPerUnit;
  const share = (part: number, whole: number) => (whole === 0 ? null : (100 * part) / whole);
  const inputs = new Map<string, number | null>([
    ['start_customers', start],
    ['lost_customers', row.lost_customers],
    ['end_customers', row.end_customers],
    ['new_customers', row.new_customers],
    ['start_mrr', money(row.start_mrr)],
    ['end_mrr', money(row.end_mrr)],
    ['lost_mrr', money(row.start_mrr - row.kept_of_start)],
    ['kept_mrr', money(row.kept_of_start)],
    ['end_of_start_mrr', money(row.end_of_start)],
    ...mrrMovements.map((name): [string, number] => [name, money(row[name])]),
  ]);
  switch (of) {
    case 'logo_churn':
      return { value: share(row.lost_customers, start), n: start, inputs };
    case 'revenue_churn':
      return { value: share(row.start_mrr - row.kept_of_start, row.start_mrr), n: start, inputs };
    case 'nrr':
      return { value: share(row.end_of_start, row.start_mrr), n: start, inputs };
    case 'grr':
      return { value: share(row.kept_of_start, row.start_mrr), n: start, inputs };
    case 'new_customers':
      return { value: row.new_customers, n: row.new_customers, inputs };
    case 'net_new_mrr':
      return { value: money(row.end_mrr - row.start_mrr), n: row.end_customers, inputs };
    case 'new_mrr':
    case 'expansion_mrr':
    case 'contraction_mrr':
    case 'churned_mrr':
    case 'reactivation_mrr':
      assertConserved(row, row.net_mrr);
      return { value: money(row[of]), n: row.end_customers, inputs };
    case 'active_customers':
      return { value: row.end_customers, n: row.end_customers, inputs };
    default:
      return of satisfies never;
  }
}

/** Inputs shown as an answer's components, by figure. */
export const spanComponents: Record<
  SpanFigure,
  readonly { name: string; label: string; unit: 'count' | 'money' }[]
> = {
  logo_churn: [
    { name: 'lost_customers', label: 'customers lost', unit: 'count' },
    { name: 'start_customers', label: 'customers at the start', unit: 'count' },
  ],
  revenue_churn: [
    { name: 'lost_mrr', label: 'MRR lost and contracted', unit: 'money' },
    { name: 'start_mrr', label: 'MRR at the start', unit: 'money' },
  ],
  nrr: [
    { name: 'end_of_start_mrr', label: 'their MRR now', unit: 'money' },
    { name: 'start_mrr', label: 'their MRR twelve months earlier', unit: 'money' },
  ],
  grr: [
    { name: 'kept_mrr', label: 'of it kept', unit: 'money' },
    { name: 'start_mrr', label: 'MRR twelve months earlier', unit: 'money' },
  ],
  new_customers: [{ name: 'new_customers', label: 'new customers', unit: 'count' }],
  net_new_mrr: [
    { name: 'end_mrr', label: 'MRR at the end', unit: 'money' },
    { name: 'start_mrr', label: 'MRR at the start', unit: 'money' },
  ],
  ...(Object.fromEntries(
    mrrMovements.map((name) => [name, [{ name, label: name.replace('_mrr', ' MRR'), unit: 'money' }]]),
  ) as unknown as Record<MrrMovement, readonly { name: string; label: string; unit: 'money' }[]>),
  active_customers: [{ name: 'end_customers', label: 'active customers', unit: 'count' }],
};
