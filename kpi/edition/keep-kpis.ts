/** The definitions of KPIs as they come into force, so that a number as of a past day is what was told then. */
import type { Database } from '../../db/client.ts';
import type { KpiDefinition } from '../definition.ts';
import { keepEditions } from './keep-editions.ts';

/** What of a definition decides its number. */
export type NumberOf = Pick<KpiDefinition, 'version' | 'unit' | 'formula'>;

export const numberOf = ({ version, unit, formula }: KpiDefinition): string =>
  JSON.stringify({ version, unit, formula } satisfies NumberOf);

/** Note the KPIs that are new, changed or gone. To be called before the changes that wait are counted. */
export async function keepKpis(db: Database, kpis: readonly KpiDefinition[]): Promise<void> {
  const rows = await db.sql<{ name: string; definition: string | null }[]>`
    select distinct on (name) name, definition from edition where kind = 'kpi' order by name, since_seq desc`;
  const known = new Map(rows.map((row) => [row.name, row.definition]));
  const kept = kpis.map((kpi) => ({ name: kpi.name, definition: numberOf(kpi) }));
  const names = new Set(kept.map(({ name }) => name));
  const gone = rows.filter((row) => row.definition !== null && !names.has(row.name));
  const changed = [
    ...kept.filter((one) => known.get(one.name) !== one.definition),
    ...gone.map(({ name }) => ({ name, definition: null })),
  ];
  if (changed.length === 0) return;
  // What was told by the old definition has a data version of its own, before the new one's.
  if (changed.some(({ name }) => known.has(name)))
    await db.sql`insert into change_batch (source, stream) values ('herald', 'definitions')`;
  const [row] = await db.sql<{ seq: number }[]>`select seq from data_version`;
  // Those of a Herald that did not keep them yet are taken to have been in force ever since.
  await keepEditions(db.sql, 'kpi', changed, known.size === 0 ? 0 : row!.seq);
}
