/**
 * Why a number of a period that was told at one instant is another at a later one. The deltas between two data
 * versions are the whole difference; the change log says which records brought them. What the log does not account
 * for is a changed definition, a repair, or records that are no longer kept: the classes add up to the difference.
 */
import type { Queryable } from '../../db/client.ts';
import { HeraldError } from '../../platform/errors.ts';
import { dayIn, today as todayIn } from '../calendar.ts';
import type { Catalogue } from '../catalogue.ts';
import { describeRead } from '../components.ts';
import type { KpiDefinition, Measure } from '../definition.ts';
import { parseFormula, type Read, reads } from '../formula.ts';
import { versionAt } from '../freshness.ts';
import type { Filter } from '../question.ts';
import { readSums, type Sum } from '../read/measure-sums.ts';
import { readFigures } from '../read/read-figures.ts';
import type { Span } from '../read/slice.ts';
import { distributionOf } from '../rollup/distribution.ts';
import type { EngineSettings } from '../settings.ts';
import { type Class, classes } from './classes.ts';
import { type ClassChange, type RecordChange, readRecordChanges } from './record-changes.ts';

export type RestatedPart = {
  /** As the answer's components are named. */
  name: string;
  label: string;
  unit: 'count' | 'money' | 'seconds';
  /** What the part counts: sums of `value`, or `n` facts. Minor units for money, seconds for durations. */
  before: number;
  after: number;
  /** Amounts that add up to `after − before`. */
  classes: readonly { class: Class; records: number; amount: number }[];
  /** The records that moved it most. */
  records: readonly { class: Class; system: string; id: string; amount: number }[];
};

export type Restatement = {
  kpi: string;
  period: Span;
  from: { at: string; dataVersion: number };
  to: { at: string; dataVersion: number };
  /** In the KPI's unit; null when there was nothing to say. */
  before: number | null;
  after: number | null;
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

type World = RestateInput & { settings: EngineSettings; versions: { from: number; to: number } };

/** Compare a KPI of a period as it was known at two instants. Throws `ask` when Herald knew nothing at the first. */
export async function restate(
  sql: Queryable,
  input: RestateInput,
  settings: EngineSettings,
): Promise<Restatement> {
  const { kpi, period, filters, from, to } = input;
  if (to <= from)
    throw new HeraldError('ask', 'The second instant lies before the first. Give the earlier one first.');
  const versions = { from: await versionAt(sql, from), to: await versionAt(sql, to) };
  if (versions.from === null || versions.to === null)
    throw new HeraldError(
      'ask',
      `Herald had no data yet on ${from.toISOString().slice(0, 10)}: what it knew begins with the first sync. Ask for a later date.`,
    );
  const world: World = { ...input, settings, versions: { from: versions.from, to: versions.to } };
  const figureAt = async (asOf: number, at: Date) => {
    const [figures] = await readFigures(
      sql,
      kpi,
      [period],
      { by: null, filters, asOf },
      settings,
      todayIn(at, settings.calendar),
    );
    return figures!.get('')?.value ?? null;
  };
  const parts: RestatedPart[] = [];
  for (const read of readsOf(kpi, settings.catalogue)) parts.push(await restatePart(sql, read, world));
  return {
    kpi: kpi.name,
    period,
    from: { at: from.toISOString(), dataVersion: versions.from },
    to: { at: to.toISOString(), dataVersion: versions.to },
    before: await figureAt(versions.from, from),
    after: await figureAt(versions.to, to),
    parts,
  };
}

/** The stored sums under a KPI, whatever its kind; those of other KPIs that its formula names included. */
function readsOf({ formula }: KpiDefinition, catalogue: Catalogue): Read[] {
  if (formula.kind === 'span')
    return [
      { measure: 'mrr', at: 'start', what: 'value' },
      { measure: 'mrr', at: 'end', what: 'value' },
    ];
  if (formula.kind === 'percentile')
    return [{ measure: distributionOf(formula).name, at: 'period', what: 'count' }];
  if (formula.kind === 'stages')
    throw new HeraldError(
      'ask',
      'The history of deals is read as it is recorded now; what it was before is not kept.',
    );
  if (formula.kind === 'lifetime')
    throw new HeraldError(
      'ask',
      'A forecast is made anew from all customers each time; what it was before is not kept. "mrr" and "churn" can be restated.',
    );
  if (formula.kind === 'attribution')
    throw new HeraldError(
      'ask',
      'Revenue is attributed along the responses as they are recorded now; how it was attributed before is not kept. "bookings" can be restated.',
    );
  if (formula.kind === 'distinct')
    throw new HeraldError(
      'ask',
      'Different values are counted in the records as they are now; what they were before is not kept.',
    );
  return reads(parseFormula(formula.text)).filter(
    (read) => read.what !== 'kpi' && catalogue.measureByName.has(read.measure),
  );
}

async function restatePart(sql: Queryable, read: Read, world: World): Promise<RestatedPart> {
  const { period, filters, versions, settings } = world;
  const measure = settings.catalogue.measureByName.get(read.measure) as Measure;
  const sumAt = async (asOf: number): Promise<Sum> => {
    const [sums] = await readSums(sql, [read], [period], { by: null, filters, asOf });
    return sums!.get('')?.get(`${read.measure}@${read.at}`) ?? { value: 0, n: 0 };
  };
  const [before, after] = [await sumAt(versions.from), await sumAt(versions.to)];
  // Batches that were counted together carry the last one's version: the log is cut where the deltas are.
  const [edges] = await sql<{ lo: number; hi: number }[]>`
    select coalesce(max(seq) filter (where seq <= ${versions.from}), 0)::bigint as lo, coalesce(max(seq), 0)::bigint as hi
    from bucket_delta where tenant = 1 and measure = ${measure.name} and seq <= ${versions.to}`;
  const batches = await sql<{ id: number; seq: number; source: string; stream: string | null }[]>`
    select id, seq, source, stream from change_batch where seq > ${edges!.lo} and seq <= ${edges!.hi}`;
  const changes = await readRecordChanges(sql, {
    measure,
    lo: read.at === 'period' ? period.from : null,
    hi: read.at === 'start' ? period.from : period.to,
    filters,
    timeZone: settings.calendar.timeZone,
    batches: batches.map((batch) => batch.id),
    knownDay: dayIn(world.from, settings.calendar.timeZone),
    most: world.most,
  });
  const own = new Set(
    batches
      .filter((batch) => batch.source === 'herald' && batch.seq > versions.from)
      .map((batch) => batch.stream),
  );
  const amountOf = ({ value, n }: Pick<RecordChange, 'value' | 'n'>) => (read.what === 'count' ? n : value);
  const told = (all: readonly ClassChange[]) =>
    all.map((one) => ({ class: one.class, records: one.records, amount: amountOf(one) }));
  const known = told(changes.classes).filter((one) => one.amount !== 0 || one.records > 0);
  const rest = amountOf(after) - amountOf(before) - known.reduce((sum, one) => sum + one.amount, 0);
  const cause: Class = own.has('definitions') ? 'definition' : own.has('repair') ? 'repaired' : 'unknown';
  const order = Object.keys(classes);
  const { name, label } = describeRead(read, settings.catalogue);
  return {
    name,
    label,
    unit: read.what === 'count' ? 'count' : measure.unit,
    before: amountOf(before),
    after: amountOf(after),
    classes: [...known, ...(rest === 0 ? [] : [{ class: cause, records: 0, amount: rest }])].sort(
      (a, b) => order.indexOf(a.class) - order.indexOf(b.class),
    ),
    records: changes.records.map((one) => ({
      class: one.class,
      system: one.system,
      id: one.id,
      amount: amountOf(one),
    })),
  };
}
