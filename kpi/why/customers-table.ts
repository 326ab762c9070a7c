/** The customers behind a change of recurring revenue: what each paid and pays, and what it adds; all together add up to the change. */
import type { Database, Queryable } from '../../db/client.ts';
import { HeraldError } from '../../platform/errors.ts';
import { aboutTable } from '../about-table.ts';
import type { Answer } from '../answer.ts';
import { formatValue } from '../number.ts';
import type { Origin } from '../read/lineage.ts';
import type { EngineSettings } from '../settings.ts';
import type { Cell, Column, TableAnswer } from '../table.ts';
import { signed } from './say-why.ts';
import type { Mover, Why } from './why.ts';

export type CustomersInput = {
  db: Database;
  answer: Answer;
  /** Of that answer. */
  found: Why;
  settings: EngineSettings;
  now: Date;
  /** Rows of the table. */
  most: number;
  /** Where a record is seen in its own system; null where it has no page. */
  linkOf: (origin: Origin) => string | null;
};

/** Throws `ask` for a KPI whose change is not one of customers' payments. */
export async function customersTable(input: CustomersInput): Promise<TableAnswer> {
  const { db, answer, found, settings, now, most } = input;
  const kpi = settings.catalogue.kpiByName.get(answer.kpi);
  const { customers } = found;
  if (!kpi || !customers)
    throw new HeraldError(
      'ask',
      `The change of ${answer.title} is not told by what customers pay. Ask why it moved, or for the records behind it.`,
      { suggestions: [`why did ${answer.title} change`, `records behind ${answer.title}`] },
    );
  const shown = customers.slice(0, most);
  const links = await linksOf(db.sql, shown, input.linkOf);
  const about = await aboutTable(db.sql, kpi, answer.question, settings, now);
  const rest = customers.slice(most);
  const add = (list: readonly Mover[]) =>
    signed(
      list.reduce((sum, { contribution }) => sum + contribution, 0),
      answer.unit,
      answer.currency,
    );
  return {
    ...about,
    kind: 'records',
    title: `Customers behind the change of ${answer.title}`,
    sentence: `${answer.sentence} ${countOf(customers, shown)}`,
    reading: answer.reading,
    ...(answer.unit === 'percent' ? rates(shown) : amounts(shown)),
    links,
    notes: [
      `All customers together: ${add(customers)}, which is the whole change.`,
      ...(rest.length > 0 ? [`The ${rest.length} smaller ones, which are in the export: ${add(rest)}.`] : []),
      ...(customers.some(({ earlier }) => earlier !== undefined)
        ? [
            'What a customer adds: its change as a share of the MRR at the start, less the same of the window before. Blank: it did not pay when that window began.',
          ]
        : []),
    ],
    definition: { version: kpi.version, text: kpi.text },
    dataVersion: answer.dataVersion,
  };
}

const money = (label: string): Column => ({ label, unit: 'money' });
const name: Column = { label: 'Customer', unit: 'text' };
const movement: Column = { label: 'Movement', unit: 'text' };

function amounts(shown: readonly Mover[]) {
  return {
    columns: [name, movement, money('Before'), money('Now'), money('Change')],
    rows: shown.map((one): Cell[] => [one.name, movementOf(one), one.before, one.after, one.contribution]),
  };
}

/** The effect on a rate is in points of it. */
function rates(shown: readonly Mover[]) {
  const adds: Column = { label: 'Adds, points', unit: 'score' };
  return {
    columns: [name, movement, money('At the start'), money('At the end'), money('Change before'), adds],
    rows: shown.map((one): Cell[] => [
      one.name,
      movementOf(one),
      one.before,
      one.after,
      one.earlier ?? null,
      one.contribution,
    ]),
  };
}

function movementOf({ before, after }: Mover): string {
  if (before === null || after === null) return 'not counted now';
  if (before === after) return 'pays the same';
  if (before <= 0) return 'new or back';
  if (after <= 0) return 'left';
  return after > before ? 'pays more' : 'pays less';
}

const countOf = (all: readonly Mover[], shown: readonly Mover[]) =>
  all.length === 0
    ? 'No customer moved.'
    : all.length === shown.length
      ? `${all.length === 1 ? 'The customer' : `All ${formatValue(all.length, 'count')} customers`} behind the change:`
      : `The ${shown.length} of ${formatValue(all.length, 'count')} customers that add most to the change:`;

/** An account of each customer that has a page. */
async function linksOf(
  sql: Queryable,
  shown: readonly Mover[],
  linkOf: CustomersInput['linkOf'],
): Promise<(string | null)[]> {
  const companies = shown.flatMap(({ customer }) => (/^c\d+$/.test(customer) ? [customer.slice(1)] : []));
  const rows = await sql<{ company: string; system: string; id: string }[]>`
    select company::text as company, system, id from entity_link
    where tenant = 1 and company = any(${companies}::bigint[]) order by company, system, id`;
  const links = new Map<string, string>();
  for (const { company, system, id } of rows) {
    const link = linkOf({ system, table: 'account', id, parent: null });
    if (link !== null && !links.has(`c${company}`)) links.set(`c${company}`, link);
  }
  return shown.map(({ customer }) => links.get(customer) ?? null);
}
