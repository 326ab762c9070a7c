/** Question → Answer: reads the materialised tables, never a CRM. The one engine behind chat, digest, alert, export and terminal. */
import type { Database, Queryable } from '../db/client.ts';
import { HeraldError } from '../platform/errors.ts';
import type { Answer, Change, Component, Part, Point } from './answer.ts';
import type { CalendarSettings } from './calendar.ts';
import { today as todayIn } from './calendar.ts';
import type { KpiDefinition } from './definition.ts';
import { kpiByName } from './definitions/index.ts';
import { measureByName } from './definitions/measures.ts';
import { denominator, keyOf, parseFormula, type Read, reads } from './formula.ts';
import { type KnownSource, readDataVersion, readFreshness, versionAt } from './freshness.ts';
import type { Filter, Period, Question } from './question.ts';
import { readArithmetic } from './read/arithmetic.ts';
import { knownValues } from './read/measure-sums.ts';
import { readPercentile } from './read/percentile.ts';
import { type Figures, nothing, type Slice, type Span } from './read/slice.ts';
import { composeSentence } from './sentence.ts';
import { planSeries } from './series.ts';
import { readSpans, spanComponents } from './span/figures.ts';
import { freshnessWarnings, gatherWarnings } from './warnings.ts';

export type EngineSettings = {
  calendar: CalendarSettings;
  currency: string;
  /** 100 for currencies with cents, 1 for those without. */
  minorPerUnit: number;
  sources: readonly KnownSource[];
  /** Target of a KPI for a period, in the KPI's unit; null when none is set. */
  target?: (kpi: string, period: Period) => number | null;
};

/** At most this many parts are named; the rest is folded into "other". */
const MOST_PARTS = 10;

/** Answer a question as of `now`. Throws `ask` when it cannot be answered as put, never a wrong number. */
export async function answer(
  db: Database,
  question: Question,
  settings: EngineSettings,
  now: Date,
): Promise<Answer> {
  const kpi = kpiByName.get(question.kpi);
  if (!kpi) throw new HeraldError('ask', `There is no KPI "${question.kpi}".`);
  refuseForeignDimension(kpi, question);
  // One snapshot: value, series and parts must agree, whatever is committed meanwhile.
  return db.inTransaction((sql) => answerIn(sql, kpi, question, settings, now), {
    isolation: 'repeatable read',
  });
}

async function answerIn(
  sql: Queryable,
  kpi: KpiDefinition,
  asked: Question,
  settings: EngineSettings,
  now: Date,
): Promise<Answer> {
  const today = todayIn(now, settings.calendar);
  const question: Question = { ...asked, filters: await knownFilters(sql, kpi, asked) };
  const asOf = question.asOf === null ? null : await versionAt(sql, new Date(question.asOf));
  if (question.asOf !== null && asOf === null) {
    throw new HeraldError(
      'ask',
      `Herald had no data yet on ${question.asOf.slice(0, 10)}: as-of answers begin with the first sync. Ask for a later date, or without "as of".`,
    );
  }
  const slice: Slice = { by: null, filters: question.filters, asOf };
  const plan = planSeries(kpi, question, settings.calendar, today);
  const periods: Span[] = [
    question.period,
    ...(question.comparison ? [question.comparison.period] : []),
    ...plan.points,
    ...plan.comparison,
  ];
  const figures = await readFigures(sql, kpi, periods, slice, settings, today);
  const main = figures[0]!.get('') ?? nothing;
  const before = question.comparison ? (figures[1]!.get('') ?? nothing) : null;
  const offset = question.comparison ? 2 : 1;
  const series = plan.points.map(
    (point, i): Point => ({
      at: point.from,
      value: figures[offset + i]!.get('')?.value ?? null,
      comparison:
        i < plan.comparison.length
          ? (figures[offset + plan.points.length + i]!.get('')?.value ?? null)
          : null,
      complete: point.to <= today,
    }),
  );
  const parts = question.by ? await readParts(sql, kpi, question, settings, today, asOf) : [];
  const [freshness, dataVersion] = await Promise.all([
    readFreshness(
      sql,
      settings.sources.filter((source) => kpi.sources.includes(source.name)),
      now,
    ),
    readDataVersion(sql),
  ]);
  const draft: Answer = {
    kpi: kpi.name,
    title: kpi.title,
    area: kpi.area,
    value: main.value,
    unit: kpi.unit,
    currency: settings.currency,
    good: kpi.good,
    period: question.period,
    comparison: question.comparison ? compare(kpi, question, main.value, before?.value ?? null) : null,
    components: componentsOf(kpi, main.inputs, before?.inputs ?? null),
    seriesKind: plan.kind,
    seriesGrain: plan.grain,
    series,
    parts,
    target: question.filters.length === 0 ? (settings.target?.(kpi.name, question.period) ?? null) : null,
    freshness,
    definition: { version: kpi.version, text: kpi.text, formula: formulaText(kpi), owner: kpi.owner },
    warnings: [],
    dataVersion: asOf ?? dataVersion,
    sentence: '',
    reading: question.reading,
    question,
    at: now.toISOString(),
  };
  const complete = {
    ...draft,
    warnings: [...gatherWarnings(kpi, draft, main.n, today), ...freshnessWarnings(freshness)],
  };
  return { ...complete, sentence: composeSentence(complete, kpi) };
}

/** The same answer with what is known of its sources now: a cached number is never shown as fresher than it is. */
export async function freshen(
  db: Database,
  given: Answer,
  settings: EngineSettings,
  now: Date,
): Promise<Answer> {
  const kpi = kpiByName.get(given.kpi);
  const freshness = await readFreshness(
    db.sql,
    settings.sources.filter((source) => kpi?.sources.includes(source.name)),
    now,
  );
  const old = new Set(freshnessWarnings(given.freshness));
  return {
    ...given,
    freshness,
    warnings: [...given.warnings.filter((warning) => !old.has(warning)), ...freshnessWarnings(freshness)],
    at: now.toISOString(),
  };
}

/** Figures of any periods, by whatever way the KPI is computed. */
export async function readFigures(
  sql: Queryable,
  kpi: KpiDefinition,
  periods: readonly Span[],
  slice: Slice,
  settings: EngineSettings,
  today: string,
): Promise<Figures> {
  const { formula } = kpi;
  switch (formula.kind) {
    case 'arithmetic':
      return readArithmetic(sql, {
        text: formula.text,
        periods,
        slice,
        minorPerUnit: settings.minorPerUnit,
        today,
      });
    case 'span':
      return readSpans(sql, { of: formula.of, periods, slice, minorPerUnit: settings.minorPerUnit });
    case 'percentile':
      return readPercentile(sql, { formula, periods, slice, timeZone: settings.calendar.timeZone });
    default:
      return formula satisfies never;
  }
}

function compare(
  kpi: KpiDefinition,
  question: Question,
  value: number | null,
  before: number | null,
): Change {
  const { period } = question.comparison!;
  const changeUnit = kpi.unit === 'percent' ? 'pp' : '%';
  const change =
    value === null || before === null
      ? null
      : changeUnit === 'pp'
        ? value - before
        : before === 0
          ? null
          : (100 * (value - before)) / Math.abs(before);
  const moved = value !== null && before !== null && value !== before;
  return {
    label: period.label,
    period,
    value: before,
    change,
    changeUnit,
    good: !moved || kpi.good === 'none' ? null : value > before === (kpi.good === 'up'),
  };
}

async function readParts(
  sql: Queryable,
  kpi: KpiDefinition,
  question: Question,
  settings: EngineSettings,
  today: string,
  asOf: number | null,
): Promise<Part[]> {
  const dimension = question.by!;
  const periods = [question.period, ...(question.comparison ? [question.comparison.period] : [])];
  const [now, before] = await readFigures(
    sql,
    kpi,
    periods,
    { by: dimension, filters: question.filters, asOf },
    settings,
    today,
  );
  // A customer with two products counts with each of them: such parts do not add up to customers.
  const additive =
    isAdditive(kpi) && !(kpi.formula.kind === 'span' && (dimension === 'plan' || dimension === 'product'));
  const parts = [...now!]
    .filter(([, figure]) => figure.n > 0 || (figure.value ?? 0) !== 0)
    .map(
      ([name, figure]): Part => ({
        dimension,
        name: name === '' ? 'unknown' : name,
        value: figure.value,
        n: figure.n,
        comparison: before?.get(name)?.value ?? null,
      }),
    );
  const order = question.top?.order === 'bottom' ? 1 : -1;
  parts.sort(
    (a, b) =>
      (a.value === null ? 1 : b.value === null ? -1 : order * (a.value - b.value)) ||
      (a.name < b.name ? -1 : 1),
  );
  const most = Math.min(question.top?.n ?? MOST_PARTS, MOST_PARTS);
  if (parts.length <= most) return parts;
  const rest = parts.slice(most);
  const sum = (pick: (part: Part) => number | null) =>
    rest.reduce((total, part) => total + (pick(part) ?? 0), 0);
  // Only sums add up: the rest of a rate or a median has no value of its own here.
  const other: Part = {
    dimension,
    name: 'other',
    value: additive ? sum((part) => part.value) : null,
    n: sum((part) => part.n),
    comparison: additive && question.comparison ? sum((part) => part.comparison) : null,
  };
  return [...parts.slice(0, most), other];
}

/** True when parts add up to the whole. */
export function isAdditive(kpi: KpiDefinition): boolean {
  if (kpi.formula.kind === 'span')
    return kpi.formula.of === 'new_customers' || kpi.formula.of === 'active_customers';
  return kpi.formula.kind === 'arithmetic' && denominator(parseFormula(kpi.formula.text)) === null;
}

function componentsOf(
  kpi: KpiDefinition,
  now: ReadonlyMap<string, number | null>,
  before: ReadonlyMap<string, number | null> | null,
): Component[] {
  if (kpi.formula.kind === 'span') {
    return spanComponents[kpi.formula.of].map(({ name, label, unit }) => ({
      name,
      label,
      unit,
      value: now.get(name) ?? null,
      comparison: before?.get(name) ?? null,
    }));
  }
  if (kpi.formula.kind === 'percentile')
    return [
      {
        name: 'n',
        label: 'records',
        unit: 'count',
        value: now.get('n') ?? null,
        comparison: before?.get('n') ?? null,
      },
    ];
  return reads(parseFormula(kpi.formula.text)).map((read) => {
    const key = keyOf(read);
    return {
      name: componentName(read),
      label: componentLabel(read),
      unit: read.what === 'count' ? 'count' : unitOf(read),
      value: now.get(key) ?? null,
      comparison: before?.get(key) ?? null,
    };
  });
}

const componentName = (read: Read) =>
  `${read.what === 'count' ? 'count_' : ''}${read.measure}${read.at === 'period' ? '' : `_${read.at}`}`;

function componentLabel(read: Read): string {
  const label = measureByName.get(read.measure)?.label ?? read.measure;
  return `${read.what === 'count' ? 'number of ' : ''}${label}${read.at === 'period' ? '' : ` at the ${read.at}`}`;
}

function unitOf(read: Read): Component['unit'] {
  const unit = measureByName.get(read.measure)?.unit ?? 'count';
  return unit === 'money' ? 'money' : 'count';
}

function formulaText({ formula }: KpiDefinition): string {
  if (formula.kind === 'arithmetic') return formula.text;
  if (formula.kind === 'percentile')
    return `${formula.p === 0.5 ? 'median' : `${100 * formula.p}th percentile`} over ${formula.table}s`;
  return spanComponents[formula.of].map((component) => component.label).join(' ÷ ');
}

function refuseForeignDimension(kpi: KpiDefinition, question: Question): void {
  const asked = [
    ...(question.by ? [question.by] : []),
    ...question.filters.map((filter) => filter.dimension),
  ];
  const foreign = asked.find((dimension) => !kpi.dimensions.includes(dimension));
  if (!foreign) return;
  const may = kpi.dimensions;
  const name = kpi.name.replaceAll('_', ' ');
  throw new HeraldError(
    'ask',
    may.length === 0
      ? `${kpi.title} has no breakdown: its records do not carry ${foreign}.`
      : `${kpi.title} cannot be split by ${foreign}: its records do not carry it. It can be split by ${may.join(', ')}.`,
    {
      suggestions: may.length === 0 ? [name] : may.slice(0, 3).map((dimension) => `${name} by ${dimension}`),
    },
  );
}

/** Filters with their values spelled as the records spell them; a value that no record has is refused with those there are. */
async function knownFilters(sql: Queryable, kpi: KpiDefinition, question: Question): Promise<Filter[]> {
  const names = measuresOf(kpi);
  return Promise.all(
    question.filters.map(async ({ dimension, values }) => {
      const known = names.length > 0 ? await knownValues(sql, names, dimension) : [...values];
      const spelled = values.map((value) => {
        const found = known.find((name) => name.toLowerCase() === value.toLowerCase());
        if (found !== undefined) return found;
        throw new HeraldError(
          'ask',
          `${kpi.title} has no ${dimension} "${value}". ${known.length > 0 ? `It has ${known.slice(0, 8).join(', ')}.` : 'No record has one yet.'}`,
          {
            suggestions: known
              .slice(0, 3)
              .map((name) => `${kpi.name.replaceAll('_', ' ')} ${dimension} ${name}`),
          },
        );
      });
      return { dimension, values: spelled };
    }),
  );
}

/** Measures whose buckets say which dimension values a KPI knows. */
export function measuresOf(kpi: KpiDefinition): string[] {
  if (kpi.formula.kind === 'span') return ['mrr'];
  if (kpi.formula.kind === 'arithmetic')
    return [...new Set(reads(parseFormula(kpi.formula.text)).map((read) => read.measure))];
  return [];
}
