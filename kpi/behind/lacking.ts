/**
 * What a KPI is made of and nothing gives: then its number would be 0 for want of records, and is none. Terms of a sum
 * stand in for one another (ratings of tickets + ratings of conversations): one that is given is enough.
 */
import type { Queryable } from '../../db/client.ts';
import type { Catalogue } from '../catalogue.ts';
import type { FactTable, KpiDefinition } from '../definition.ts';
import { type Expression, parseFormula } from '../formula.ts';
import type { EngineSettings } from '../settings.ts';
import { type Need, needOf, needsOfFacts } from './needs.ts';

/** `whole`: nothing fills the table at all. */
export type Lack = { table: FactTable; column: string; whole: boolean };

type Given = (need: Need) => readonly Lack[];

export async function lackingOf(
  sql: Queryable,
  kpi: KpiDefinition,
  { catalogue, sources }: Pick<EngineSettings, 'catalogue' | 'sources'>,
): Promise<Lack[]> {
  if (sources.length === 0 || sources.some(({ fills }) => fills === undefined)) return [];
  const connected: Given = ({ table, columns }) => {
    const filled = sources.flatMap(({ fills }) => fills?.[table] ?? []);
    return columns
      .filter(
        (column) =>
          filled.length === 0 ||
          !filled.some((one) => one === everything || one === column || column === 'id'),
      )
      .map((column) => ({ table, column, whole: filled.length === 0 }));
  };
  const suspects = unique(lacks(kpi, catalogue, connected));
  if (suspects.length === 0) return [];
  // Of a source that is no longer connected the records are still there; and some columns are Herald's own to write.
  const absent = new Set<string>();
  for (const suspect of suspects) if (!(await isThere(sql, suspect))) absent.add(keyOf(suspect));
  const known: Given = (need) => connected(need).filter((lack) => absent.has(keyOf(lack)));
  return unique(lacks(kpi, catalogue, known));
}

/** Stands in a source's list of columns for all of them. */
const everything = '*';

function lacks(
  { formula }: Pick<KpiDefinition, 'formula'>,
  catalogue: Catalogue,
  given: Given,
): readonly Lack[] {
  if (formula.kind !== 'arithmetic') return needsOfFacts(formula).flatMap(given);
  const walk = (node: Expression): readonly Lack[] => {
    if (node.kind === 'number' || node.kind === 'days') return [];
    if (node.kind === 'read') {
      if (node.what === 'kpi') {
        const other = catalogue.kpiByName.get(node.measure);
        return other ? lacks(other, catalogue, given) : [];
      }
      const measure = catalogue.measureByName.get(node.measure);
      return measure ? given(needOf(measure)) : [];
    }
    if (node.kind !== 'binary') return walk(node.of);
    const [left, right] = [walk(node.left), walk(node.right)];
    return node.op === '+' && (left.length === 0 || right.length === 0) ? [] : [...left, ...right];
  };
  return walk(parseFormula(formula.text));
}

/** Names come from the catalogue, never from a person. */
async function isThere(sql: Queryable, { table, column }: Lack): Promise<boolean> {
  const [row] = await sql.unsafe<{ there: boolean }[]>(
    `select exists (select from "${table}" where tenant = 1 and "${column}" is not null) as there`,
  );
  return row?.there ?? false;
}

const keyOf = ({ table, column }: Lack) => `${table}.${column}`;
const unique = (list: readonly Lack[]): Lack[] => [
  ...new Map(list.map((lack) => [keyOf(lack), lack])).values(),
];

const plural: Record<FactTable, string> = {
  account: 'accounts',
  person: 'people',
  deal: 'deals',
  deal_stage: 'deal stages',
  campaign: 'campaigns',
  touch: 'campaign touches',
  spend: 'spend',
  email_send: 'e-mail sends',
  ticket: 'tickets',
  ticket_event: 'ticket events',
  conversation: 'conversations',
  activity: 'activities',
  subscription: 'subscriptions',
  invoice: 'invoices',
  payment: 'payments',
  quota: 'quotas',
  forecast: 'forecasts',
  survey: 'survey answers',
};

/** "no source fills deals", "no source gives mql_at of people". */
export function describeLack(lacking: readonly Lack[]): string {
  const tables = [...new Set(lacking.filter(({ whole }) => whole).map(({ table }) => table))];
  if (tables.length > 0) return `no source fills ${tables.map((table) => plural[table]).join(' and ')}`;
  const first = lacking[0]!.table;
  const columns = lacking.filter(({ table }) => table === first).map(({ column }) => column);
  return `no source gives ${columns.join(' and ')} of ${plural[first]}`;
}
