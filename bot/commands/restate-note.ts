/** A restatement as a note: what the number was, what it is, and what of the difference came how. */
import type { Answer } from '../../kpi/answer.ts';
import type { KpiDefinition } from '../../kpi/definition.ts';
import { formatValue } from '../../kpi/number.ts';
import type { Question } from '../../kpi/question.ts';
import { classes } from '../../kpi/restate/classes.ts';
import type { RestatedPart } from '../../kpi/restate/part.ts';
import type { Restatement } from '../../kpi/restate/restate.ts';
import { redefinedLine, sayEffect } from '../../kpi/restate/say-effect.ts';
import type { Action, Note } from './command.ts';

export type Money = { currency: Answer['currency']; minorPerUnit: number };

export type RestateNoteInput = {
  found: Restatement;
  kpi: KpiDefinition;
  question: Question;
  /** "1 November 2026", "the last digest of 16 November 2026". */
  since: string;
  money: Money;
};

export function restateNote({ found, kpi, question, since, money }: RestateNoteInput): Note {
  const value = (one: number | null) =>
    formatValue(one, kpi.unit, { currency: money.currency, style: 'exact' });
  const moved = found.parts.filter((part) => part.classes.length > 0 || part.before !== part.after);
  const same = found.before === found.after;
  const name = `${kpi.title} of ${question.period.label}`;
  return {
    kind: 'note',
    title: `${name}: what changed since ${since}`,
    lines: [
      same
        ? `${name} is ${value(found.after)}, as it was then.`
        : `${name} was ${value(found.before)} and is ${value(found.after)} now.`,
      ...(found.redefined ? [redefinedLine(found.redefined)] : []),
      ...effectLine(found, kpi, money),
      ...moved.map((part) => partLine(part, money)),
      ...(moved.length === 0 ? ['No record behind it has changed.'] : []),
    ],
    actions: [{ verb: 'ask', label: kpi.title, value: kpi.name.replaceAll('_', ' ') } satisfies Action],
  };
}

/** "+0.4 pp records that arrived late; −0.1 pp …": of a figure that is no sum itself. */
function effectLine({ effects, parts }: Restatement, { unit }: KpiDefinition, { currency }: Money): string[] {
  if (!effects || effects.length === 0 || (parts.length === 1 && parts[0]!.unit === unit)) return [];
  const said = effects.map((one) => `${sayEffect(one.amount, unit, currency)} ${classes[one.class]}`);
  return [`What each kind of change did to it: ${said.join('; ')}.`];
}

/** "Won value: −$180, of which +$70 records that arrived late (1), +$250 …, −$500 …": the amounts add up. */
export function partLine(part: RestatedPart, money: Money): string {
  const label = `${part.label.charAt(0).toUpperCase()}${part.label.slice(1)}`;
  const causes = part.classes.map(
    (one) =>
      `${signedAmount(one.amount, part.unit, money)} ${classes[one.class]}${one.records > 0 ? ` (${one.records.toLocaleString('en')})` : ''}`,
  );
  return `${label}: ${signedAmount(part.after - part.before, part.unit, money)}${causes.length > 0 ? ` = ${causes.join('; ')}` : ''}`;
}

function signedAmount(amount: number, unit: RestatedPart['unit'], { currency, minorPerUnit }: Money): string {
  const size = Math.abs(amount);
  const sign = amount > 0 ? '+' : amount < 0 ? '−' : '±';
  if (unit === 'money')
    return `${sign}${formatValue(size / minorPerUnit, 'money', { currency, style: 'exact' })}`;
  if (unit === 'seconds') return `${sign}${formatValue(size / 60, 'minutes', { style: 'exact' })}`;
  return `${sign}${formatValue(size, 'count', { style: 'exact' })}`;
}
