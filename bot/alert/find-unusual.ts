/** Which days of which KPIs are out of the ordinary, and what they are told with. Reads only. */
import type { Database } from '../../db/client.ts';
import { detect } from '../../kpi/anomaly/detect.ts';
import { benjaminiHochberg, pValue } from '../../kpi/anomaly/false-discovery.ts';
import { explain, type Finding } from '../../kpi/anomaly/finding.ts';
import { median } from '../../kpi/anomaly/robust.ts';
import { sourcesBehind } from '../../kpi/behind/sources-behind.ts';
import { addDays, dayIn, minDay, today as todayIn } from '../../kpi/calendar.ts';
import type { KpiDefinition } from '../../kpi/definition.ts';
import { readFreshness } from '../../kpi/freshness.ts';
import { formatValue } from '../../kpi/number.ts';
import type { Day, Dimension } from '../../kpi/question.ts';
import { readFigures } from '../../kpi/read/read-figures.ts';
import type { EngineSettings } from '../../kpi/settings.ts';
import { type LeadingPart, leadingPart } from '../../kpi/why/leading-part.ts';
import { isWatchable } from './watched.ts';

export type Unusual = {
  kpi: KpiDefinition;
  finding: Finding;
  /** Two sentences: what happened, and which part explains it most. */
  text: string;
  /** Where the next click should go. */
  by: Dimension | null;
};

export type FindInput = { db: Database; engine: EngineSettings; now: Date; holidays?: readonly Day[] };

/** Four months: enough for eight same weekdays and the wobble of the weeks before them. */
const historyDays = 120;
/** An episode that ended earlier is no news. */
const newsDays = 2;
/** Share of false alarms among the KPIs told that is put up with. */
const falseShare = 0.1;
const sameWeekdays = 8;
const dimensionsTried: readonly Dimension[] = ['product', 'segment', 'region'];

export async function findUnusual(input: FindInput): Promise<Unusual[]> {
  const today = todayIn(input.now, input.engine.calendar);
  const tested: { kpi: KpiDefinition; finding: Finding | null }[] = [];
  for (const kpi of input.engine.catalogue.kpis.filter(isWatchable)) {
    const series = await dailySeries(kpi, input, today);
    if (series === null) continue;
    const findings = detect(series, {
      kind: kpi.unit === 'money' ? 'money' : 'count',
      good: kpi.good,
      ...(input.holidays ? { holidays: input.holidays } : {}),
    });
    const news = findings.filter(({ endedOn }) => endedOn >= addDays(today, -newsDays)).at(-1);
    tested.push({ kpi, finding: news ?? null });
  }
  // Many KPIs are looked at every day: some would be odd by chance.
  const verdicts = benjaminiHochberg(
    tested.map(({ finding }) => (finding ? pValue(finding.z) : 1)),
    falseShare,
  );
  const unusual: Unusual[] = [];
  for (const [i, { kpi, finding }] of tested.entries())
    if (finding && verdicts[i]) unusual.push(await tell(kpi, finding, input, today));
  return unusual;
}

/**
 * A value for every day up to the last one that all of the KPI's sources cover whole; null when one was never read. A
 * sync that is behind must not be told as a drop of the business.
 */
async function dailySeries(kpi: KpiDefinition, { db, engine, now }: FindInput, today: Day) {
  const freshness = await readFreshness(db.sql, sourcesBehind(kpi, engine), now);
  if (freshness.length === 0 || freshness.some(({ coveredUntil }) => coveredUntil === null)) return null;
  const covered = freshness
    .map(({ coveredUntil }) => dayIn(new Date(coveredUntil!), engine.calendar.timeZone))
    .reduce(minDay, today);
  const days = Array.from({ length: historyDays }, (_, i) => addDays(covered, i - historyDays));
  const spans = days.map((day) => ({ from: day, to: addDays(day, 1) }));
  const figures = await readFigures(db.sql, kpi, spans, { by: null, filters: [], asOf: null }, engine, today);
  return days.map((day, i) => ({ day, value: figures[i]!.get('')?.value ?? null }));
}

async function tell(kpi: KpiDefinition, finding: Finding, input: FindInput, today: Day): Promise<Unusual> {
  const { currency } = input.engine;
  const said = explain(finding, kpi.title, (value) =>
    formatValue(kpi.unit === 'count' ? Math.round(value) : value, kpi.unit, { currency }),
  );
  const tried = dimensionsTried.filter((dimension) => kpi.dimensions.includes(dimension));
  let best: (LeadingPart & { dimension: Dimension }) | null = null;
  for (const dimension of tried) {
    const found = leadingPart(await partsOn(kpi, finding.day, dimension, input, today));
    if (found && (!best || found.share > best.share)) best = { ...found, dimension };
  }
  const by = best?.dimension ?? tried[0] ?? null;
  if (tried.length === 0) return { kpi, finding, text: said, by };
  const share =
    best && best.share > 1
      ? 'more than the whole difference'
      : `${Math.round(100 * (best?.share ?? 0))} % of the difference`;
  const why = best
    ? `${best.name} (${best.dimension}) makes up ${share}.`
    : `No single ${tried.join(', ').replace(/, (\w+)$/, ' or $1')} explains it.`;
  return { kpi, finding, text: `${said} ${why}`, by };
}

/** Each part on that day, against the median of its last same weekdays. */
async function partsOn(kpi: KpiDefinition, day: Day, by: Dimension, { db, engine }: FindInput, today: Day) {
  const days = Array.from({ length: sameWeekdays + 1 }, (_, i) => addDays(day, -7 * i));
  const spans = days.map((from) => ({ from, to: addDays(from, 1) }));
  const [on, ...before] = await readFigures(
    db.sql,
    kpi,
    spans,
    { by, filters: [], asOf: null },
    engine,
    today,
  );
  const names = new Set([on!, ...before].flatMap((figures) => [...figures.keys()]));
  return [...names].map((name) => ({
    name,
    value: on!.get(name)?.value ?? 0,
    comparison: median(before.map((figures) => figures.get(name)?.value ?? 0)),
  }));
}
