/**
 * Formulas over measures: numbers, + − × ÷, parentheses, and
 * - `won_value`      the sum over the period (flows)
 * - `mrr@start`, `mrr@end`  a stock just before the period's first day, and at its end
 * - `count(won_value)`, `count(open_value@end)`  the number of facts behind it
 * - `kpi(churn)`, `kpi(churn, 12 months)`  another KPI's value, in its unit, of the same period or of the months up to its end
 * - `overall(gross_margin, 12 months)`  the same for the whole company, whatever part is asked for
 * - `nonzero(x)`     x, or null when it is 0: a cost without any spend is unknown, not free
 * - `positive(x)`    x, or null when it is 0 or below: of a target that is met nothing is left to be covered
 * - `abs(x)`         x without its sign
 * - `days`           the period's length in days
 * A division by zero is null, and null spreads: "not enough data", never 0.
 */
import { HeraldError } from '../platform/errors.ts';

export type Read = {
  /** Name of a measure; of a KPI where `what` is "kpi". */
  measure: string;
  at: 'period' | 'start' | 'end';
  what: 'value' | 'count' | 'kpi';
  /** KPIs only: so many months up to the period's end instead of the period. */
  months?: number;
  /** KPIs only: of the whole company, whatever breakdown and filters are asked for. */
  overall?: true;
};

const guards = ['nonzero', 'positive', 'abs'] as const;
type Guard = (typeof guards)[number];
const guardOf = (name: string): Guard | undefined => guards.find((guard) => guard === name);

export type Expression =
  | { kind: 'number'; value: number }
  | { kind: 'days' }
  | { kind: Guard; of: Expression }
  | ({ kind: 'read' } & Read)
  | { kind: 'binary'; op: '+' | '-' | '*' | '/'; left: Expression; right: Expression };

const token = /\s*(?:(\d+(?:\.\d+)?)|([a-z_][a-z0-9_]*)(?:@(start|end))?|([(),+\-*/]))/y;

type Token =
  | { kind: 'number'; value: number }
  | { kind: 'name'; name: string; at: Read['at'] }
  | { kind: 'sign'; sign: string };

function tokens(text: string): Token[] {
  const out: Token[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < text.trimEnd().length) {
    const from = token.lastIndex;
    const match = token.exec(text);
    if (!match)
      throw new HeraldError(
        'setup',
        `The formula "${text}" cannot be read at "${text.slice(from, from + 12)}". Use measures, numbers, + - * / and parentheses.`,
      );
    if (match[1] !== undefined) out.push({ kind: 'number', value: Number(match[1]) });
    else if (match[2] !== undefined)
      out.push({ kind: 'name', name: match[2], at: (match[3] as 'start' | 'end' | undefined) ?? 'period' });
    else out.push({ kind: 'sign', sign: match[4]! });
  }
  return out;
}

/** Parse a formula; throws `setup` naming the place. */
export function parseFormula(text: string): Expression {
  const list = tokens(text);
  let at = 0;
  const fail = (expected: string): never => {
    throw new HeraldError('setup', `The formula "${text}" is not complete: expected ${expected}.`);
  };
  const isSign = (sign: string) => {
    const next = list[at];
    return next?.kind === 'sign' && next.sign === sign;
  };
  const take = (sign: string) => {
    if (!isSign(sign)) fail(`"${sign}"`);
    at++;
  };
  function factor(): Expression {
    const next = list[at++];
    if (!next) return fail('a measure or a number');
    if (next.kind === 'number') return { kind: 'number', value: next.value };
    if (next.kind === 'sign') {
      if (next.sign !== '(') return fail('a measure or a number');
      const inner = sum();
      take(')');
      return inner;
    }
    if (next.name === 'days') return { kind: 'days' };
    const guard = guardOf(next.name);
    if (guard) {
      take('(');
      const of = sum();
      take(')');
      return { kind: guard, of };
    }
    if (next.name === 'kpi' || next.name === 'overall') return other(next.name);
    if (next.name !== 'count') return { kind: 'read', measure: next.name, at: next.at, what: 'value' };
    take('(');
    const name = list[at++];
    if (name?.kind !== 'name') return fail('a measure inside count( )');
    take(')');
    return { kind: 'read', measure: name.name, at: name.at, what: 'count' };
  }
  function other(word: 'kpi' | 'overall'): Expression {
    take('(');
    const name = list[at++];
    if (name?.kind !== 'name' || name.at !== 'period') return fail(`a KPI inside ${word}( )`);
    const whole = word === 'overall' ? ({ overall: true } as const) : {};
    const read: Expression = { kind: 'read', measure: name.name, at: 'period', what: 'kpi', ...whole };
    if (isSign(')')) {
      at++;
      return read;
    }
    take(',');
    const months = list[at++];
    const unit = list[at++];
    if (months?.kind !== 'number' || unit?.kind !== 'name' || !/^months?$/.test(unit.name))
      return fail(`a number of months, as in ${word}(churn, 12 months)`);
    take(')');
    return { ...read, months: months.value };
  }
  function product(): Expression {
    let left = factor();
    while (isSign('*') || isSign('/')) {
      const op = (list[at++] as { sign: '*' | '/' }).sign;
      left = { kind: 'binary', op, left, right: factor() };
    }
    return left;
  }
  function sum(): Expression {
    let left = product();
    while (isSign('+') || isSign('-')) {
      const op = (list[at++] as { sign: '+' | '-' }).sign;
      left = { kind: 'binary', op, left, right: product() };
    }
    return left;
  }
  const whole = sum();
  if (at < list.length) fail('the end');
  return whole;
}

export function evaluate(
  expression: Expression,
  read: (read: Read) => number | null,
  days: number,
): number | null {
  switch (expression.kind) {
    case 'number':
      return expression.value;
    case 'days':
      return days;
    case 'nonzero':
      return evaluate(expression.of, read, days) || null;
    case 'positive': {
      const of = evaluate(expression.of, read, days);
      return of !== null && of > 0 ? of : null;
    }
    case 'abs': {
      const of = evaluate(expression.of, read, days);
      return of === null ? null : Math.abs(of);
    }
    case 'read':
      return read(expression);
    case 'binary': {
      const left = evaluate(expression.left, read, days);
      const right = evaluate(expression.right, read, days);
      // What was never recorded adds nothing to what was; every other operation needs both.
      if (expression.op === '+' && (left === null) !== (right === null)) return left ?? right;
      if (left === null || right === null) return null;
      if (expression.op === '+') return left + right;
      if (expression.op === '-') return left - right;
      if (expression.op === '*') return left * right;
      return right === 0 ? null : left / right;
    }
    default:
      return expression satisfies never;
  }
}

/** Every measure a formula reads, in the order of appearance, each once. */
export function reads(expression: Expression): Read[] {
  const out: Read[] = [];
  const walk = (node: Expression): void => {
    if (node.kind === 'binary') {
      walk(node.left);
      walk(node.right);
    } else if ('of' in node) walk(node.of);
    else if (node.kind === 'read' && !out.some((known) => keyOf(known) === keyOf(node))) {
      const { kind: _kind, ...read } = node;
      out.push(read);
    }
  };
  walk(expression);
  return out;
}

/** True when the value of a whole is that of its parts, added: sums of measures, times constants. */
export function isSum(expression: Expression): boolean {
  if (expression.kind === 'read') return expression.what !== 'kpi';
  if (expression.kind !== 'binary') return false;
  const { op, left, right } = expression;
  if (op === '+' || op === '-') return isSum(left) && isSum(right);
  return op === '*' && ((isConstant(left) && isSum(right)) || (isSum(left) && isConstant(right)));
}

export const isConstant = (expression: Expression) => reads(expression).length === 0;

export const keyOf = (read: Read) =>
  read.what === 'kpi'
    ? `${read.overall ? 'overall' : 'kpi'}:${read.measure}${read.months === undefined ? '' : `/${read.months}`}`
    : `${read.what === 'count' ? '#' : ''}${read.measure}@${read.at}`;

/** What the outermost division divides by: the n of a rate. Null when the formula is no ratio. */
export function denominator(expression: Expression): Expression | null {
  if (expression.kind !== 'binary') return null;
  if (expression.op === '/') return expression.right;
  return denominator(expression.left) ?? denominator(expression.right);
}

/**
 * What a nested ratio is a sample of: the divisor of the innermost division that divides by a number of records.
 * "Seconds ÷ tickets ÷ 3600" has as many samples as tickets, not 3600.
 */
export function sampleOf(expression: Expression, isCount: (read: Read) => boolean): Expression | null {
  if ('of' in expression) return sampleOf(expression.of, isCount);
  if (expression.kind !== 'binary') return null;
  const inner = sampleOf(expression.left, isCount) ?? sampleOf(expression.right, isCount);
  if (inner || expression.op !== '/') return inner;
  const under = reads(expression.right);
  return under.length > 0 && under.every(isCount) ? expression.right : null;
}
