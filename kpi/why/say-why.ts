/** A change in words of association: what makes it up and what offsets it, never what caused it. */
import type { Answer, Unit } from '../answer.ts';
import { describeChange, formatValue } from '../number.ts';
import type { Contributor, Why } from './why.ts';

const nbsp = '\u00a0';
/** An offset smaller than this share of the change is not worth a word. */
const leastOffset = 0.1;
/** An effect below this share of the change is told as none. */
const noEffect = 0.02;
/** Offsets that undo this much of the change or more make it a rest. */
const manyOffsets = 0.5;
/** So many names are said before "and 3 more". */
const mostNames = 3;
/** A name from a CRM may be any text; in a sentence it is one short line. */
const longestName = 60;

type Found = Omit<Why, 'sentence'>;

/** "SMB (segment) makes up 71 % of the rise. Enterprise (−20 %) offsets part of it." */
export function sayWhy(why: Found, answer: Answer): string {
  const { title, comparison } = answer;
  if (why.change === 0 || (comparison?.change != null && describeChange(comparison).arrow === '')) {
    return `${title} hardly moved against ${comparison?.label ?? 'before'}: what moved below evens out.`;
  }
  const move = moveWord(why.change);
  if (why.method === 'movements' || why.method === 'retention') return movementsSentence(why, answer);
  const sentences = why.broadBased
    ? [broadSentence(why, move)]
    : why.leading.length > 0
      ? [sayWhere(why)]
      : [`All of the ${move} is in one ${why.dimension ?? 'part'}: there is nothing to split.`];
  if (why.method === 'mix_rate') sentences.push(mixSentence(why, answer.unit, answer.currency));
  return sentences.filter((sentence) => sentence !== '').join(' ');
}

/** "SMB (segment) makes up 71 % of the rise. Enterprise (−20 %) offsets part of it."; empty where no part stands out. */
export function sayWhere(why: Found): string {
  if (why.leading.length === 0) return '';
  const move = moveWord(why.change);
  return [leadingSentence(why, move), withinSentence(why, move), offsetSentence(why)]
    .filter((sentence) => sentence !== '')
    .join(' ');
}

/** "The rise of $12 K is $20 K from new customers and … less $8 K from churn." */
function movementsSentence({ contributors, change }: Found, { title, unit, currency }: Answer): string {
  const say = (part: Contributor) =>
    `${part.name.toLowerCase()} ${signed(part.contribution, unit, currency)}`;
  return `${title} moved by ${signed(change, unit, currency)}: ${listed(contributors.map(say), 'and')}.`;
}

/** What the change is called. */
export const moveWord = (change: number) => (change > 0 ? 'rise' : change < 0 ? 'fall' : 'change');

/** "+0.9 pp", "−$120 K": a contribution with its sign. */
export function signed(value: number, unit: Unit, currency: string | null): string {
  const sign = value > 0 ? '+' : value < 0 ? '−' : '±';
  const size = formatValue(Math.abs(value), unit, { currency });
  return `${sign}${unit === 'percent' ? size.replace(/%$/, 'pp') : size}`;
}

/** "71 %", "−20 %". */
export function sharePercent(share: number): string {
  const percent = Math.round(100 * share);
  return `${percent < 0 ? '−' : ''}${Math.abs(percent)}${nbsp}%`;
}

export function nameOf(part: string): string {
  const line = part.replace(/\s+/g, ' ').trim();
  if (line === '') return 'unknown';
  return line.length > longestName ? `${line.slice(0, longestName - 1)}…` : line;
}

export function byMagnitude(a: Contributor, b: Contributor): number {
  return Math.abs(b.contribution) - Math.abs(a.contribution) || (a.name < b.name ? -1 : 1);
}

/** Growth everywhere in step is one thing; gains and losses that nearly cancel are another. */
function broadSentence({ contributors, dimensions }: Found, move: string): string {
  const against = contributors.reduce((sum, part) => sum + Math.min(0, part.share ?? 0), 0);
  const none = `no single ${listed(dimensions, 'or')} makes up most of it`;
  return -against >= manyOffsets
    ? `The ${move} is what is left of moves in both directions: ${none}.`
    : `The ${move} is broad-based: ${none} beyond its size.`;
}

function withinSentence({ within, leading }: Found, move: string): string {
  if (!within) return '';
  const verb = within.leading.length > 1 ? 'make' : 'makes';
  return `Within ${leading[0]}, ${listed(within.leading, 'and')} (${within.dimension}) ${verb} up ${sharePercent(within.share)} of its ${move}.`;
}

function leadingSentence({ leading, contributors, dimension }: Found, move: string): string {
  const share = leading.reduce(
    (sum, name) => sum + (contributors.find((part) => part.name === name)?.share ?? 0),
    0,
  );
  const names = leading.slice(0, mostNames);
  const rest = leading.length - names.length;
  const who = listed(rest > 0 ? [...names, `${rest} more`] : names, 'and');
  const verb = leading.length > 1 ? 'make' : 'makes';
  const what = dimension ? ` (${dimension})` : '';
  return Math.round(100 * share) > 100
    ? `${who}${what} ${verb} up more than the whole ${move} (${sharePercent(share)}).`
    : `${who}${what} ${verb} up ${sharePercent(share)} of the ${move}.`;
}

function offsetSentence({ contributors }: Found): string {
  const against = contributors
    .filter((part) => part.share !== null && part.share <= -leastOffset)
    .slice(0, mostNames);
  if (against.length === 0) return '';
  const names = against.map((part) => `${part.name} (${sharePercent(part.share!)})`);
  return `${listed(names, 'and')} ${against.length > 1 ? 'offset' : 'offsets'} part of it.`;
}

function mixSentence(
  { contributors, dimension, change }: Found,
  unit: Unit,
  currency: string | null,
): string {
  const sum = (pick: (part: Contributor) => number | undefined) =>
    contributors.reduce((all, part) => all + (pick(part) ?? 0), 0);
  const [rate, mix] = [sum((part) => part.rate), sum((part) => part.mix)];
  if (Math.abs(mix) < noEffect * Math.abs(change))
    return `It goes with changed rates within each ${dimension}, not with a changed mix.`;
  if (Math.abs(rate) < noEffect * Math.abs(change))
    return `It goes with a changed mix, not with changed rates within each ${dimension}.`;
  const say = (value: number) => signed(value, unit, currency);
  return `Of ${say(change)}, ${say(rate)} goes with changed rates within each ${dimension}, ${say(mix)} with a changed mix.`;
}

/** "region, segment or owner". */
function listed(names: readonly string[], joint: 'and' | 'or'): string {
  if (names.length < 2) return names[0] ?? '';
  return `${names.slice(0, -1).join(', ')} ${joint} ${names.at(-1)}`;
}
