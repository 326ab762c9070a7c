/** The catalogue as it was at a data version. */
import type { Queryable } from '../../db/client.ts';
import type { EngineSettings } from '../settings.ts';
import { type NumberOf, numberOf } from './keep-kpis.ts';

/**
 * Settings with the KPIs' definitions that were in force. A KPI that was not defined yet keeps today's: what it is made
 * of may have been counted all the same. Measures stay as they are: their past sums are kept themselves.
 */
export async function settingsAt(
  sql: Queryable,
  settings: EngineSettings,
  asOf: number,
): Promise<EngineSettings> {
  const rows = await sql<{ name: string; definition: string | null }[]>`
    select distinct on (name) name, definition from edition where kind = 'kpi' and since_seq <= ${asOf} order by name, since_seq desc`;
  const then = new Map(rows.map((row) => [row.name, row.definition]));
  const { catalogue } = settings;
  const kpis = catalogue.kpis.map((kpi) => {
    const definition = then.get(kpi.name) ?? null;
    if (definition === null || definition === numberOf(kpi)) return kpi;
    return { ...kpi, ...(JSON.parse(definition) as NumberOf) };
  });
  const isSame = kpis.every((kpi, i) => kpi === catalogue.kpis[i]);
  if (isSame) return settings;
  return {
    ...settings,
    catalogue: { ...catalogue, kpis, kpiByName: new Map(kpis.map((kpi) => [kpi.name, kpi])) },
  };
}
