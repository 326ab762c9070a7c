/**
 * Why a number of a period that was told at one instant is another at a later one. The deltas between two data
 * versions are the whole difference; the change log says which records brought them. What the log does not account
 * for is a changed definition, a repair, or records that are no longer kept: the classes add up to the difference.
 */
import type { Queryable } from '../../db/client.ts';
import { HeraldError } from '../../platform/errors.ts';
import { today as todayIn } from '../calendar.ts';
import type { KpiDefinition } from '../definition.ts';
import { versionAt } from '../freshness.ts';
import type { Filter } from '../question.ts';
import type { Span } from '../read/slice.ts';
import type { EngineSettings } from '../settings.ts';
import type { Around } from './around.ts';
import { type Effect, effectsOf } from './course.ts';
import type { RestatedPart } from './part.ts';
import { restateFigure } from './restate-figure.ts';

export type Restatement = {
  kpi: string;
  period: Span;
  from: { at: string; dataVersion: number };
  to: { at: string; dataVersion: number };
  /** In the KPI's unit; null when there was nothing to say. */
  before: number | null;
  after: number | null;
  /** What each class of changes did to the figure, let in one after the other: they add up to `after − before`. Null where it was unknown. */
  effects: readonly Effect[] | null;
  /** The sums under it, each explained by itself. */
  parts: readonly RestatedPart[];
};

export type RestateInput = {
  kpi: KpiDefinition;
  period: Span;
  filters: readonly Filter[];
  from: Date;
  to: Date;
  /** Records named per part. */
  most: number;
};

/** Compare a KPI of a period as it was known at two instants. Throws `ask` when Herald knew nothing at the first. */
export async function restate(
  sql: Queryable,
  { kpi, period, filters, from, to, most }: RestateInput,
  settings: EngineSettings,
): Promise<Restatement> {
  if (to <= from)
    throw new HeraldError('ask', 'The second instant lies before the first. Give the earlier one first.');
  const versions = { from: await versionAt(sql, from), to: await versionAt(sql, to) };
  if (versions.from === null || versions.to === null)
    throw new HeraldError(
      'ask',
      `Herald had no data yet on ${from.toISOString().slice(0, 10)}: what it knew begins with the first sync. Ask for a later date.`,
    );
  const around: Around = {
    sql,
    period,
    filters,
    versions: { from: versions.from, to: versions.to },
    days: { from: todayIn(from, settings.calendar), to: todayIn(to, settings.calendar) },
    settings: { from: settings, to: settings },
    most,
  };
  const { parts, course } = await restateFigure(kpi, around);
  return {
    kpi: kpi.name,
    period,
    from: { at: from.toISOString(), dataVersion: versions.from },
    to: { at: to.toISOString(), dataVersion: versions.to },
    before: course[0]!,
    after: course.at(-1)!,
    effects: effectsOf(course),
    parts,
  };
}
