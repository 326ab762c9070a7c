/** A product's move told by its factors: sales velocity by open deals, deal size, win rate and cycle. */
import { HeraldError } from '../../platform/errors.ts';
import type { Answer, Unit } from '../answer.ts';
import { daysBetween } from '../calendar.ts';
import type { Catalogue } from '../catalogue.ts';
import { describeRead } from '../components.ts';
import { type Expression, evaluate, keyOf, parseFormula } from '../formula.ts';
import type { Period } from '../question.ts';
import { type Figure, type Figures, nothing } from '../read/slice.ts';
import { factors } from './factors.ts';
import { scaleOf } from './parts.ts';
import { byMagnitude, sayWhy } from './say-why.ts';
import type { Factor, Shape } from './shape.ts';
import type { Contributor, Why } from './why.ts';

type Side = { figure: Figure; days: number };

/** `figures` of the whole, [after, before]; the contributions add up to the answer's change. */
export function byFactors(
  shape: Extract<Shape, { kind: 'product' }>,
  catalogue: Catalogue,
  answer: Answer,
  before: Period,
  figures: Figures,
): Why {
  const [after, earlier] = [answer.period, before].map(
    (period, i): Side => ({
      figure: figures[i]!.get('') ?? nothing,
      days: daysBetween(period.from, period.to),
    }),
  ) as [Side, Side];
  const value = (factor: Factor, side: Side) => needed(factor.expression, side);
  const scale = (side: Side) => scaleOf(shape.scale, side.days);
  const shares = factors(
    [...shape.factors.map((factor) => factor.name), 'Length of the period'],
    [...shape.factors.map((factor) => value(factor, earlier)), scale(earlier)],
    [...shape.factors.map((factor) => value(factor, after)), scale(after)],
    [...shape.factors.map((factor) => factor.exponent), 1],
  );
  const contributors = shares.flatMap(({ name, contribution, share }, i): Contributor[] => {
    const factor = shape.factors[i];
    if (factor) return [{ name, contribution, share, ...shown(factor, earlier, after, catalogue) }];
    // Numbers stay as they are; only a formula with days in it moves with the period's length.
    if (scale(earlier) === scale(after)) return [];
    return [{ name, contribution, share, before: earlier.days, after: after.days, unit: 'days' }];
  });
  const rising = contributors.filter((part) => (part.share ?? 0) > 0);
  const [most] = rising.sort((a, b) => b.share! - a.share!);
  const found: Omit<Why, 'sentence'> = {
    kpi: answer.kpi,
    dimension: null,
    dimensions: [],
    contributors: contributors.sort(byMagnitude),
    leading: most ? [most.name] : [],
    broadBased: false,
    within: null,
    method: 'factors',
    change: answer.value! - answer.comparison!.value!,
  };
  return { ...found, sentence: sayWhy(found, answer) };
}

function amountOf(expression: Expression, { figure, days }: Side): number | null {
  return evaluate(expression, (one) => figure.inputs.get(keyOf(one)) ?? null, days);
}

/** A product that has a value has one for each of its factors. */
function needed(expression: Expression, side: Side): number {
  const value = amountOf(expression, side);
  if (value === null)
    throw new HeraldError('bug', 'Something went wrong inside Herald. It has been logged.', {
      note: 'why: a product has a value and one of its factors has none',
    });
  return value;
}

/** As the KPI that people know: a win rate is shown as 23 %, not as 0.23. */
function shown({ expression, told }: Factor, before: Side, after: Side, catalogue: Catalogue) {
  const known = told?.formula.kind === 'arithmetic' ? parseFormula(told.formula.text) : expression;
  return {
    before: amountOf(known, before),
    after: amountOf(known, after),
    unit: told?.unit ?? unitOf(expression, catalogue),
  };
}

const unitOf = (expression: Expression, catalogue: Catalogue): Unit =>
  expression.kind === 'read' ? describeRead(expression, catalogue).unit : 'ratio';
