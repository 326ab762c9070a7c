/** Up to where all of a KPI's sources cover whole days: what lies behind a sync must not be told as a drop of the business. */
import type { Queryable } from '../../db/client.ts';
import { dayIn, minDay } from '../../kpi/calendar.ts';
import type { KpiDefinition } from '../../kpi/definition.ts';
import { readFreshness } from '../../kpi/freshness.ts';
import type { Day } from '../../kpi/question.ts';
import type { EngineSettings } from '../../kpi/settings.ts';

/** The first day that is not covered whole; null when one of the sources was never read. */
export async function coveredUntil(
  sql: Queryable,
  kpi: KpiDefinition,
  engine: EngineSettings,
  now: Date,
  today: Day,
): Promise<Day | null> {
  const freshness = await readFreshness(
    sql,
    engine.sources.filter(({ name }) => kpi.sources.includes(name)),
    now,
  );
  if (freshness.length === 0 || freshness.some((source) => source.coveredUntil === null)) return null;
  return freshness
    .map((source) => dayIn(new Date(source.coveredUntil!), engine.calendar.timeZone))
    .reduce(minDay, today);
}
