import { builtIn } from '../catalogue.ts';
import type { KpiDefinition } from '../definition.ts';
import type { KnownSource } from '../freshness.ts';
import type { EngineSettings } from '../settings.ts';
import { tablesOf } from './tables-of.ts';

/**
 * The sources whose freshness decides that of a KPI's number: those that fill its tables, as the company connected
 * them. A source that does not say what it fills counts where the KPI names it.
 */
export function sourcesBehind(
  kpi: KpiDefinition,
  { catalogue, sources }: Pick<EngineSettings, 'catalogue' | 'sources'>,
): KnownSource[] {
  const tables = [...tablesOf(kpi, catalogue)];
  // A company's own KPI may say which of them matter; what Herald brings along names the usual ones.
  const chosen = builtIn.kpiByName.has(kpi.name) ? null : new Set(kpi.sources);
  return sources.filter(({ name, fills }) =>
    fills ? tables.some((table) => fills[table]) && (chosen?.has(name) ?? true) : kpi.sources.includes(name),
  );
}
