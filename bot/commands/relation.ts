/** "does ticket load lead churn", "tickets created vs churn", "retention against ticket load": questions about two things at once. */
import type { Filter, Period, Question } from '../../kpi/question.ts';
import type { Span } from '../../kpi/read/slice.ts';
import type { RetentionRelation } from '../../kpi/relation/relate-retention.ts';
import { HeraldError } from '../../platform/errors.ts';
import type { Grammar } from './table-words.ts';

export type RelationRequest =
  | {
      kind: 'lag';
      first: string;
      second: string;
      filters: readonly Filter[];
      /** Null: the usual two years. */
      window: Span | null;
    }
  | { kind: 'retention'; by: RetentionRelation['by']; period: Period; filters: readonly Filter[] };

const joint = '(?:against|vs\\.?|versus|v|and|with|to|by|per|on)';
const kept =
  '(?:(?:(?:logo|customer|gross|net|revenue)\\s+)*(?:retention|churn(?:\\s+rate)?)|\\bnrr\\b|\\bgrr\\b)';
/** What customers are grouped by, in people's words. */
const groupings: readonly { by: RetentionRelation['by']; words: string }[] = [
  {
    by: 'ticket_load',
    words: '(?:the\\s+)?(?:(?:support|ticket)\\s+loads?|tickets\\s+per\\s+customer|number\\s+of\\s+tickets)',
  },
  {
    by: 'campaign',
    words:
      '(?:the\\s+|their\\s+)?(?:(?:first|original|acquisition)\\s+)?campaigns?(?!\\s+(?:response|member))(?:\\s+of\\s+(?:their\\s+)?origin)?',
  },
];
const load = new RegExp(`\\b${groupings[0]!.words}\\b`, 'i');
const introduction =
  /^\s*(?:relate|correlate|correlation\s+(?:of|between)|(?:the\s+)?relation(?:ship)?\s+(?:of|between))\s/i;
/** Words that ask for a relation whatever else is said. */
const explicit =
  /^\s*(?:relate|correlate|correlation\s+(?:of|between)|(?:the\s+)?relation(?:ship)?\s+(?:of|between)|lead\s+and\s+lag\s+(?:of|between)|lag\s+(?:of|between)|is\s+there\s+a\s+(?:relation(?:ship)?|correlation)\s+between|how\s+(?:does|do|is|are))\s+(.+?)\s+(?:and|with|to|against|vs\.?|versus|relates?\s+to|related\s+to)\s+(.+)$/i;
const leading = /^\s*(?:does|do|did|is|are|can)\s+(.+)$/i;
const verbs =
  /(?<=\s)(?:leads?(?:\s+to)?|lags?|follows?|precedes?|predicts?|drives?|affects?|influences?|correlates?\s+with|(?:cor)?related\s+(?:to|with)|go(?:es)?\s+(?:along\s+)?with|moves?\s+with)(?=\s)/gi;
/** An ordinary question may have these words too: "churn vs last quarter". */
const perhaps = /^\s*(.+?)\s+(?:against|vs\.?|versus)\s+(.+)$/i;

/** The relation that a text asks for; null when it asks for something else. Throws `ask` for two that cannot be related. */
export function askedRelation(text: string, answerer: Grammar): RelationRequest | null {
  const asked = text.replace(/\?+\s*$/, '').trim();
  return askedRetention(asked, answerer) ?? askedLag(asked, answerer);
}

function askedRetention(text: string, { parse }: Grammar): RelationRequest | null {
  // Over time it is a question about two KPIs: does the load lead?
  if (leadingSplits(text).length > 0 || /\b(?:lead|lag)\b/i.test(text)) return null;
  for (const { by, words } of groupings) {
    const pair = new RegExp(
      `\\b${kept}\\s+${joint}\\s+${words}\\b|\\b${words}\\s+${joint}\\s+${kept}\\b`,
      'i',
    );
    if (!pair.test(text)) continue;
    const rest = text.replace(pair, ' churn ').replace(introduction, ' ').replace(/\s+/g, ' ').trim();
    const question = parse(rest);
    refuseExtras(question);
    return { kind: 'retention', by, period: question.period, filters: question.filters };
  }
  return null;
}

function askedLag(text: string, answerer: Grammar): RelationRequest | null {
  const sure = explicit.exec(text);
  if (sure) return lagOf([sure[1]!, sure[2]!], answerer);
  const splits = leadingSplits(text);
  // "Do new leads lead bookings": the verb is also a noun, so that split is right of which both sides are KPIs.
  const split = splits.find((sides) => areKpis(sides, answerer)) ?? splits[0];
  if (split) return lagOf(split, answerer);
  const maybe = perhaps.exec(text);
  if (!maybe || understood(text, answerer)) return null;
  const sides: Sides = [maybe[1]!, maybe[2]!];
  return areKpis(sides, answerer) ? lagOf(sides, answerer) : null;
}

type Sides = [string, string];

const areKpis = (sides: Sides, answerer: Grammar): boolean =>
  sides.every((side) => understood(named(side), answerer) !== null);

/** "does A lead B" cut at each of its verbs. */
function leadingSplits(text: string): Sides[] {
  const clause = leading.exec(text)?.[1];
  if (clause === undefined) return [];
  return [...clause.matchAll(verbs)].flatMap((verb): Sides[] => {
    const [before, after] = [clause.slice(0, verb.index), clause.slice(verb.index + verb[0].length)];
    return before.trim() === '' || after.trim() === '' ? [] : [[before, after]];
  });
}

/** "Support load" over time is the number of tickets. */
const named = (side: string) => side.replace(load, 'tickets created');

function understood(text: string, { parse }: Grammar): Question | null {
  try {
    return parse(text);
  } catch (thrown) {
    if (thrown instanceof HeraldError && thrown.kind === 'ask') return null;
    throw thrown;
  }
}

/** The period and the filters of either side hold for both. */
function lagOf(sides: Sides, answerer: Grammar): RelationRequest {
  const [first, second] = sides.map((side) => answerer.parse(named(side))) as [Question, Question];
  for (const question of [first, second]) refuseExtras(question);
  const [one, other] = [first, second].filter((_question, i) => hasPeriod(sides[i]!, answerer));
  if (one && other && (one.period.from !== other.period.from || one.period.to !== other.period.to))
    throw new HeraldError('ask', 'That names two periods. Two KPIs are compared over one and the same.');
  const isNew = (filter: Filter) =>
    !first.filters.some((known) => JSON.stringify(known) === JSON.stringify(filter));
  return {
    kind: 'lag',
    first: first.kpi,
    second: second.kpi,
    filters: [...first.filters, ...second.filters.filter(isNew)],
    window: one?.period ?? null,
  };
}

/** Whether the words name a period: then a second one is one too many. Without one, the KPI’s usual period is read into them. */
const hasPeriod = (side: string, answerer: Grammar): boolean =>
  understood(`${named(side)} last 7 days`, answerer) === null;

function refuseExtras({ by, top, asOf, aim, comparison }: Question): void {
  if (by === null && top === null && asOf === null && aim === undefined && comparison?.kind !== 'last_year')
    return;
  throw new HeraldError(
    'ask',
    'A relation is read over one stretch of time, as known now: without a breakdown, a ranking, a target, “as of” or a comparison. Narrow it with a filter instead.',
    { suggestions: ['retention against ticket load last quarter', 'does support load lead churn'] },
  );
}
