/** Questions → Digest: what a chief of staff would write from the same answers that chat gives. */
import type { Answer } from '../../kpi/answer.ts';
import { dayIn, dayLabel, weekdayOf, weekdays } from '../../kpi/calendar.ts';
import { freshnessWarnings } from '../../kpi/warnings.ts';
import { HeraldError } from '../../platform/errors.ts';
import type { Digest } from '../../render/digest.ts';
import { type Area, areas, may, type Rights } from '../access/roles.ts';
import type { Answerer } from '../commands/answer-text.ts';
import type { DigestDefinition } from './definition.ts';
import { rankMovements } from './movement.ts';
import { type Earlier, findRestated } from './restated.ts';
import type { Studies } from './studies.ts';
import { summarise } from './summary.ts';
import { whyMoved } from './why-moved.ts';

export type ComposeInput = {
  /** Stands at the slot's instant, so that a late digest says what a punctual one would have. */
  answerer: Answerer;
  /** Where an answer's change comes from, and why a number is not what it was: as chat says it. */
  studies: Studies;
  definition: DigestDefinition;
  /** What all of its readers may see. */
  rights: Rights;
  /** The slot. */
  now: Date;
  timeZone: string;
  /** Open incidents, newest first. */
  unusual: readonly { text: string; area: string }[];
  /** Null for a first digest. */
  earlier: Earlier | null;
  lateNote?: string | null;
};

export type Composed = {
  digest: Digest;
  /** Areas that its readers must be allowed to read. */
  areas: readonly Area[];
  /** Titles of sources that are behind at the slot. */
  stale: readonly string[];
};

const areaTitles: Record<Area, string> = {
  sales: 'Sales',
  marketing: 'Marketing',
  success: 'Customer success',
  support: 'Support',
  operations: 'Operations',
  finance: 'Finance',
};
const mostMovers = 3;
const mostUnusual = 5;

/** Null when these readers may see none of its KPIs. */
export async function composeDigest(input: ComposeInput): Promise<Composed | null> {
  const { answerer, studies, definition, rights, now, timeZone, earlier, lateNote } = input;
  const { answers, unanswered } = await answerAll(definition.kpis, answerer, rights);
  if (answers.length === 0) return null;
  const sources = new Map(
    answers.flatMap(({ freshness }) => freshness.map((one) => [one.source, one] as const)),
  );
  const behind = [...sources.values()].filter(({ stale }) => stale);
  const unusual = input.unusual
    .filter(({ area }) => may(rights, `read:${area as Area}`))
    .slice(0, mostUnusual);
  const restated = earlier ? await findRestated(definition.kpis, { earlier, answerer, rights, studies }) : [];
  const movers = [];
  for (const { answer, tone } of rankMovements(answers).slice(0, mostMovers)) {
    const judged = { good: 'Better: ', bad: 'Worse: ', neutral: '' }[tone];
    movers.push({ text: `${judged}${answer.sentence} ${await whyMoved(answer, studies.explain)}`.trim() });
  }
  const shown = areas.filter((area) => answers.some((answer) => answer.area === area));
  return {
    digest: {
      title: definition.title,
      periodLabel: slotLabel(now, timeZone),
      summary: summarise({
        answers,
        unusual: unusual.length,
        restated: restated.length,
        stale: freshnessWarnings(behind),
        unanswered,
      }),
      tiles: answers,
      movers,
      unusual: unusual.map(({ text }) => ({ text })),
      restated,
      sections: shown.map((area) => ({
        area: areaTitles[area],
        answers: answers.filter((answer) => answer.area === area),
      })),
      madeAt: now.toISOString(),
      ...(lateNote ? { lateNote } : {}),
    },
    areas: shown,
    stale: behind.map(({ title }) => title),
  };
}

type Answered = { answers: Answer[]; unanswered: string[] };

/** All questions on one state of the data: were there a sync in between, two tiles could contradict each other. */
async function answerAll(texts: readonly string[], answerer: Answerer, rights: Rights): Promise<Answered> {
  let answered = await answerOnce(texts, answerer, rights);
  for (let round = 0; round < 3; round += 1) {
    const versions = new Set(
      answered.answers.filter(({ question }) => question.asOf === null).map(({ dataVersion }) => dataVersion),
    );
    if (versions.size <= 1) break;
    answered = await answerOnce(texts, answerer, rights);
  }
  return answered;
}

async function answerOnce(texts: readonly string[], answerer: Answerer, rights: Rights): Promise<Answered> {
  const answers: Answer[] = [];
  const unanswered: string[] = [];
  for (const text of texts) {
    try {
      answers.push(await answerer.answer(answerer.parse(text), rights));
    } catch (thrown) {
      if (!(thrown instanceof HeraldError)) throw thrown;
      // What its readers may not see is not even named.
      if (thrown.kind === 'ask') unanswered.push(text);
      else if (thrown.kind !== 'access') throw thrown;
    }
  }
  return { answers, unanswered };
}

/** "Monday 23 November 2026" */
function slotLabel(now: Date, timeZone: string): string {
  const day = dayIn(now, timeZone);
  const name = weekdays[weekdayOf(day)]!;
  return `${name.charAt(0).toUpperCase()}${name.slice(1)} ${dayLabel(day)}`;
}
