import type { Answer, Component, Pace } from '../answer.ts';
import { dayLabel } from '../calendar.ts';
import { formatValue } from '../number.ts';

type Paced = Pick<Answer, 'target' | 'pace' | 'unit' | 'currency' | 'good' | 'value'>;

/**
 * The standing against the target in one sentence, for a period that is over, one that runs, and one that has hardly
 * begun; empty when there is nothing to say. A projection without a target is told only when it was asked for.
 */
export function sayPace(answer: Paced, asked: boolean): string {
  const { pace, target } = answer;
  if (!pace || (target === null && !asked)) return '';
  const say = (value: number) => formatValue(value, answer.unit, { currency: answer.currency });
  const standing = target === null ? '' : sayStanding(answer, pace, target, say);
  const heading = pace.running ? sayHeading(pace.running, answer, say) : '';
  const whole = [standing, heading].filter((part) => part !== '').join('; ');
  return whole === '' ? '' : `${whole.charAt(0).toUpperCase()}${whole.slice(1)}.`;
}

function sayStanding(
  { unit, good }: Paced,
  { attainment, gap, met, running }: Pace,
  target: number,
  say: (value: number) => string,
): string {
  const most = good === 'down' ? 'at most ' : '';
  const off = Math.abs(gap!);
  const same = say(off) === say(0);
  const points = unit === 'percent' ? `${formatValue(off, 'score')}\u00a0pp` : say(off);
  const ratio = unit === 'percent' || unit === 'score' || unit === 'ratio' || attainment === null;
  if (met === null) return `the target is ${say(target)}`;
  if (ratio || good === 'down') {
    const verdict = same ? 'met exactly' : met ? `met${running ? ' so far' : ''}` : `missed by ${points}`;
    return `the target of ${most}${say(target)} is ${verdict}`;
  }
  const rest = same || running ? '' : met ? `, ${points} over` : `, ${points} short`;
  return `that is ${formatValue(attainment, 'percent')} of the ${say(target)} target${rest}`;
}

function sayHeading(
  running: NonNullable<Pace['running']>,
  { target, good }: Paced,
  say: (value: number) => string,
): string {
  const { days, elapsed, total, projected, neededPerDay, early } = running;
  const counted = `${elapsed} of ${total} ${days} days`;
  const needed = neededPerDay ? `${say(neededPerDay)} is needed on each ${days} day left` : '';
  if (projected === null) {
    const why = early ? `too early to project (${counted})` : '';
    return [why, needed].filter((part) => part !== '').join('; ');
  }
  const off = target === null ? 0 : projected - target;
  const beside =
    target === null || say(Math.abs(off)) === say(0)
      ? ''
      : off > 0
        ? 'over'
        : good === 'up'
          ? 'short'
          : 'under';
  const by = beside === '' ? '' : `, ${say(Math.abs(off))} ${beside}`;
  const pace = `at this pace ${say(projected)} by ${dayLabel(running.ends)}${by} (${counted})`;
  return needed === '' ? pace : `${pace}; ${needed}`;
}

/** The same as rows of a table, for every channel that lists what a number is made of. */
export function paceComponents({
  pace,
  unit,
  target,
}: Pick<Answer, 'pace' | 'unit' | 'target'>): Component[] {
  if (!pace || target === null) return [];
  const row = (name: string, label: string, value: number | null, of = unit): Component[] =>
    value === null ? [] : [{ name, label, value, comparison: null, unit: of }];
  const { running } = pace;
  return [
    ...row('target_attainment', 'of the target', pace.attainment, 'percent'),
    ...row('target_gap', 'target less value', pace.gap),
    ...(running
      ? [
          ...row('projected', `at this pace by ${dayLabel(running.ends)}`, running.projected),
          ...row('needed_per_day', `needed on each ${running.days} day left`, running.neededPerDay),
        ]
      : []),
  ];
}
