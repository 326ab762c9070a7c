/** What is wrong with a formula over measures and KPIs: unknown names, stocks read like flows, money added to counts. */
import { didYouMean } from '../../platform/closest.ts';
import { HeraldError } from '../../platform/errors.ts';
import type { Unit } from '../answer.ts';
import type { Catalogue } from '../catalogue.ts';
import { type Expression, parseFormula, type Read, reads } from '../formula.ts';
import type { Dimension } from '../question.ts';
import { dimensions } from '../question.ts';

export type CheckedFormula = {
  /** Dimensions that everything it reads can be split by. */
  dimensions: readonly Dimension[];
  /** Names of the KPIs it reads. */
  kpis: readonly string[];
  /** The unit its value is in, as far as the formula tells. */
  unit: Unit;
};

/** Powers of money and of seconds that a value is made of; a count is neither. */
type Measured = { money: number; seconds: number };

/** Check a formula against a catalogue; null when faults were told. */
export function checkFormula(
  text: string,
  catalogue: Catalogue,
  tell: (fault: string) => void,
): CheckedFormula | null {
  let faults = 0;
  const fault = (words: string) => {
    faults++;
    tell(words);
  };
  let formula: Expression;
  try {
    formula = parseFormula(text);
  } catch (thrown) {
    if (!(thrown instanceof HeraldError)) throw thrown;
    tell(thrown.message);
    return null;
  }
  const wanted = reads(formula);
  if (wanted.length === 0) fault('reads no measure and no KPI: it would be the same number for ever');
  for (const read of wanted) checkRead(read, catalogue, fault);
  if (faults > 0) return null;
  const value = measured(formula, catalogue, fault);
  if (faults > 0 || value === null) return null;
  const splits = wanted
    .filter((read) => !read.overall)
    .map((read) =>
      read.what === 'kpi'
        ? catalogue.kpiByName.get(read.measure)!.dimensions
        : catalogue.measureByName.get(read.measure)!.dimensions,
    );
  return {
    dimensions: dimensions.filter((one) => splits.every((split) => split.includes(one))),
    kpis: wanted.filter((read) => read.what === 'kpi').map((read) => read.measure),
    unit: unitOf(value, formula),
  };
}

function checkRead(
  read: Read,
  { kpiByName, measureByName }: Catalogue,
  fault: (words: string) => void,
): void {
  const { measure: name, at } = read;
  if (read.what === 'kpi') {
    if (!kpiByName.has(name))
      fault(`there is no KPI "${name}"; ${didYouMean(name, kpiByName.keys())}"herald kpis" lists them`);
    if (read.months !== undefined && (!Number.isInteger(read.months) || read.months < 1 || read.months > 60))
      fault(`kpi(${name}, ${read.months} months) takes 1 to 60 whole months`);
    return;
  }
  const measure = measureByName.get(name);
  if (!measure) {
    const hint = kpiByName.has(name)
      ? `write kpi(${name}) for the KPI of that name`
      : `${didYouMean(name, measureByName.keys())}docs/metrics.md lists them, and "measures:" can add one`;
    fault(`there is no measure "${name}"; ${hint}`);
    return;
  }
  if (measure.kind === 'stock' && at === 'period')
    fault(`${name} is a level, not a sum over the period: write ${name}@end or ${name}@start`);
  if (measure.kind === 'flow' && at !== 'period')
    fault(`${name} is summed over the period: write it without @${at}`);
}

/** What kind of quantity an expression is; a sum of different kinds is a fault. */
function measured(
  expression: Expression,
  catalogue: Catalogue,
  fault: (words: string) => void,
): Measured | null {
  switch (expression.kind) {
    case 'number':
    case 'days':
      return { money: 0, seconds: 0 };
    case 'nonzero':
    case 'positive':
    case 'abs':
      return measured(expression.of, catalogue, fault);
    case 'read':
      return measuredRead(expression, catalogue);
    case 'binary': {
      const left = measured(expression.left, catalogue, fault);
      const right = measured(expression.right, catalogue, fault);
      if (!left || !right) return null;
      if (expression.op === '*' || expression.op === '/') {
        const sign = expression.op === '*' ? 1 : -1;
        return { money: left.money + sign * right.money, seconds: left.seconds + sign * right.seconds };
      }
      const constant = [expression.left, expression.right].some((side) => side.kind === 'number');
      if (!constant && (left.money !== right.money || left.seconds !== right.seconds)) {
        fault(`${expression.op === '+' ? 'adds' : 'subtracts'} ${named(left)} and ${named(right)}`);
        return null;
      }
      return left;
    }
    default:
      return expression satisfies never;
  }
}

function measuredRead(read: Read, { kpiByName, measureByName }: Catalogue): Measured {
  if (read.what === 'count') return { money: 0, seconds: 0 };
  if (read.what === 'kpi') {
    const unit = kpiByName.get(read.measure)?.unit;
    return { money: unit === 'money' || unit === 'money_per_day' ? 1 : 0, seconds: 0 };
  }
  const unit = measureByName.get(read.measure)?.unit;
  return { money: unit === 'money' ? 1 : 0, seconds: unit === 'seconds' ? 1 : 0 };
}

const named = ({ money, seconds }: Measured) =>
  money === 1 && seconds === 0
    ? 'money'
    : money === 0 && seconds === 1
      ? 'seconds'
      : money === 0 && seconds === 0
        ? 'a number'
        : 'a mixture';

function unitOf({ money }: Measured, formula: Expression): Unit {
  if (money === 1) return 'money';
  const isRatio = formula.kind === 'binary' && (formula.op === '/' || formula.op === '*');
  return isRatio ? 'ratio' : 'count';
}
