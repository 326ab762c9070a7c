/** "funnel last quarter", "funnel from lead to customer last quarter within 90 days by source", "deal funnel last quarter". */
import { type FunnelQuestion, type PersonStage, personStages } from '../../kpi/funnel/funnel-question.ts';
import { HeraldError } from '../../platform/errors.ts';
import { dimensionWords } from '../language/vocabulary.ts';
import { borrow, type Grammar, isNamed, refuseExtras, reworded, tidy } from './table-words.ts';

const subject =
  /\b(?:(?:marketing|conversion|lifecycle|acquisition)\s+)?funnels?\b(?:\s+(?:analysis|chart|conversion))?/gi;
/** Deals rather than people: their stages are the CRM's own. */
const dealSubject =
  /\b(?:(?:deal|deals|sales|opportunity|pipeline)\s+(?:stage\s+)?|stage\s+)funnels?\b(?:\s+(?:analysis|chart|conversion))?|\b(?:stage\s+)?conversion(?:\s+rates?)?\s+(?:by|per)\s+(?:deal\s+|sales\s+|pipeline\s+)?stage\b|\bfunnels?\s+(?:of|for)\s+(?:deals|opportunities)\b/gi;
/** Time from the first stage: people are decided in a quarter, deals take about twice that. */
const usualDays = { people: 90, deals: 180 } as const;
const mostDays = 1_095;
const daysIn: Record<string, number> = { day: 1, week: 7, month: 30, quarter: 90, year: 365 };
const within =
  /\b(?:with)?in\s+(?:the\s+first\s+)?(\d{1,4}|an?|one)[\s-]*(day|week|month|quarter|year)s?\b(?:\s+window)?/i;

const words = '(leads?|mqls?|sqls?|opportunit(?:y|ies)|opps?|customers?)';
const course = new RegExp(
  String.raw`\b(?:from\s+)?${words}\s*(?:to|through|until|→|->|–|-)\s*${words}\b`,
  'i',
);
const start = new RegExp(String.raw`\bfrom\s+${words}\b`, 'i');

const tries = [
  'funnel last quarter',
  'funnel last quarter by source',
  'funnel from mql to customer last quarter within 180 days',
  'deal funnel last quarter',
];

/** The funnel that a text asks for; null when it asks for something else. Throws `ask` for what cannot be one. */
export function askedFunnel(text: string, grammar: Grammar): FunnelQuestion | null {
  const ofDeals = text.search(dealSubject) >= 0;
  if (!ofDeals && (text.search(subject) < 0 || isNamed('funnel', text, grammar.catalogue.kpis))) return null;
  const limit = within.exec(text);
  const withinDays = limit ? daysOf(limit[1]!, limit[2]!) : usualDays[ofDeals ? 'deals' : 'people'];
  if (withinDays < 1 || withinDays > mostDays)
    throw new HeraldError('ask', `A funnel is followed for 1 to ${mostDays} days, not ${withinDays}.`, {
      suggestions: tries,
    });
  const bare = text.replace(within, ' ').replace(ofDeals ? dealSubject : subject, ' ');
  const { of, name, rest, kpi } = ofDeals
    ? { of: { who: 'deals' } as const, name: 'Deal funnel', rest: tidy(bare), kpi: 'stage_conversion' }
    : peopleOf(bare);
  try {
    const said = kpi.replaceAll('_', ' ');
    const question = borrow(rest, { said, period: 'last quarter' }, grammar);
    refuseExtras(question, rest, tries);
    if (question.asOf !== null)
      throw new HeraldError(
        'ask',
        'A funnel is read from the records as they are now. Ask without “as of”.',
        { suggestions: tries },
      );
    const { period, by, filters, repairs } = question;
    const reading = [
      name,
      `entered in ${period.label}`,
      `within ${withinDays} days`,
      ...(by ? [`by ${dimensionWords[by][0]}`] : []),
      ...filters.map(({ dimension, values }) => `${dimensionWords[dimension][0]} ${values.join(' or ')}`),
    ].join(' · ');
    return { kind: 'funnel', kpi, of, withinDays, period, by, filters, asOf: null, repairs, reading };
  } catch (thrown) {
    throw reworded(thrown, tries);
  }
}

function peopleOf(bare: string) {
  const [from, to] = ends(bare);
  return {
    of: { who: 'people', from: from.name, to: to.name } as const,
    name: `Funnel from ${from.one} to ${to.one}`,
    rest: tidy(bare.replace(course, ' ').replace(start, ' ')),
    kpi: 'mqls',
  };
}

const daysOf = (count: string, unit: string) =>
  (/^\d/.test(count) ? Number(count) : 1) * daysIn[unit.toLowerCase()]!;

function ends(text: string): [PersonStage, PersonStage] {
  const both = course.exec(text);
  const from = stageOf(both?.[1] ?? start.exec(text)?.[1] ?? 'lead');
  const to = stageOf(both?.[2] ?? 'customer');
  if (personStages.indexOf(from) < personStages.indexOf(to)) return [from, to];
  throw new HeraldError(
    'ask',
    `The stages are ${personStages.map(({ one }) => one).join(', ')}, in this order.`,
    {
      suggestions: tries,
    },
  );
}

const stageOf = (word: string): PersonStage =>
  personStages.find(({ name }) => name.slice(0, 3) === word.slice(0, 3).toLowerCase())!;
