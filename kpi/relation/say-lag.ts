/** What two courses have to do with each other, in words of association. */
import { offset } from '../calendar.ts';
import type { Day } from '../question.ts';
import type { Lagged } from './correlate-lags.ts';
import type { CourseGrain, KpiRelation } from './relate-kpis.ts';

const nbsp = '\u00a0';
/** Usual words for a correlation (Evans, Straightforward Statistics, 1996): from 0.6 strong, from 0.4 moderate. */
const strengths = [
  { from: 0.8, word: 'very strong' },
  { from: 0.6, word: 'strong' },
  { from: 0.4, word: 'moderate' },
  { from: 0, word: 'weak' },
];

/** "Churn follows tickets created by 2 months: …": one sentence, no cause. */
export function sayLag({ first, second, found, grain, buckets, options }: KpiRelation): string {
  const [a, b] = [first.title, second.title];
  switch (found.kind) {
    case 'too_short':
      return `Too little history to say: ${found.points} ${unit(grain, found.points)} have both ${a} and ${b}, and ${found.fewest} are needed.`;
    case 'constant':
      return `${found.which === 'first' ? a : b} was the same in every ${grain} of the window, so nothing can be seen to move with it.`;
    case 'none':
      return `No clear relation between ${a} and ${b} in ${buckets} ${unit(grain, buckets)}: at none of ${2 * options.most + 1} lags do they move together more than unrelated numbers do.`;
    case 'related':
      return `${sayBest(found.best, a, b, grain)} This is an association, not a cause: something else may move both.`;
    default:
      return found satisfies never;
  }
}

function sayBest(best: Lagged, a: string, b: string, grain: CourseGrain): string {
  const { word } = strengths.find(({ from }) => Math.abs(best.rho) >= from)!;
  const other = best.rho > 0 ? 'higher' : 'lower';
  const evidence = `(${word}, ρ${nbsp}=${nbsp}${signedRho(best.rho)} over ${best.pairs} ${unit(grain, best.pairs)})`;
  if (best.lag === 0)
    return `${a} and ${b} move ${best.rho > 0 ? 'together' : 'against each other'}: in a ${grain} in which the one is higher than its trend, the other tends to be ${other} ${evidence}.`;
  const [leads, follows] = best.lag > 0 ? [a, b] : [b, a];
  const by = Math.abs(best.lag);
  return `${leads} is ahead of ${follows} by ${by} ${unit(grain, by)}: where it is higher than its trend, ${follows} tends to be ${other} ${by} ${unit(grain, by)} later ${evidence}.`;
}

/** How it was compared, and what could not be ruled out. */
export function sayHow({ found, grain, options, shared, window, first, second }: KpiRelation): string[] {
  const lines: string[] = [];
  if (found.kind === 'related' || found.kind === 'none') {
    const what =
      found.compared === 'line'
        ? `each ${grain} less its straight-line trend`
        : `changes from ${grain} to ${grain}, less their trend`;
    lines.push(
      `How: ${what}${found.season ? ' and less its usual season' : ''}, rank correlation at lags up to ${options.most} ${unit(grain, options.most)} either way, ${window.from} to ${lastDay(window.to)}; a relation is claimed when chance would bring one in fewer than 5${nbsp}% of cases over all lags.`,
    );
    if (!found.season)
      lines.push(
        `${found.points} ${unit(grain, found.points)} are too few to take a yearly season out (${3 * options.cycle} are needed): a season that both have would look like a relation.`,
      );
    if (found.kind === 'none')
      lines.push(
        `Closest: ρ${nbsp}=${nbsp}${signedRho(found.closest.rho)} with ${sayPlace(found.closest.lag, first.title, grain)}.`,
      );
  }
  if (shared.length > 0)
    lines.push(
      `${first.title} and ${second.title} are both computed from ${shared.join(' and ')}: some of what they share is arithmetic.`,
    );
  return lines;
}

function sayPlace(lag: number, first: string, grain: CourseGrain): string {
  if (lag === 0) return `both in the same ${grain}`;
  const by = Math.abs(lag);
  return `${first} ${by} ${unit(grain, by)} ${lag > 0 ? 'earlier' : 'later'}`;
}

const unit = (grain: CourseGrain, n: number) => (n === 1 ? grain : `${grain}s`);
const signedRho = (rho: number) => `${rho < 0 ? '−' : ''}${Math.abs(rho).toFixed(2)}`;
/** Windows end before `to`. */
const lastDay = (to: Day) => offset(to, 'day', -1);
