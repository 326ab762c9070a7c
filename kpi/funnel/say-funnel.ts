/** What a funnel says of itself: of people, and of deals. */
import { formatValue } from '../number.ts';
import type { FunnelQuestion, Stage } from './funnel-question.ts';
import type { Funnel } from './read-funnel.ts';

export type FunnelWords = {
  title: string;
  /** Who goes through: the head of the column that counts them. */
  entered: string;
  definition: string;
  sentence(whole: Funnel): string;
  notes(whole: Funnel): string[];
  warnings(whole: Funnel): string[];
};

/** Fewer than this make a rate jump. */
const smallSample = 30;

export const rate = (part: number, whole: number): number | null =>
  whole === 0 ? null : (100 * part) / whole;

export function wordsOfPeople(question: FunnelQuestion, stages: readonly Stage[]): FunnelWords {
  const [first, last] = [stages[0]!, stages.at(-1)!];
  const { withinDays, period } = question;
  return {
    title: `${first.one} to ${last.one.toLowerCase()} funnel`,
    entered: 'People',
    definition: `One cohort: the people who entered the first stage in the period, each followed for ${withinDays} days. A stage counts when it was reached within that time and not before the stage ahead of it; a skipped stage takes the date of the next. Merged duplicates count once.`,
    sentence: ({ steps }) =>
      steps[0]!.count === 0
        ? `Nobody${scopeOf(question)} entered the ${noun(first, 1)} stage in ${period.label}.`
        : course(steps, question, stages, {
            whom: noun(first, steps[0]!.count),
            did: `became ${noun(last, 2)}`,
          }),
    notes: ({ steps, disordered }) => [
      ...skips(steps, stages),
      ...(disordered > 0
        ? [`${disordered} have a stage dated before the one ahead of it and are not counted from there on.`]
        : []),
    ],
    warnings: (whole) => warningsOf(whole, question, 'people'),
  };
}

export function wordsOfDeals(
  question: FunnelQuestion,
  stages: readonly Stage[],
  { lost, open }: { lost: number; open: number },
): FunnelWords {
  const { withinDays, period } = question;
  const count = (n: number) => formatValue(n, 'count');
  return {
    title: 'Deal funnel',
    entered: 'Deals',
    definition: `One cohort: the deals that entered their first stage in the period, each followed for ${withinDays} days. Stages are in the order of their probability, the win last; a stage counts when it or a later one was entered within that time, so a skipped stage takes the date of the next.`,
    sentence: ({ steps }) =>
      (steps[0]?.count ?? 0) === 0
        ? `No deal${scopeOf(question)} entered the pipeline in ${period.label}.`
        : course(steps, question, stages, {
            whom: steps[0]!.count === 1 ? 'deal' : 'deals',
            did: `reached ${stages.at(-1)!.one}`,
          }),
    notes: ({ steps }) => [
      ...skips(steps, stages),
      ...(lost + open > 0
        ? [`As of now ${count(lost)} of them are lost and ${count(open)} still open.`]
        : []),
    ],
    warnings: (whole) => warningsOf(whole, question, 'deals'),
  };
}

const scopeOf = ({ filters }: FunnelQuestion) =>
  filters.length === 0 ? '' : ` (${filters.flatMap(({ values }) => values).join(', ')})`;

const noun = (stage: Stage, n: number) =>
  (n === 1 ? stage.one : stage.many).replace(/^(?!MQL|SQL)\w/, (letter) => letter.toLowerCase());

/** "31 % of the 812 deals of Q3 2026 reached Closed Won within 90 days: 253. The narrowest step is …" */
function course(
  steps: Funnel['steps'],
  question: FunnelQuestion,
  stages: readonly Stage[],
  { whom, did }: { whom: string; did: string },
): string {
  const [entered, end] = [steps[0]!.count, steps.at(-1)!.count];
  const done = formatValue(rate(end, entered), 'percent');
  // The step that loses the most, of those that anybody came to.
  const narrow = steps
    .map(({ count }, i) => ({ i, kept: rate(count, steps[i - 1]?.count ?? 0) }))
    .filter(({ i, kept }) => i > 0 && kept !== null)
    .sort((a, b) => a.kept! - b.kept!)[0];
  const lower = question.of.who === 'people' ? noun(stages[narrow?.i ?? 0]!, 1) : stages[narrow?.i ?? 0]!.one;
  const hardest =
    narrow && stages.length > 2
      ? ` The narrowest step is ${stages[narrow.i - 1]!.one} to ${lower}: ${formatValue(narrow.kept, 'percent')}.`
      : '';
  return `${done} of the ${formatValue(entered, 'count')} ${whom}${scopeOf(question)} of ${question.period.label} ${did} within ${question.withinDays} days: ${formatValue(end, 'count')}.${hardest}`;
}

function skips(steps: Funnel['steps'], stages: readonly Stage[]): string[] {
  const skipped = steps.flatMap(({ skipped: n }, i) => (n > 0 ? [`${stages[i]!.one} ${n}`] : []));
  return skipped.length > 0
    ? [`Skipped, so dated by the next stage: ${skipped.join(', ')}. They are left out of the median days.`]
    : [];
}

function warningsOf(
  { steps, immature }: Funnel,
  { withinDays }: FunnelQuestion,
  whom: 'people' | 'deals',
): string[] {
  const entered = steps[0]?.count ?? 0;
  if (entered === 0) return [];
  return [
    ...(immature > 0
      ? [
          `Not complete: ${formatValue(rate(immature, entered), 'percent')} (${formatValue(immature, 'count')}) entered less than ${withinDays} days ago and may still get further.`,
        ]
      : []),
    ...(entered < smallSample ? [`Small sample: ${entered} ${whom}, fewer than ${smallSample}.`] : []),
  ];
}
