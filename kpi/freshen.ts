/**
 * What an answer says beside its number and what may change without any change to the data: how current its sources
 * are, what quality rules have found, how the asker's words were read. Never cached: an answer that was computed for
 * somebody else a while ago says what holds now.
 */
import type { Queryable } from '../db/client.ts';
import type { Answer } from './answer.ts';
import { sourcesBehind } from './behind/sources-behind.ts';
import { readFindings } from './findings.ts';
import { readFreshness } from './freshness.ts';
import type { EngineSettings } from './settings.ts';
import { unplacedWarnings } from './unplaced.ts';
import { freshnessWarnings } from './warnings.ts';

/** `computed` comes from `compute`: its warnings are those that its data version decides. */
export async function freshen(
  sql: Queryable,
  computed: Answer,
  settings: EngineSettings,
  now: Date,
): Promise<Answer> {
  const { question } = computed;
  const kpi = settings.catalogue.kpiByName.get(computed.kpi);
  const isOfParts = question.by !== null || question.filters.length > 0;
  const [freshness, findings, unplaced] = await Promise.all([
    readFreshness(sql, kpi ? sourcesBehind(kpi, settings) : [], now),
    // Findings are of the records as they are now.
    kpi && question.asOf === null ? readFindings(sql, kpi, settings.catalogue, computed.period) : [],
    isOfParts && question.asOf === null ? unplacedWarnings(sql, now) : [],
  ]);
  const repairs = question.repairs.map(({ from, to }) => `Read "${from}" as "${to}".`);
  return {
    ...computed,
    freshness,
    warnings: [...computed.warnings, ...repairs, ...findings, ...unplaced, ...freshnessWarnings(freshness)],
    at: now.toISOString(),
  };
}
