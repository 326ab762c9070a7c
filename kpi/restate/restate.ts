/**
 * Why a number of a period that was told at one instant is another at a later one. The deltas between two data
 * versions are the whole difference; the change log says which records brought them. What the log does not account
 * for is a changed definition, a repair, or records that are no longer kept: the classes add up to the difference.
 */
import type { Queryable } from '../../db/client.ts';
import { HeraldError } from '../../platform/errors.ts';
import { today as todayIn } from '../calendar.ts';
import type { KpiDefinition } from '../definition.ts';
import { numberOf } from '../edition/keep-kpis.ts';
import { isCountedAt, refuseUncounted } from '../edition/refuse-uncounted.ts';
import { settingsAt } from '../edition/settings-at.ts';
import { versionAt } from '../freshness.ts';
import type { Filter } from '../question.ts';
import { readFigures } from '../read/read-figures.ts';
import type { Span } from '../read/slice.ts';
import type { EngineSettings } from '../settings.ts';
import type { Around } from './around.ts';
import { type Course, type Effect, effectsOf } from './course.ts';
import type { RestatedPart } from './part.ts';
import { restateFigure } from './restate-figure.ts';

export type Restatement = {
  kpi: string;
  period: Span;
  from: { at: string; dataVersion: number };
  to: { at: string; dataVersion: number };
  /** As it was told, in the KPI's unit; null when there was nothing to say. */
  before: number | null;
  after: number | null;
  /** Versions of its definition, where the second instant has another than the first. */
  redefined: { from: string; to: string } | null;
  /** What each class of changes did to the figure, let in one after the other: they add up to `after − before`. Null where it was unknown. */
  effects: readonly Effect[] | null;
  /** The sums under it, each explained by itself. Empty where the new definition reads what was not counted at first. */
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

/** Compare a KPI of a period as it was told at two instants. Throws `ask` when Herald did not count it at the first. */
export async function restate(
  sql: Queryable,
  { kpi: { name }, period, filters, from, to, most }: RestateInput,
  settings: EngineSettings,
): Promise<Restatement> {
  if (to <= from)
    throw new HeraldError('ask', 'The second instant lies before the first. Give the earlier one first.');
  const [first, last] = [await knownAt(sql, from), await knownAt(sql, to)];
  const past = await settingsAt(sql, settings, first);
  const present = await settingsAt(sql, settings, last);
  const definition = {
    past: past.catalogue.kpiByName.get(name)!,
    present: present.catalogue.kpiByName.get(name)!,
  };
  const days = { from: todayIn(from, settings.calendar), to: todayIn(to, settings.calendar) };
  await refuseUncounted(sql, { kpi: definition.past, by: null, filters, asOf: first }, past.catalogue);
  const before = await told(definition.past, past, first, days.from);
  const around: Around = {
    sql,
    period,
    filters,
    versions: { from: first, to: last },
    days,
    settings: present,
    most,
  };
  const uncounted = { kpi: definition.present, by: null, filters, asOf: first };
  const { parts, course } = (await isCountedAt(sql, uncounted, present.catalogue))
    ? await restateFigure(definition.present, around)
    : { parts: [], course: await unexplained() };
  return {
    kpi: name,
    period,
    from: { at: from.toISOString(), dataVersion: first },
    to: { at: to.toISOString(), dataVersion: last },
    before,
    after: course.at(-1)!,
    redefined:
      numberOf(definition.past) === numberOf(definition.present)
        ? null
        : { from: definition.past.version, to: definition.present.version },
    effects: effectsOf(before, course),
    parts,
  };

  async function told(kpi: KpiDefinition, by: EngineSettings, asOf: number, today: string) {
    const [figures] = await readFigures(sql, kpi, [period], { by: null, filters, asOf }, by, today);
    return figures!.get('')?.value ?? null;
  }

  /** All of it by the changed definition. */
  async function unexplained(): Promise<Course> {
    const after = await told(definition.present, present, last, days.to);
    return [after, after];
  }
}

async function knownAt(sql: Queryable, at: Date): Promise<number> {
  const version = await versionAt(sql, at);
  if (version !== null) return version;
  throw new HeraldError(
    'ask',
    `Herald had no data yet on ${at.toISOString().slice(0, 10)}: what it knew begins with the first sync. Ask for a later date.`,
  );
}
