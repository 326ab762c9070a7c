/** Question → Answer: reads the materialised tables, never a CRM. The one engine behind chat, digest, alert, export and terminal. */
import type { Database, Queryable } from '../db/client.ts';
import { HeraldError } from '../platform/errors.ts';
import type { Answer, Change, Part, Point } from './answer.ts';
import { lackingOf } from './behind/lacking.ts';
import { today as todayIn } from './calendar.ts';
import type { Catalogue } from './catalogue.ts';
import { componentsOf, formulaText } from './components.ts';
import { type KpiDefinition, mrrMovements, type SpanFigure } from './definition.ts';
import { pastNotes } from './edition/past-notes.ts';
import { refuseUncounted } from './edition/refuse-uncounted.ts';
import { settingsAt } from './edition/settings-at.ts';
import { isSum, parseFormula, reads } from './formula.ts';
import { freshen } from './freshen.ts';
import { readDataVersion, versionAsked } from './freshness.ts';
import { immatureNotes } from './immature.ts';
import type { Filter, Question } from './question.ts';
import { knownValues } from './read/measure-sums.ts';
import { readFigures } from './read/read-figures.ts';
import { type Figure, nothing, type Slice, type Span } from './read/slice.ts';
import { composeSentence } from './sentence.ts';
import { planSeries } from './series.ts';
import type { EngineSettings } from './settings.ts';
import { aimOf } from './target/aim-of.ts';
import { readPlanned } from './target/read-planned.ts';
import { paceComponents } from './target/say-pace.ts';
import { wholeOf } from './target/whole.ts';
import { gatherWarnings } from './warnings.ts';

/** At most this many parts are named; the rest is folded into "other". */
const MOST_PARTS = 10;

/** Answer a question as of `now`. Throws `ask` when it cannot be answered as put, never a wrong number. */
export function answer(
  db: Database,
  question: Question,
  settings: EngineSettings,
  now: Date,
): Promise<Answer> {
  return inSnapshot(db, async (sql) =>
    freshen(sql, await computeIn(sql, question, settings, now), settings, now),
  );
}

/** What the data version decides of an answer, and so may be cached; `freshen` adds the rest. @throws as `answer` */
export function compute(
  db: Database,
  question: Question,
  settings: EngineSettings,
  now: Date,
): Promise<Answer> {
  return inSnapshot(db, (sql) => computeIn(sql, question, settings, now));
}

/** Value, series and parts must agree, whatever is committed meanwhile. */
function inSnapshot<T>(db: Database, read: (sql: Queryable) => Promise<T>): Promise<T> {
  return db.inTransaction(read, { isolation: 'repeatable read' });
}

async function computeIn(
  sql: Queryable,
  asked: Question,
  present: EngineSettings,
  now: Date,
): Promise<Answer> {
  const todays = present.catalogue.kpiByName.get(asked.kpi);
  if (!todays) throw new HeraldError('ask', `There is no KPI "${asked.kpi}".`);
  refuseForeignDimension(todays, asked);
  const today = todayIn(now, present.calendar);
  const question: Question = { ...asked, filters: await knownFilters(sql, todays, asked, present.catalogue) };
  const asOf = await versionAsked(sql, question.asOf);
  // As of a past day, by the definitions that were in force.
  const settings = asOf === null ? present : await settingsAt(sql, present, asOf);
  const kpi = settings.catalogue.kpiByName.get(asked.kpi)!;
  if (asOf !== null) {
    const { by, filters } = question;
    await refuseUncounted(sql, { kpi, by, filters, asOf }, settings.catalogue);
  }
  const slice: Slice = { by: null, filters: question.filters, asOf };
  const plan = planSeries(kpi, question, settings.calendar, today);
  const periods: Span[] = [
    question.period,
    ...(question.comparison ? [question.comparison.period] : []),
    ...plan.points,
    ...plan.comparison,
  ];
  const lacking = await lackingOf(sql, kpi, settings);
  const figures =
    lacking.length > 0
      ? periods.map(() => new Map<string, Figure>())
      : await readFigures(sql, kpi, periods, slice, settings, today);
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
  const parts =
    question.by && lacking.length === 0 ? await readParts(sql, kpi, question, settings, today, asOf) : [];
  const dataVersion = await readDataVersion(sql);
  const planned = await readPlanned(
    sql,
    question,
    wholeOf(question.period, settings.calendar),
    settings.minorPerUnit,
  );
  const aim = aimOf(kpi, question, main.value, settings, planned);
  const draft: Answer = {
    kpi: kpi.name,
    title: kpi.title,
    area: kpi.area,
    value: main.value,
    ...(main.approximate ? { approximate: true } : {}),
    unit: kpi.unit,
    currency: settings.currency,
    good: kpi.good,
    period: question.period,
    comparison: question.comparison ? compare(kpi, question, main.value, before?.value ?? null) : null,
    components: [
      ...componentsOf(kpi, settings.catalogue, main.inputs, before?.inputs ?? null),
      ...paceComponents({ ...aim, unit: kpi.unit }),
    ],
    seriesKind: plan.kind,
    seriesGrain: plan.grain,
    series,
    parts,
    ...aim,
    freshness: [],
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
    warnings: [
      ...gatherWarnings(kpi, draft, { n: main.n, lacking, notes: main.notes }, today),
      ...(draft.value === null
        ? []
        : await immatureNotes(sql, kpi, question.period, settings, { today, asOf })),
      ...(asOf === null ? [] : await pastNotes(sql, { past: kpi, present: todays, asOf }, present)),
    ],
  };
  return { ...complete, sentence: composeSentence(complete, kpi, lacking) };
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
    (isAdditive(kpi) || kpi.formula.kind === 'attribution') &&
    !(kpi.formula.kind === 'span' && (dimension === 'plan' || dimension === 'product'));
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

const additiveSpans: ReadonlySet<SpanFigure> = new Set([
  'new_customers',
  'active_customers',
  'net_new_mrr',
  ...mrrMovements,
]);

/** True when parts add up to the whole. */
export function isAdditive(kpi: KpiDefinition): boolean {
  if (kpi.formula.kind === 'span') return additiveSpans.has(kpi.formula.of);
  return kpi.formula.kind === 'arithmetic' && isSum(parseFormula(kpi.formula.text));
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
export async function knownFilters(
  sql: Queryable,
  kpi: KpiDefinition,
  question: Pick<Question, 'filters'>,
  catalogue: Catalogue,
): Promise<Filter[]> {
  const names = measuresOf(kpi, catalogue);
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
export function measuresOf(kpi: KpiDefinition, catalogue: Catalogue): string[] {
  if (kpi.formula.kind === 'span') return ['mrr'];
  if (kpi.formula.kind === 'attribution') return ['won_value', 'touches'];
  if (kpi.formula.kind !== 'arithmetic') return [];
  const names = reads(parseFormula(kpi.formula.text)).flatMap((read) => {
    if (read.what !== 'kpi') return [read.measure];
    const other = catalogue.kpiByName.get(read.measure);
    return other ? measuresOf(other, catalogue) : [];
  });
  return [...new Set(names)];
}
