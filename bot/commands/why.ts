/** `/kpi why churn last quarter`: what makes up a change, by exact arithmetic, in words of association. */
import type { Answer } from '../../kpi/answer.ts';
import { formatValue } from '../../kpi/number.ts';
import type { Question } from '../../kpi/question.ts';
import { moveWord, nameOf, sharePercent, signed } from '../../kpi/why/say-why.ts';
import type { Contributor, Why } from '../../kpi/why/why.ts';
import { HeraldError } from '../../platform/errors.ts';
import type { Rights } from '../access/roles.ts';
import type { Answerer } from './answer-text.ts';
import type { Action, Note } from './command.ts';

export type WhyInput = {
  question: Question;
  rights: Rights;
  answerer: Answerer;
  explain: (answer: Answer) => Promise<Why>;
};

/** Contributors named in a note; the rest is in the breakdown, a button away. */
const mostLines = 5;

const asking =
  /^\s*(?:why\b|how come\b|what(?:'s|’s|\s+is|\s+was)?\s+(?:drove|drives|driving|explains|explained|behind)\b)/i;

/**
 * Words for a move. They are taken out before the question is read: which way it went is told by the figures. Only
 * whole words, and none that is part of a KPI's name.
 */
const movement =
  /\b(?:ris(?:e|en|es|ing)|rose|f(?:e|a)ll(?:en|s|ing)?|drop(?:s|ped|ping)?|declin(?:e|ed|es|ing)|increas(?:e|ed|es|ing)|decreas(?:e|ed|es|ing)|jump(?:s|ed|ing)?|grow(?:n|s|ing)?|grew|shr(?:i|a|u)nk(?:s|ing)?|climb(?:s|ed|ing)?|improv(?:e|ed|es|ing)|worsen(?:s|ed|ing)?|mov(?:e|ed|es|ing)|chang(?:e|ed|es|ing)|higher|lower|better|worse|gone|went|up|down)\b/gi;

/** The question inside "why did churn rise last quarter?"; null when the text asks something else. */
export function askedWhy(text: string): string | null {
  if (!asking.test(text)) return null;
  return text
    .replace(asking, '')
    .replace(movement, ' ')
    .replace(/\?+\s*$/, '')
    .replace(/\s+/g, ' ')
    .trim();
}

/** A change explained, for somebody who may see it. */
export async function why(input: WhyInput): Promise<{ note: Note; dataVersion: number }> {
  const { answerer, rights } = input;
  const question = input.question.comparison
    ? input.question
    : answerer.vary(input.question, { compareWith: 'previous' });
  const answer = await answerer.answer(question, rights);
  const found = await input.explain(answer);
  const note: Note = {
    kind: 'note',
    title: `${answer.title}: what makes up the ${moveWord(found.change)}`,
    lines: [
      answer.sentence,
      found.sentence,
      ...found.contributors.slice(0, mostLines).map((part) => contributorLine(part, found, answer)),
      ...restLine(found, answer),
      ...customersLine(found, answer),
      methodLine(found),
      answer.reading,
    ],
    actions: nextSteps(question, found, answerer),
  };
  return { note, dataVersion: answer.dataVersion };
}

/** "SMB: 5.2 % → 8.1 %, +0.9 pp (71 % of the rise; rate +0.8 pp, mix +0.1 pp)". */
function contributorLine(part: Contributor, { change }: Why, { unit, currency }: Answer): string {
  const value = (one: number | null) => formatValue(one, part.unit, { currency });
  const says = (amount: number) => signed(amount, unit, currency);
  const inside = [
    ...(part.share === null
      ? []
      : [
          part.share < 0
            ? `offsets ${sharePercent(-part.share)}`
            : `${sharePercent(part.share)} of the ${moveWord(change)}`,
        ]),
    ...(part.mix === undefined || part.rate === undefined
      ? []
      : [`rate ${says(part.rate)}, mix ${says(part.mix)}`]),
  ];
  const brackets = inside.length > 0 ? ` (${inside.join('; ')})` : '';
  // A movement is a change by itself: it has no value before and after.
  const values =
    part.before === null && part.after === null ? '' : `${value(part.before)} → ${value(part.after)}, `;
  return `${part.name}: ${values}${says(part.contribution)}${brackets}`;
}

/** "Most by customer: Acme $4,000 → $0, …; 12 more −$3,000 together": names go only to those who may read the KPI. */
function customersLine({ customers = [], method }: Why, { unit, currency }: Answer): string[] {
  if (customers.length === 0) return [];
  const money = (value: number) => formatValue(value, 'money', { currency });
  const moved = (value: number | null) => (value === null ? 'none' : signed(value, 'money', currency));
  const named = customers
    .slice(0, mostLines)
    .map(({ name, before, after, earlier, contribution }) =>
      method === 'retention'
        ? `${nameOf(name)} ${moved(change(before, after))} after ${moved(earlier ?? null)} (${signed(contribution, unit, currency)})`
        : `${nameOf(name)} ${money(before ?? 0)} → ${money(after ?? 0)}`,
    );
  const rest = customers.slice(mostLines);
  const sum = rest.reduce((all, { contribution }) => all + contribution, 0);
  const more = rest.length > 0 ? `; ${rest.length} more ${signed(sum, unit, currency)} together` : '';
  const head =
    method === 'retention'
      ? 'Most by customer, change of MRR and that of the window before'
      : 'Most by customer';
  return [`${head}: ${named.join(', ')}${more}`];
}

const change = (before: number | null, after: number | null) =>
  before === null || after === null ? null : after - before;

/** What the named ones leave, so that the lines add up to the change. */
function restLine({ contributors }: Why, { unit, currency }: Answer): string[] {
  const rest = contributors.slice(mostLines);
  if (rest.length === 0) return [];
  const sum = rest.reduce((all, part) => all + part.contribution, 0);
  return [`${rest.length} more: ${signed(sum, unit, currency)} together`];
}

const methods: Record<Why['method'], string> = {
  additive: 'Each part’s own change is set against the whole change; the parts add up to it exactly.',
  mix_rate:
    'Each part adds its changed rate (weighted by its size) and its changed weight (mix); together they add up to the change exactly.',
  movements:
    'Each customer counts in one movement, by its net change; the five add up to the change exactly.',
  retention:
    'Each movement is a share of the MRR at the start of its window, now less before; together they add up to the change exactly, and so do the customers.',
  factors:
    'Each factor’s share of the change is taken on a logarithmic scale; the shares add up to 100 % exactly.',
};

function methodLine({ method }: Why): string {
  return `How: ${methods[method]} It says where the change is, not what caused it.`;
}

/** Breakdowns of the same question; a note has no answer to press on, so each is a question that reads the same. */
function nextSteps(
  question: Question,
  { dimension, dimensions, customers }: Why,
  answerer: Answerer,
): Action[] {
  const kpi = answerer.catalogue.kpiByName.get(question.kpi);
  const title = kpi?.title ?? question.kpi;
  const useful = dimension === null ? (kpi?.dimensions ?? []) : dimensions;
  const ordered = [...useful].sort((a, b) => Number(b === dimension) - Number(a === dimension));
  return [
    ...(customers && customers.length > mostLines
      ? [
          {
            verb: 'ask',
            label: 'Customers',
            value: `customers behind the change in ${question.reading}`,
          } as const,
        ]
      : []),
    ...ordered.flatMap((by) => action(answerer.vary(question, { by }), `By ${by}`, answerer)).slice(0, 3),
    ...(question.by ? [] : action(question, title, answerer)),
  ];
}

/** Empty when the echo, typed again, would not be understood as the same question. */
function action(question: Question, label: string, answerer: Answerer): Action[] {
  try {
    return sameQuestion(answerer.parse(question.reading), question)
      ? [{ verb: 'ask', label, value: question.reading }]
      : [];
  } catch (thrown) {
    if (thrown instanceof HeraldError && thrown.kind === 'ask') return [];
    throw thrown;
  }
}

function sameQuestion(a: Question, b: Question): boolean {
  const key = ({ kpi, period, comparison, by, filters, asOf }: Question) =>
    JSON.stringify([
      kpi,
      period.from,
      period.to,
      comparison?.period.from,
      comparison?.period.to,
      by,
      [...filters].sort((x, y) => (x.dimension < y.dimension ? -1 : 1)),
      asOf,
    ]);
  return key(a) === key(b);
}
