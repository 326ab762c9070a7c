/** "Does X lead Y?": two KPIs' courses over the same window, compared at lags in both directions. */
import type { Queryable } from '../../db/client.ts';
import { HeraldError } from '../../platform/errors.ts';
import { type CalendarSettings, offset, range, today as todayIn } from '../calendar.ts';
import type { Catalogue } from '../catalogue.ts';
import type { KpiDefinition } from '../definition.ts';
import { measuresOf } from '../engine.ts';
import { readDataVersion } from '../freshness.ts';
import type { Filter, Grain } from '../question.ts';
import { readAll } from '../read/read-figures.ts';
import type { Slice, Span } from '../read/slice.ts';
import type { EngineSettings } from '../settings.ts';
import type { Course } from './course.ts';
import { type CourseRelation, type RelateOptions, relateCourses } from './relate-courses.ts';

/** Grains at which courses are compared: days have rhythms of their own, quarters are too few. */
export type CourseGrain = Extract<Grain, 'week' | 'month'>;

export type KpiRelation = {
  first: KpiDefinition;
  second: KpiDefinition;
  grain: CourseGrain;
  /** Whole buckets that were over when it was asked. */
  window: Span;
  buckets: number;
  courses: { days: readonly string[]; first: Course; second: Course };
  /** Labels of the sums that both KPIs are computed from: what they share moves both, by arithmetic. */
  shared: readonly string[];
  options: RelateOptions;
  found: CourseRelation;
  dataVersion: number;
};

export type KpiRelationInput = {
  first: string;
  second: string;
  filters: readonly Filter[];
  /** Null: the usual two years. */
  window: Span | null;
};

/** Fewest points: below that, correlations of unrelated series reach 0.6 by chance at one lag or another. */
const optionsBy: Record<CourseGrain, RelateOptions> = {
  week: { fewest: 39, most: 8, cycle: 52 },
  month: { fewest: 18, most: 6, cycle: 12 },
};
/** Two years, in buckets. */
const usual: Record<CourseGrain, number> = { week: 104, month: 24 };
/** No window is longer: what held six years ago says little of today. */
const longest: Record<CourseGrain, number> = { week: 260, month: 60 };

/** Compare two KPIs. Throws `ask` when they are one and the same, or one has none of the dimensions filtered by. */
export async function relateKpis(
  sql: Queryable,
  { first, second, filters, window }: KpiRelationInput,
  settings: EngineSettings,
  now: Date,
): Promise<KpiRelation> {
  const [a, b] = [kpiOf(first, settings.catalogue), kpiOf(second, settings.catalogue)];
  if (a.name === b.name)
    throw new HeraldError(
      'ask',
      `${a.title} is named twice: a KPI always moves with itself. Name another one.`,
      {
        suggestions: [a.name.replaceAll('_', ' ')],
      },
    );
  for (const kpi of [a, b]) refuseForeign(kpi, filters);
  const today = todayIn(now, settings.calendar);
  const grain: CourseGrain = [a, b].every(
    ({ finestGrain }) => finestGrain === 'day' || finestGrain === 'week',
  )
    ? 'week'
    : 'month';
  const buckets = bucketsOf(window, grain, settings.calendar, today);
  const slice: Slice = { by: null, filters, asOf: null };
  const both = buckets.length === 0 ? [] : await readAll(sql, [a, b], buckets, slice, settings, today);
  const [x = [], y = []] = both.map(
    (figures): Course => figures.map((parts) => parts.get('')?.value ?? null),
  );
  const options = optionsBy[grain];
  return {
    first: a,
    second: b,
    grain,
    window: { from: buckets[0]?.from ?? today, to: buckets.at(-1)?.to ?? today },
    buckets: buckets.length,
    courses: { days: buckets.map(({ from }) => from), first: x, second: y },
    shared: sharedBy(a, b, settings.catalogue),
    options,
    found: relateCourses(x, y, options),
    dataVersion: await readDataVersion(sql),
  };
}

function kpiOf(name: string, { kpiByName }: Catalogue): KpiDefinition {
  const kpi = kpiByName.get(name);
  if (!kpi) throw new HeraldError('ask', `There is no KPI "${name}".`);
  return kpi;
}

function refuseForeign(kpi: KpiDefinition, filters: readonly Filter[]): void {
  const foreign = filters.find(({ dimension }) => !kpi.dimensions.includes(dimension));
  if (foreign)
    throw new HeraldError(
      'ask',
      `${kpi.title} cannot be narrowed to one ${foreign.dimension}: its records do not carry it, so the two cannot be compared there. Ask without it.`,
    );
}

/** Whole buckets of the window, the last one over before today. */
function bucketsOf(
  window: Span | null,
  grain: CourseGrain,
  calendar: CalendarSettings,
  today: string,
): Span[] {
  const [running = today] = range(today, offset(today, 'day', 1), grain, calendar);
  const to = window && window.to < running ? window.to : running;
  const from = window?.from ?? offset(running, grain, -usual[grain]);
  return range(from, to, grain, calendar)
    .filter((start) => start >= from)
    .map((start) => ({ from: start, to: offset(start, grain, 1) }))
    .filter((bucket) => bucket.to <= to)
    .slice(-longest[grain]);
}

function sharedBy(a: KpiDefinition, b: KpiDefinition, catalogue: Catalogue): string[] {
  const others = new Set(measuresOf(b, catalogue));
  return measuresOf(a, catalogue)
    .filter((name) => others.has(name))
    .map((name) => catalogue.measureByName.get(name)?.label ?? name);
}
