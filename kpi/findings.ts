/**
 * What the quality rules found in the records behind a KPI, in one line each. Known by the tables that both sides
 * name: rules and findings are rows, whoever wrote them. Only what touches the columns that the KPI's measures read,
 * in the period asked for, and never more than two lines.
 */
import type { Queryable } from '../db/client.ts';
import { linkedNeeds } from './behind/needs.ts';
import type { Catalogue } from './catalogue.ts';
import type { KpiDefinition } from './definition.ts';
import { parseFormula, reads } from './formula.ts';
import type { Period } from './question.ts';

const MOST = 2;

/** Columns that recurring revenue between two instants is read from (kpi/span/). */
const spanColumns = ['mrr', 'currency', 'starts_on', 'ends_on', 'account_id'];

type Touched = {
  /** By table: the columns that its measures read. */
  columns: Map<string, Set<string>>;
  measures: Set<string>;
  /** Stocks hold all that came before the period, too. */
  cumulative: boolean;
};

export async function readFindings(
  sql: Queryable,
  kpi: KpiDefinition,
  catalogue: Catalogue,
  period: Period,
): Promise<string[]> {
  const { columns, measures, cumulative } = touchedBy(kpi, catalogue);
  if (columns.size === 0) return [];
  const touched = [...columns].map(([tbl, names]) => ({ tbl, names: [...names] }));
  // What the answer itself counts, for the very slice that was asked for, is not said twice.
  const rows = await sql<{ n: number; one: string; many: string; own: string | null }[]>`
    select count(*)::int as n, r.one, r.many, case when r.tbl is null then min(q.sentence) end as own
    from quality_finding q join quality_rule r on r.name = q.rule
    where q.tenant = 1 and q.resolved_at is null and r.severity = 'warns' and r.name <> all(${[...measures]}::text[])
      and exists (select from jsonb_to_recordset(${JSON.stringify(touched)}::text::jsonb) as t(tbl text, names text[])
        where t.tbl = q.tbl and (r.columns = '{}' or r.columns && t.names))
      and (q.day is null or (q.day < ${period.to}::date and (${cumulative} or q.day >= ${period.from}::date)))
    group by r.name, r.one, r.many, r.tbl order by count(*) desc, r.name limit ${MOST}`;
  return rows.map(({ n, one, many, own }) => {
    if (n === 1) return own ?? `${one}.`;
    return `${many.replace('{n}', n.toLocaleString('en'))}.`;
  });
}

function touchedBy(kpi: KpiDefinition, catalogue: Catalogue, into = nothingTouched()): Touched {
  const { formula } = kpi;
  const add = (table: string, fragments: readonly (string | undefined)[]) => {
    const names = into.columns.get(table) ?? new Set<string>();
    for (const fragment of fragments)
      for (const [, name] of (fragment ?? '').matchAll(/\bf\.(\w+)/g)) names.add(name!);
    into.columns.set(table, names);
  };
  if (formula.kind === 'span' || formula.kind === 'lifetime') {
    into.columns.set('subscription', new Set(spanColumns));
    into.cumulative = true;
  } else if (formula.kind === 'attribution') {
    into.columns.set('deal', new Set(['amount', 'closed_on', 'is_won', 'account_id']));
    into.columns.set('touch', new Set(['source', 'touched_at', 'responded']));
  } else if (formula.kind === 'stages') {
    into.columns.set('deal_stage', new Set(['stage', 'entered_at', 'close_on']));
  } else if (formula.kind === 'linked') {
    for (const { table, columns } of linkedNeeds(formula.of)) into.columns.set(table, new Set(columns));
  } else if (formula.kind === 'percentile') add(formula.table, [formula.day, formula.value, formula.when]);
  else if (formula.kind === 'arithmetic') {
    for (const read of reads(parseFormula(formula.text))) {
      const other = read.what === 'kpi' ? catalogue.kpiByName.get(read.measure) : undefined;
      // KPIs over KPIs are checked for rings when they are defined.
      if (other) touchedBy(other, catalogue, into);
      const measure = read.what === 'kpi' ? undefined : catalogue.measureByName.get(read.measure);
      if (!measure) continue;
      add(measure.table, [measure.day, measure.ends, measure.value, measure.when]);
      into.measures.add(measure.name);
      if (measure.kind === 'stock') into.cumulative = true;
    }
  }
  return into;
}

const nothingTouched = (): Touched => ({ columns: new Map(), measures: new Set(), cumulative: false });
