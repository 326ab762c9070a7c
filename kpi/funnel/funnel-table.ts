/** A funnel as a table: a row for each stage, or, by a dimension, a row for each part. */
import type { Database } from '../../db/client.ts';
import { HeraldError } from '../../platform/errors.ts';
import { aboutTable } from '../about-table.ts';
import { knownFilters } from '../engine.ts';
import { formatValue } from '../number.ts';
import type { EngineSettings } from '../settings.ts';
import type { Cell, Column, TableAnswer } from '../table.ts';
import { type FunnelQuestion, type Stage, stagesOf } from './funnel-question.ts';
import { type Funnel, readFunnel } from './read-funnel.ts';

/** At most this many parts are named; the rest is folded into "other". */
const mostParts = 10;
/** Fewer people than this make a rate jump. */
const smallSample = 30;

const definitionOf = (withinDays: number) => ({
  version: '1',
  text: `One cohort: the people who entered the first stage in the period, each followed for ${withinDays} days. A stage counts when it was reached within that time and not before the stage ahead of it; a skipped stage takes the date of the next. Merged duplicates count once.`,
});

export async function funnelTable(
  db: Database,
  question: FunnelQuestion,
  settings: EngineSettings,
  now: Date,
): Promise<TableAnswer> {
  const kpi = settings.catalogue.kpiByName.get(question.kpi);
  if (!kpi) throw new HeraldError('ask', `There is no KPI "${question.kpi}".`);
  const stages = stagesOf(question);
  return db.inTransaction(
    async (sql) => {
      const filters = await knownFilters(sql, kpi, question, settings.catalogue);
      const input = { stages, period: question.period, withinDays: question.withinDays, filters, now };
      const read = (by: FunnelQuestion['by']) =>
        readFunnel(sql, { ...input, by, timeZone: settings.calendar.timeZone });
      const [whole = nobody(stages)] = await read(null);
      const parts = question.by ? folded(await read(question.by), stages) : [];
      const about = await aboutTable(sql, kpi, question, settings, now);
      const table: TableAnswer = {
        ...about,
        kind: 'funnel',
        title: `${stages[0]!.one} to ${stages.at(-1)!.one.toLowerCase()} funnel`,
        sentence: sentenceOf(whole, question, stages),
        reading: question.reading,
        ...(question.by ? byPart(parts, whole, question.by, stages) : byStage(whole, stages)),
        links: [],
        notes: notesOf(whole, stages),
        warnings: [...about.warnings, ...warningsOf(whole, question)],
        definition: definitionOf(question.withinDays),
      };
      return table;
    },
    { isolation: 'repeatable read' },
  );
}

const nobody = (stages: readonly Stage[]): Funnel => ({
  part: '',
  steps: stages.map(() => ({ people: 0, skipped: 0, medianDays: null })),
  immature: 0,
  disordered: 0,
});

const rate = (part: number, whole: number): number | null => (whole === 0 ? null : (100 * part) / whole);

function byStage({ steps }: Funnel, stages: readonly Stage[]) {
  const columns: Column[] = [
    { label: 'Stage', unit: 'text' },
    { label: 'People', unit: 'count' },
    { label: 'Of previous', unit: 'percent' },
    { label: 'Of first', unit: 'percent' },
    { label: 'Median days', unit: 'days' },
  ];
  const rows = steps.map(({ people, medianDays }, i): Cell[] => [
    stages[i]!.many,
    people,
    i === 0 ? null : rate(people, steps[i - 1]!.people),
    rate(people, steps[0]!.people),
    medianDays,
  ]);
  return { columns, rows };
}

function byPart(parts: readonly Funnel[], whole: Funnel, by: string, stages: readonly Stage[]) {
  const columns: Column[] = [
    { label: `${by[0]!.toUpperCase()}${by.slice(1)}`, unit: 'text' },
    ...stages.map(({ many }): Column => ({ label: many, unit: 'count' })),
    { label: `${stages[0]!.one} to ${stages.at(-1)!.one.toLowerCase()}`, unit: 'percent' },
  ];
  const row = (name: string, { steps }: Funnel): Cell[] => [
    name,
    ...steps.map(({ people }) => people),
    rate(steps.at(-1)!.people, steps[0]!.people),
  ];
  return { columns, rows: [...parts.map((part) => row(part.part || 'unknown', part)), row('All', whole)] };
}

/** Largest first; what is beyond the tenth is one part. People add up, medians do not and are left out. */
function folded(parts: readonly Funnel[], stages: readonly Stage[]): Funnel[] {
  const sorted = [...parts].sort(
    (a, b) => b.steps[0]!.people - a.steps[0]!.people || (a.part < b.part ? -1 : 1),
  );
  if (sorted.length <= mostParts) return sorted;
  const rest = sorted.slice(mostParts);
  const add = (pick: (funnel: Funnel) => number) => rest.reduce((sum, funnel) => sum + pick(funnel), 0);
  const other: Funnel = {
    part: 'other',
    steps: stages.map((_stage, i) => ({
      people: add(({ steps }) => steps[i]!.people),
      skipped: add(({ steps }) => steps[i]!.skipped),
      medianDays: null,
    })),
    immature: add(({ immature }) => immature),
    disordered: add(({ disordered }) => disordered),
  };
  return [...sorted.slice(0, mostParts), other];
}

function sentenceOf(
  { steps }: Funnel,
  { period, withinDays, filters }: FunnelQuestion,
  stages: readonly Stage[],
): string {
  const entered = steps[0]!.people;
  const [first, last] = [stages[0]!, stages.at(-1)!];
  const scope = filters.length === 0 ? '' : ` (${filters.flatMap(({ values }) => values).join(', ')})`;
  const noun = (stage: Stage, n: number) =>
    (n === 1 ? stage.one : stage.many).replace(/^(?!MQL|SQL)\w/, (letter) => letter.toLowerCase());
  if (entered === 0) return `Nobody${scope} entered the ${noun(first, 1)} stage in ${period.label}.`;
  const end = steps.at(-1)!.people;
  const done = formatValue(rate(end, entered), 'percent');
  // The step that loses the most people, of those that anybody came to.
  const narrow = steps
    .map(({ people }, i) => ({
      i,
      from: steps[i - 1]?.people ?? 0,
      kept: rate(people, steps[i - 1]?.people ?? 0),
    }))
    .filter(({ i, kept }) => i > 0 && kept !== null)
    .sort((a, b) => a.kept! - b.kept!)[0];
  const hardest =
    narrow && stages.length > 2
      ? ` The narrowest step is ${stages[narrow.i - 1]!.one} to ${noun(stages[narrow.i]!, 1)}: ${formatValue(narrow.kept, 'percent')}.`
      : '';
  return `${done} of the ${formatValue(entered, 'count')} ${noun(first, entered)}${scope} of ${period.label} became ${noun(last, 2)} within ${withinDays} days: ${formatValue(end, 'count')}.${hardest}`;
}

function notesOf({ steps, disordered }: Funnel, stages: readonly Stage[]): string[] {
  const skipped = steps.flatMap(({ skipped: n }, i) => (n > 0 ? [`${stages[i]!.one} ${n}`] : []));
  return [
    ...(skipped.length > 0
      ? [`Skipped, so dated by the next stage: ${skipped.join(', ')}. They are left out of the median days.`]
      : []),
    ...(disordered > 0
      ? [`${disordered} have a stage dated before the one ahead of it and are not counted from there on.`]
      : []),
  ];
}

function warningsOf({ steps, immature }: Funnel, { withinDays }: FunnelQuestion): string[] {
  const entered = steps[0]!.people;
  if (entered === 0) return [];
  return [
    ...(immature > 0
      ? [
          `Not complete: ${formatValue(rate(immature, entered), 'percent')} (${formatValue(immature, 'count')}) entered less than ${withinDays} days ago and may still get further.`,
        ]
      : []),
    ...(entered < smallSample ? [`Small sample: ${entered} people, fewer than ${smallSample}.`] : []),
  ];
}
