/** How a KPI's value is made of sums over its parts: what decides which arithmetic explains its moves. */

import type { Catalogue } from '../catalogue.ts';
import { describeRead } from '../components.ts';
import type { KpiDefinition } from '../definition.ts';
import { type Expression, isConstant, isSum, parseFormula, reads } from '../formula.ts';
import { spanComponents } from '../span/figures.ts';

/** A value that adds up over the parts of a whole, from a figure's inputs. */
export type Sum = { kind: 'expression'; expression: Expression } | { kind: 'input'; name: string };

/** `scale` is what the quotient or product is multiplied by: numbers, and the period's days. */
export type Shape =
  | { kind: 'additive' }
  | { kind: 'ratio'; num: Sum; den: Sum; scale: Expression }
  | { kind: 'product'; factors: readonly Factor[]; scale: Expression }
  /** Medians: parts say nothing exact about the whole. */
  | { kind: 'none' };

/** `told` is the KPI that people know the factor as, whose value is shown for it. */
export type Factor = { name: string; expression: Expression; exponent: 1 | -1; told: KpiDefinition | null };

/** The shape of a KPI's formula. */
export function shapeOf({ formula }: KpiDefinition, catalogue: Catalogue): Shape {
  if (formula.kind !== 'span' && formula.kind !== 'arithmetic') return { kind: 'none' };
  if (formula.kind === 'span') {
    const { of } = formula;
    const [num, den] = spanComponents[of];
    if (!den || of === 'net_new_mrr') return { kind: 'additive' };
    return {
      kind: 'ratio',
      num: { kind: 'input', name: num!.name },
      den: { kind: 'input', name: den.name },
      scale: { kind: 'number', value: 100 },
    };
  }
  const { scale, factors } = unfold(parseFormula(formula.text));
  const above = factors.filter((factor) => factor.exponent === 1);
  const below = factors.filter((factor) => factor.exponent === -1);
  if (below.length === 0 && above.length === 1 && isSum(above[0]!.expression)) return { kind: 'additive' };
  if (above.length === 1 && below.length === 1 && factors.every((factor) => isSum(factor.expression))) {
    const sum = ({ expression }: Piece): Sum => ({ kind: 'expression', expression });
    return { kind: 'ratio', num: sum(above[0]!), den: sum(below[0]!), scale };
  }
  if (factors.length < 2) return { kind: 'none' };
  return { kind: 'product', scale, factors: factors.map((piece) => named(piece, catalogue)) };
}

type Piece = { expression: Expression; exponent: 1 | -1 };

/** A chain of × and ÷ as its links. What the author put in parentheses stays one link, as people think of it. */
function unfold(formula: Expression): { scale: Expression; factors: Piece[] } {
  const links: Piece[] = [];
  let rest = formula;
  while (rest.kind === 'binary' && (rest.op === '*' || rest.op === '/')) {
    links.unshift({ expression: bare(rest.right), exponent: rest.op === '*' ? 1 : -1 });
    rest = rest.left;
  }
  links.unshift({ expression: bare(rest), exponent: 1 });
  let scale: Expression = { kind: 'number', value: 1 };
  for (const { expression, exponent } of links.filter((link) => isConstant(link.expression)))
    scale = { kind: 'binary', op: exponent === 1 ? '*' : '/', left: scale, right: expression };
  return { scale, factors: links.filter((link) => !isConstant(link.expression)).flatMap(multiplied) };
}

/** Below the line, what is multiplied there is links too: spend ÷ (new MRR × gross margin). */
function multiplied(link: Piece): Piece[] {
  const { expression, exponent } = link;
  if (expression.kind !== 'binary' || expression.op !== '*' || isSum(expression)) return [link];
  return [expression.left, expression.right].flatMap((side) =>
    multiplied({ expression: bare(side), exponent }),
  );
}

/** Without the guard: a part that spent nothing adds nothing, and a whole that did has no value to explain. */
const bare = (expression: Expression) => (expression.kind === 'nonzero' ? expression.of : expression);

function named({ expression, exponent }: Piece, catalogue: Catalogue): Factor {
  const told = catalogue.kpis.find((kpi) => isSame(kpi, expression)) ?? null;
  return { name: told ? told.title : labelOf(expression, catalogue), expression, exponent, told };
}

/** Whether a KPI is this very expression, but for a constant such as 100. */
function isSame({ formula }: KpiDefinition, expression: Expression): boolean {
  if (formula.kind !== 'arithmetic') return false;
  const mine = unfold(expression).factors;
  const its = unfold(parseFormula(formula.text)).factors;
  return JSON.stringify(mine) === JSON.stringify(its);
}

const signs: Readonly<Record<string, string>> = { '+': '+', '-': '−' };

/** In the words of its measure, "Open deals", or of what it adds up: "Contraction MRR + Churned MRR". */
function labelOf(expression: Expression, catalogue: Catalogue): string {
  if (expression.kind === 'binary' && signs[expression.op])
    return `${labelOf(expression.left, catalogue)} ${signs[expression.op]} ${labelOf(expression.right, catalogue)}`;
  const [first] = reads(expression);
  const label = first
    ? describeRead({ ...first, at: 'period', what: first.what === 'kpi' ? 'kpi' : 'value' }, catalogue).label
    : 'constant';
  return label.charAt(0).toUpperCase() + label.slice(1);
}
