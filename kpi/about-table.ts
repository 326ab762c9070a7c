import type { Queryable } from '../db/client.ts';
import { sourcesBehind } from './behind/sources-behind.ts';
import type { KpiDefinition } from './definition.ts';
import { readDataVersion, readFreshness } from './freshness.ts';
import type { EngineSettings } from './settings.ts';
import type { TableAnswer } from './table.ts';
import { freshnessWarnings } from './warnings.ts';

/** What every table says of its data, as of the KPI that it belongs to. */
export async function aboutTable(
  sql: Queryable,
  kpi: KpiDefinition,
  question: { asOf: string | null; repairs: readonly { from: string; to: string }[] },
  settings: Pick<EngineSettings, 'sources' | 'currency' | 'catalogue'>,
  now: Date,
): Promise<
  Pick<TableAnswer, 'area' | 'currency' | 'freshness' | 'warnings' | 'dataVersion' | 'asOf' | 'at'>
> {
  const freshness = await readFreshness(sql, sourcesBehind(kpi, settings), now);
  return {
    area: kpi.area,
    currency: settings.currency,
    freshness,
    warnings: [
      ...question.repairs.map(({ from, to }) => `Read "${from}" as "${to}".`),
      ...freshnessWarnings(freshness),
    ],
    dataVersion: await readDataVersion(sql),
    asOf: question.asOf,
    at: now.toISOString(),
  };
}
