/** Whether a cohort is too young to tell: what it has become by now is less than what it will have. */
import type { Queryable } from '../db/client.ts';
import { addDays, dayLabel, offset } from './calendar.ts';
import type { KpiDefinition, Maturity } from './definition.ts';
import type { Period } from './question.ts';
import { readFigures } from './read/read-figures.ts';
import type { EngineSettings } from './settings.ts';

/** The warning of a period with days that are too young; none where all are old enough, or nothing says how old that is. */
export async function immatureNotes(
  sql: Queryable,
  { matures }: Pick<KpiDefinition, 'matures'>,
  period: Period,
  settings: EngineSettings,
  { today, asOf }: { today: string; asOf: number | null },
): Promise<string[]> {
  if (!matures || period.from > today) return [];
  const days = await daysOf(sql, matures, settings, { today, asOf });
  if (days === null) return [];
  // A record has had its days when as many have passed since the day it was made.
  const ripe = addDays(today, -days);
  if (addDays(period.to, -1) <= ripe) return [];
  const why = 'because' in matures ? `, ${matures.because}` : '';
  const which = period.from > ripe ? 'all of it is' : `what began after ${dayLabel(ripe)} is`;
  return [
    `Not complete: ${which} younger than ${days} ${days === 1 ? 'day' : 'days'}${why}, and may still get there. An earlier period has had more time.`,
  ];
}

/** Over the whole company and the twelve months before: what is usual. */
async function daysOf(
  sql: Queryable,
  matures: Maturity,
  settings: EngineSettings,
  { today, asOf }: { today: string; asOf: number | null },
): Promise<number | null> {
  if ('days' in matures) return matures.days;
  const kpi = settings.catalogue.kpiByName.get(matures.kpi);
  if (kpi?.formula.kind !== 'percentile') return null;
  const [figures] = await readFigures(
    sql,
    { ...kpi, formula: { ...kpi.formula, p: matures.p } },
    [{ from: offset(today, 'month', -12), to: addDays(today, 1) }],
    { by: null, filters: [], asOf },
    settings,
    today,
  );
  const usual = figures!.get('')?.value ?? null;
  return usual === null ? null : Math.ceil(matures.times * usual);
}
