/** A funnel as a table: a row for each stage, or, by a dimension, a row for each part. */
import type { Database, Queryable } from '../../db/client.ts';
import { HeraldError } from '../../platform/errors.ts';
import { aboutTable } from '../about-table.ts';
import { knownFilters } from '../engine.ts';
import type { EngineSettings } from '../settings.ts';
import type { Cell, Column, TableAnswer } from '../table.ts';
import { type FunnelQuestion, type Stage, stagesBetween } from './funnel-question.ts';
import { readDealFunnels } from './read-deal-funnel.ts';
import { type Funnel, readFunnel } from './read-funnel.ts';
import { type FunnelWords, rate, wordsOfDeals, wordsOfPeople } from './say-funnel.ts';

/** At most this many parts are named; the rest is folded into "other". */
const mostParts = 10;

type Read = { stages: readonly Stage[]; funnels: readonly Funnel[]; words: FunnelWords };

export async function funnelTable(
  db: Database,
  question: FunnelQuestion,
  settings: EngineSettings,
  now: Date,
): Promise<TableAnswer> {
  const kpi = settings.catalogue.kpiByName.get(question.kpi);
  if (!kpi) throw new HeraldError('ask', `There is no KPI "${question.kpi}".`);
  return db.inTransaction(
    async (sql) => {
      const filters = await knownFilters(sql, kpi, question, settings.catalogue);
      const read = readerOf(sql, { ...question, filters }, settings, now);
      const { stages, funnels, words } = await read(null);
      const whole = funnels[0] ?? nobody(stages);
      const parts = question.by ? folded((await read(question.by)).funnels, stages) : [];
      const about = await aboutTable(sql, kpi, question, settings, now);
      const table: TableAnswer = {
        ...about,
        kind: 'funnel',
        title: words.title,
        sentence: words.sentence(whole),
        reading: question.reading,
        ...(question.by ? byPart(parts, whole, question.by, stages) : byStage(whole, stages, words.entered)),
        links: [],
        notes: words.notes(whole),
        warnings: [...about.warnings, ...words.warnings(whole)],
        definition: { version: '1', text: words.definition },
      };
      return table;
    },
    { isolation: 'repeatable read' },
  );
}

/** People's stages are known beforehand, those of deals are what their history says. */
function readerOf(sql: Queryable, question: FunnelQuestion, settings: EngineSettings, now: Date) {
  const { of, period, withinDays, filters } = question;
  const input = { period, withinDays, filters, now, timeZone: settings.calendar.timeZone };
  return async (by: FunnelQuestion['by']): Promise<Read> => {
    if (of.who === 'people') {
      const stages = stagesBetween(of.from, of.to);
      const funnels = await readFunnel(sql, { ...input, stages, by });
      return { stages, funnels, words: wordsOfPeople(question, stages) };
    }
    const { stages, funnels, lost, open } = await readDealFunnels(sql, { ...input, by });
    return { stages, funnels, words: wordsOfDeals(question, stages, { lost, open }) };
  };
}

const nobody = (stages: readonly Stage[]): Funnel => ({
  part: '',
  steps: stages.map(() => ({ count: 0, skipped: 0, medianDays: null })),
  immature: 0,
  disordered: 0,
});

function byStage({ steps }: Funnel, stages: readonly Stage[], entered: string) {
  const columns: Column[] = [
    { label: 'Stage', unit: 'text' },
    { label: entered, unit: 'count' },
    { label: 'Of previous', unit: 'percent' },
    { label: 'Of first', unit: 'percent' },
    { label: 'Median days', unit: 'days' },
  ];
  const rows = steps.map(({ count, medianDays }, i): Cell[] => [
    stages[i]!.many,
    count,
    i === 0 ? null : rate(count, steps[i - 1]!.count),
    rate(count, steps[0]!.count),
    medianDays,
  ]);
  return { columns, rows };
}

function byPart(parts: readonly Funnel[], whole: Funnel, by: string, stages: readonly Stage[]) {
  const columns: Column[] = [
    { label: `${by[0]!.toUpperCase()}${by.slice(1)}`, unit: 'text' },
    ...stages.map(({ many }): Column => ({ label: many, unit: 'count' })),
    { label: 'First to last', unit: 'percent' },
  ];
  const row = (name: string, { steps }: Funnel): Cell[] => [
    name,
    ...steps.map(({ count }) => count),
    steps.length === 0 ? null : rate(steps.at(-1)!.count, steps[0]!.count),
  ];
  return { columns, rows: [...parts.map((part) => row(part.part || 'unknown', part)), row('All', whole)] };
}

/** Largest first; what is beyond the tenth is one part. Counts add up, medians do not and are left out. */
function folded(parts: readonly Funnel[], stages: readonly Stage[]): Funnel[] {
  const sorted = [...parts].sort(
    (a, b) => b.steps[0]!.count - a.steps[0]!.count || (a.part < b.part ? -1 : 1),
  );
  if (sorted.length <= mostParts) return sorted;
  const rest = sorted.slice(mostParts);
  const add = (pick: (funnel: Funnel) => number) => rest.reduce((sum, funnel) => sum + pick(funnel), 0);
  const other: Funnel = {
    part: 'other',
    steps: stages.map((_stage, i) => ({
      count: add(({ steps }) => steps[i]!.count),
      skipped: add(({ steps }) => steps[i]!.skipped),
      medianDays: null,
    })),
    immature: add(({ immature }) => immature),
    disordered: add(({ disordered }) => disordered),
  };
  return [...sorted.slice(0, mostParts), other];
}
