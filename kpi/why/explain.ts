/** "Why did it move?": the parts of every dimension in both periods, and the dimension that tells it best. */
import type { Database, Queryable } from '../../db/client.ts';
import { HeraldError } from '../../platform/errors.ts';
import type { Answer } from '../answer.ts';
import { today as todayIn } from '../calendar.ts';
import type { KpiDefinition } from '../definition.ts';
import { readDataVersion } from '../freshness.ts';
import type { Dimension, Filter, Period } from '../question.ts';
import { readFigures } from '../read/read-figures.ts';
import type { Figures, Slice } from '../read/slice.ts';
import type { EngineSettings } from '../settings.ts';
import { byFactors } from './by-factors.ts';
import { byMovements, timesMrr } from './by-movements.ts';
import { byRetention, isRetention } from './by-retention.ts';
import { type Chosen, chooseDimension } from './choose-dimension.ts';
import { moves, type PartMove } from './parts.ts';
import { byMagnitude, nameOf, sayWhere, sayWhy } from './say-why.ts';
import { type Shape, shapeOf } from './shape.ts';
import type { Contributor, Why } from './why.ts';

/** What is read: figures of [after, before] for one breakdown, always at the answer's data version. */
type Reader = (by: Dimension | null, within?: Filter) => Promise<Figures>;
type Table = { dimension: Dimension; parts: PartMove[] };
type Splittable = Extract<Shape, { kind: 'additive' | 'ratio' }>;
/** A longer list within a part is no longer a short answer. */
const mostWithin = 2;
type Move = { answer: Answer; kpi: KpiDefinition; before: Period; change: number };

/**
 * Explain an answer's change against its comparison, at the data version of the answer: its contributions add up to
 * that very change. A breakdown in the question fixes the dimension; otherwise the one that tells most is taken.
 * Throws `ask` when there is no change to explain or the KPI does not add up over any parts.
 */
export async function explainMove(
  db: Database,
  answer: Answer,
  settings: EngineSettings,
  now: Date,
): Promise<Why> {
  const kpi = settings.catalogue.kpiByName.get(answer.kpi);
  if (!kpi) throw new HeraldError('ask', `There is no KPI "${answer.kpi}".`);
  const move = moveOf(answer, kpi);
  const shape = shapeOf(kpi, settings.catalogue);
  if (shape.kind === 'none') throw doesNotAddUp(kpi);
  return db.inTransaction(
    async (sql) => {
      const read = await readerAt(sql, move, settings, todayIn(now, settings.calendar));
      if (shape.kind === 'product')
        return byFactors(shape, settings.catalogue, answer, move.before, await read(null));
      const moved = answer.question.by === null ? await byCustomers(sql, shape, move, read, settings) : null;
      if (moved) return moved;
      const parts = await byParts(shape, move, read);
      if (!parts) throw doesNotAddUp(kpi);
      return parts;
    },
    { isolation: 'repeatable read' },
  );
}

function moveOf(answer: Answer, kpi: KpiDefinition): Move {
  const { value, comparison } = answer;
  const said = kpi.name.replaceAll('_', ' ');
  if (!comparison)
    throw new HeraldError('ask', 'There is nothing to compare with, so no change to explain.', {
      suggestions: [`why ${said} vs last year`],
    });
  if (value === null || comparison.value === null) {
    const missing = value === null ? answer.period.label : comparison.label;
    throw new HeraldError('ask', `${kpi.title} has no figure for ${missing}, so no change to explain.`);
  }
  return { answer, kpi, before: comparison.period, change: value - comparison.value };
}

function doesNotAddUp(kpi: KpiDefinition): HeraldError {
  if (kpi.dimensions.length === 0)
    return new HeraldError('ask', `${kpi.title} has no breakdown, so its change cannot be split.`, {
      suggestions: [kpi.name.replaceAll('_', ' ')],
    });
  const said = kpi.name.replaceAll('_', ' ');
  const what = kpi.formula.kind === 'percentile' ? 'a median or percentile' : 'not a sum of its parts';
  return new HeraldError(
    'ask',
    `${kpi.title} is ${what}: no share of its change belongs to a part. Split it and compare the parts instead.`,
    { suggestions: kpi.dimensions.slice(0, 3).map((dimension) => `${said} by ${dimension}`) },
  );
}

/** A sync may have ended since the answer was given: then the parts are read as they were known for it. */
async function readerAt(
  sql: Queryable,
  { answer, kpi, before }: Move,
  settings: EngineSettings,
  today: string,
): Promise<Reader> {
  const { question } = answer;
  const asOf = await versionOf(sql, answer);
  return (by, within) => {
    const slice: Slice = { by, filters: [...question.filters, ...(within ? [within] : [])], asOf };
    return readFigures(sql, kpi, [answer.period, before], slice, settings, today);
  };
}

/** Null while the answer's data version is the present one. */
async function versionOf(sql: Queryable, { question, dataVersion }: Answer): Promise<number | null> {
  return question.asOf === null && (await readDataVersion(sql)) === dataVersion ? null : dataVersion;
}

/** Recurring revenue moves by what its customers do; null for every other KPI, and where movements do not tell it. */
async function byCustomers(
  sql: Queryable,
  shape: Splittable,
  move: Move,
  read: Reader,
  settings: EngineSettings,
): Promise<Why | null> {
  const { answer, kpi } = move;
  const asOf = await versionOf(sql, answer);
  const times = timesMrr(kpi);
  if (times !== null) return byMovements(sql, { ...move, times, asOf }, settings);
  if (kpi.formula.kind !== 'span' || !isRetention(kpi.formula.of)) return null;
  const told = await byRetention(sql, { ...move, of: kpi.formula.of, asOf }, settings);
  const parts = await byParts(shape, move, read);
  return parts
    ? { ...told, dimensions: parts.dimensions, sentence: `${told.sentence} ${sayWhere(parts)}`.trim() }
    : told;
}

/** Null where no dimension's parts add up to the whole. */
async function byParts(shape: Splittable, move: Move, read: Reader): Promise<Why | null> {
  const { answer, kpi } = move;
  const asked = answer.question.by;
  const tables = await tablesOf(shape, move, asked ? [asked] : tellingDimensions(answer, kpi), read);
  const chosen = move.change === 0 ? null : chooseDimension(tables);
  const table = tables.find(({ dimension }) => dimension === chosen?.dimension) ?? tables[0];
  if (!table) return null;
  const contributors = table.parts.map(
    (part): Contributor => ({
      name: nameOf(part.name),
      contribution: part.contribution,
      // Equal sums may differ by what floating point leaves; that is no move to have a share of.
      share: move.change === 0 ? null : part.share,
      ...('mix' in part ? { mix: part.mix, rate: part.rate } : {}),
      before: part.before,
      after: part.after,
      unit: kpi.unit,
    }),
  );
  const found: Omit<Why, 'sentence'> = {
    kpi: kpi.name,
    dimension: table.dimension,
    dimensions: tables.map(({ dimension }) => dimension),
    contributors: contributors.sort(byMagnitude),
    leading: chosen && !chosen.broadBased ? chosen.leading.map(nameOf) : [],
    broadBased: chosen?.broadBased ?? false,
    within: chosen && !asked ? await withinOf(shape, move, chosen, read) : null,
    method: shape.kind === 'ratio' ? 'mix_rate' : 'additive',
    change: move.change,
  };
  return { ...found, sentence: sayWhy(found, answer) };
}

/** Dimensions whose parts add up to the whole, or to what of it is `within`. */
async function tablesOf(
  shape: Splittable,
  { answer, before }: Move,
  dimensions: readonly Dimension[],
  read: Reader,
  within?: Filter,
): Promise<Table[]> {
  const whole = await read(null, within);
  const tables: Table[] = [];
  for (const dimension of dimensions) {
    const parts = moves(shape, whole, await read(dimension, within), { before, after: answer.period });
    if (parts) tables.push({ dimension, parts });
  }
  return tables;
}

/** One step deeper: where inside the one part that stands out, as long as that is an explanation too. */
async function withinOf(
  shape: Splittable,
  move: Move,
  { dimension, leading, broadBased }: Chosen,
  read: Reader,
): Promise<Why['within']> {
  const [part] = leading;
  if (broadBased || leading.length !== 1 || !part) return null;
  const rest = tellingDimensions(move.answer, move.kpi).filter((one) => one !== dimension);
  const tables = await tablesOf(shape, move, rest, read, { dimension, values: [part] });
  // A part may fall itself and add to a rise by its weight: then its own parts explain another move.
  const own = tables[0]?.parts.reduce((sum, one) => sum + one.contribution, 0) ?? 0;
  const deeper = own * move.change > 0 ? chooseDimension(tables) : null;
  if (!deeper || deeper.broadBased || deeper.leading.length > mostWithin) return null;
  return { dimension: deeper.dimension, leading: deeper.leading.map(nameOf), share: deeper.explained };
}

/** A dimension filtered to one value is a whole of one part. */
function tellingDimensions({ question }: Answer, kpi: KpiDefinition): Dimension[] {
  const single = question.filters.filter((filter) => filter.values.length === 1);
  return kpi.dimensions.filter((dimension) => !single.some((filter) => filter.dimension === dimension));
}
