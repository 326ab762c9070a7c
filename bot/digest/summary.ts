/** The paragraph that stands first. Who reads only this must not be misled, so it names what is bad and what is missing. */
import type { Answer } from '../../kpi/answer.ts';
import { describeChange, formatValue } from '../../kpi/number.ts';
import { type Movement, rankMovements } from './movement.ts';

export type SummaryInput = {
  answers: readonly Answer[];
  unusual: number;
  restated: number;
  /** Warnings about sources that are behind. */
  stale: readonly string[];
  /** Questions of the definition that could not be answered. */
  unanswered: readonly string[];
};

export function summarise({ answers, unusual, restated, stale, unanswered }: SummaryInput): string {
  const moved = rankMovements(answers);
  const good = moved.filter(({ tone }) => tone === 'good');
  const bad = moved.filter(({ tone }) => tone === 'bad');
  const neutral = moved.filter(({ tone }) => tone === 'neutral');
  const sentences = [
    count(answers, good.length, bad.length),
    lead(good[0], 'best'),
    lead(bad[0], 'worst'),
    others('Also better', good.slice(1)),
    others('Also worse', bad.slice(1)),
    others('Moved', neutral),
    targets(answers),
    empty(answers),
    unusual === 0
      ? ''
      : `${unusual === 1 ? 'One thing is' : `${unusual} things are`} out of the ordinary; see "Unusual".`,
    restated === 0
      ? ''
      : `${restated === 1 ? 'One earlier number has' : `${restated} earlier numbers have`} changed since the last digest.`,
    unanswered.length === 0
      ? ''
      : `Not in here, because it could not be answered: ${list(unanswered.map((text) => `"${text}"`))}.`,
    ...stale,
  ];
  return sentences.filter((sentence) => sentence !== '').join(' ');
}

function count(answers: readonly Answer[], good: number, bad: number): string {
  const judged = answers.filter(
    ({ value, comparison, good: way }) => value !== null && comparison?.change != null && way !== 'none',
  );
  if (judged.length === 0) return '';
  const steady = judged.length - good - bad;
  const parts = [
    good === 0 ? 'none got better' : `${good} got better`,
    bad === 0 ? 'none got worse' : `${bad} got worse`,
    ...(steady > 0 ? [`${steady} did not move`] : []),
  ];
  return `Of ${judged.length} ${judged.length === 1 ? 'KPI' : 'KPIs'}, ${list(parts)}.`;
}

function lead(movement: Movement | undefined, place: 'best' | 'worst'): string {
  if (!movement) return '';
  const { answer, words } = movement;
  const before = formatValue(answer.comparison!.value, answer.unit, { currency: answer.currency });
  return `${answer.title} did ${place}: ${words} in ${short(answer.period.label)}, from ${before} in ${short(answer.comparison!.label)}.`;
}

/** "week 46 (9–15 November 2026)" → "week 46": the dates stand in the tile. */
const short = (label: string) => label.replace(/ \(.*\)$/, '');

function others(heading: string, movements: readonly Movement[]): string {
  if (movements.length === 0) return '';
  const named = movements
    .slice(0, 4)
    .map(({ answer }) => `${answer.title} (${describeChange(answer.comparison).words})`);
  const more = movements.length - named.length;
  return `${heading}: ${list([...named, ...(more > 0 ? [`${more} more`] : [])])}.`;
}

function targets(answers: readonly Answer[]): string {
  // A sum that still runs has not missed anything yet; its own sentence tells the pace.
  const heading = ({ pace }: Answer) => pace?.running?.early || (pace?.running?.projected ?? null) !== null;
  const set = answers.filter(
    (one) => one.target !== null && one.value !== null && one.good !== 'none' && !heading(one),
  );
  if (set.length === 0) return '';
  const missed = set.filter(({ target, value, good }) =>
    good === 'up' ? value! < target! : value! > target!,
  );
  if (missed.length === 0)
    return set.length === 1 ? `${set[0]!.title} meets its target.` : `All ${set.length} targets are met.`;
  const named = missed.map(
    (one) =>
      `${one.title} (${formatValue(one.value, one.unit, { currency: one.currency })}, target ${formatValue(one.target, one.unit, { currency: one.currency })})`,
  );
  return `${missed.length} of ${set.length} ${set.length === 1 ? 'target is' : 'targets are'} missed: ${list(named.slice(0, 4))}.`;
}

function empty(answers: readonly Answer[]): string {
  const without = answers.filter(({ value }) => value === null);
  return without.length === 0
    ? ''
    : `There is no figure for ${list(without.map(({ title, period }) => `${title} in ${period.label}`))}.`;
}

function list(items: readonly string[]): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}
