/** A finding in words: what happened against what is usual, and what goes with it, as association. */
import type { Database } from '../../db/client.ts';
import { explain, type Finding } from '../../kpi/anomaly/finding.ts';
import { median } from '../../kpi/anomaly/robust.ts';
import type { Segment } from '../../kpi/anomaly/scan.ts';
import { watchOf } from '../../kpi/anomaly/watch.ts';
import { addDays } from '../../kpi/calendar.ts';
import type { KpiDefinition } from '../../kpi/definition.ts';
import { formatValue } from '../../kpi/number.ts';
import type { Day, Dimension } from '../../kpi/question.ts';
import { readFigures } from '../../kpi/read/read-figures.ts';
import type { EngineSettings } from '../../kpi/settings.ts';
import { type LeadingPart, leadingPart } from '../../kpi/why/leading-part.ts';
import { nameOf } from '../../kpi/why/say-why.ts';

export type TellInput = {
  db: Database;
  engine: EngineSettings;
  kpi: KpiDefinition;
  segment: Segment | null;
  finding: Finding;
  /** Segments of the KPI that are unusual too. */
  alongside: readonly Segment[];
  today: Day;
};

const sameWeekdays = 8;
const dimensionsTried: readonly Dimension[] = ['product', 'segment', 'region'];
const mostAlongside = 3;

/** "Tickets created", "Tickets created (product Edge)". */
export const titleOf = (kpi: KpiDefinition, segment: Segment | null) =>
  segment ? `${kpi.title} (${segment.dimension} ${nameOf(segment.value)})` : kpi.title;

/** The finding's sentence, in the KPI's unit. */
export function sentenceOf(
  kpi: KpiDefinition,
  segment: Segment | null,
  finding: Finding,
  currency: string,
): string {
  return explain(finding, titleOf(kpi, segment), (value) =>
    formatValue(kpi.unit === 'count' ? Math.round(value) : value, kpi.unit, { currency }),
  );
}

export async function tell(input: TellInput): Promise<{ text: string; by: Dimension | null }> {
  const { kpi, segment, finding, engine } = input;
  const said = sentenceOf(kpi, segment, finding, engine.currency);
  const tried = dimensionsTried.filter(
    (dimension) => kpi.dimensions.includes(dimension) && dimension !== segment?.dimension,
  );
  // Only what adds up has parts that make up a difference.
  const adds = watchOf(kpi, engine.catalogue).how === 'sum';
  if (!adds || tried.length === 0) return { text: `${said}${goesWith(input)}`, by: tried[0] ?? null };
  let best: (LeadingPart & { dimension: Dimension }) | null = null;
  for (const dimension of tried) {
    const found = leadingPart(await partsOn(dimension, input));
    if (found && (!best || found.share > best.share)) best = { ...found, dimension };
  }
  const share =
    best && best.share > 1
      ? 'more than the whole difference'
      : `${Math.round(100 * (best?.share ?? 0))} % of the difference`;
  const why = best
    ? `${nameOf(best.name)} (${best.dimension}) makes up ${share}.`
    : `No single ${tried.join(', ').replace(/, (\w+)$/, ' or $1')} explains it.`;
  return { text: `${said} ${why}`, by: best?.dimension ?? tried[0] ?? null };
}

function goesWith({ alongside }: TellInput): string {
  if (alongside.length === 0) return '';
  const names = alongside
    .slice(0, mostAlongside)
    .map(({ dimension, value }) => `${nameOf(value)} (${dimension})`);
  const rest = alongside.length - names.length;
  const who = [...names, ...(rest > 0 ? [`${rest} more`] : [])];
  const listed = who.length === 1 ? who[0] : `${who.slice(0, -1).join(', ')} and ${who.at(-1)}`;
  return ` ${listed} ${who.length === 1 ? 'is' : 'are'} unusual with it.`;
}

/** Each part on that day (or week), against the median of the last ones like it. */
async function partsOn(by: Dimension, { db, engine, kpi, segment, finding, today }: TellInput) {
  const length = finding.sentenceFacts.unit === 'week' ? 7 : 1;
  const days = Array.from({ length: sameWeekdays + 1 }, (_, i) => addDays(finding.day, -7 * i));
  const spans = days.map((from) => ({ from, to: addDays(from, length) }));
  const filters = segment ? [{ dimension: segment.dimension, values: [segment.value] }] : [];
  const [on, ...before] = await readFigures(db.sql, kpi, spans, { by, filters, asOf: null }, engine, today);
  const names = new Set([on!, ...before].flatMap((figures) => [...figures.keys()]));
  return [...names].map((name) => ({
    name,
    value: on!.get(name)?.value ?? 0,
    comparison: median(before.map((figures) => figures.get(name)?.value ?? 0)),
  }));
}
