/** How far each source is covered: whether the promise of five minutes is kept. */
import type { Queryable } from '../../db/client.ts';
import { describeFreshness, readFreshness } from '../../sync/read-freshness.ts';
import { type Finding, ok, warning } from './finding.ts';

/** Nothing is running to keep the promise while only `doctor` looks: a warning, never a fault. */
export async function checkFreshness(sql: Queryable, now: Date): Promise<Finding[]> {
  const sources = await readFreshness(sql, now);
  return sources.map((one) => {
    const name = `${one.source} data`;
    const detail = describeFreshness(one).slice(one.source.length + 2);
    return one.kept && !one.unreachableSince && !one.slowed
      ? ok(name, detail)
      : warning(name, detail, 'Look at "herald runs", and whether a "herald start" is reading it.');
  });
}
