/** A figure about customers (churn, retention, MRR movements): its components, each with the changes that moved it. */
import type { Queryable } from '../../db/client.ts';
import type { SpanFigure } from '../definition.ts';
import type { Figure } from '../read/slice.ts';
import { spanComponents, windowOf } from '../span/figures.ts';
import type { Around } from './around.ts';
import { batchesBetween } from './batches-between.ts';
import { type Course, courseOfSum, stages } from './course.ts';
import { amountIn, type RestatedPart, withRest } from './part.ts';
import { readSpanChanges } from './span-changes.ts';

/** What the figure divides: part and whole. Every other one is a component itself. */
const shares: Partial<Record<SpanFigure, readonly [string, string]>> = {
  logo_churn: ['lost_customers', 'start_customers'],
  revenue_churn: ['lost_mrr', 'start_mrr'],
  nrr: ['end_of_start_mrr', 'start_mrr'],
  grr: ['kept_mrr', 'start_mrr'],
};

/** `figures`: what was told at the two instants. */
export async function restateCustomers(
  of: SpanFigure,
  figures: { before: Figure; after: Figure },
  around: Around,
): Promise<{ parts: RestatedPart[]; course: Course }> {
  const { sql, period, filters, versions, days, most } = around;
  const { minorPerUnit } = around.settings;
  const { batches, own } = await batchesBetween(sql, null, versions);
  const changes = await readSpanChanges(sql, {
    of,
    window: windowOf(of, period),
    filters,
    from: versions.from,
    batches,
    knownDay: days.from,
    most,
  });
  const names = await companyNames(sql, [...changes.values()]);
  const courses = new Map<string, Course>();
  const parts = spanComponents[of].map(({ name, label, unit }): RestatedPart => {
    const perUnit = unit === 'money' ? minorPerUnit : 1;
    const at = ({ inputs }: Figure) => {
      const value = inputs.get(name) ?? null;
      return value === null ? null : Math.round(value * perUnit);
    };
    const [first, last] = [at(figures.before), at(figures.after)];
    const { classes: known, customers } = changes.get(name)!;
    const classes = withRest(
      known.map((one) => ({ class: one.class, records: one.customers, amount: one.amount })),
      { before: first ?? 0, after: last ?? 0, own },
    );
    courses.set(
      name,
      courseOfSum({ before: first, after: last, perUnit: 1 }, (one) => amountIn(classes, one)),
    );
    return {
      name,
      label,
      unit,
      before: first ?? 0,
      after: last ?? 0,
      classes,
      records: customers.map(({ customer, ...one }) => ({
        ...one,
        system: 'customer',
        id: customer,
        name: names.get(customer) ?? null,
      })),
    };
  });
  return { parts, course: stages.map((k) => valueAt(k)) };

  function valueAt(stage: number): number | null {
    const told = stage === 0 ? figures.before : stage === stages.length - 1 ? figures.after : null;
    if (told) return told.value;
    const [part, whole] = shares[of] ?? [];
    if (part === undefined || whole === undefined) return single(stage);
    const [a, b] = [courses.get(part)?.[stage] ?? null, courses.get(whole)?.[stage] ?? null];
    return a === null || b === null || b === 0 ? null : (100 * a) / b;
  }

  function single(stage: number): number | null {
    const component = (name: string) => courses.get(name)?.[stage] ?? null;
    const { name, unit } = spanComponents[of][0]!;
    const value =
      of === 'net_new_mrr' ? difference(component('end_mrr'), component('start_mrr')) : component(name);
    return value === null ? null : value / (unit === 'money' ? minorPerUnit : 1);
  }
}

const difference = (a: number | null, b: number | null) => (a === null || b === null ? null : a - b);

/** Of the customers that are companies of the directory; the others are named by their record. */
async function companyNames(
  sql: Queryable,
  changes: readonly { customers: readonly { customer: string }[] }[],
): Promise<Map<string, string>> {
  const keys = changes.flatMap(({ customers }) => customers.map(({ customer }) => customer));
  const rows = await sql<{ key: string; name: string | null }[]>`
    select 'c' || id as key, name from company where 'c' || id = any(${keys}::text[])`;
  return new Map(rows.flatMap(({ key, name }) => (name === null ? [] : [[key, name] as const])));
}
