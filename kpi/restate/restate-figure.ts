/** A KPI over its days, and those that its formula names over theirs, down to what is stored. */
import { daysBetween, offset } from '../calendar.ts';
import { describeRead } from '../components.ts';
import type { KpiDefinition } from '../definition.ts';
import { evaluate, keyOf, parseFormula, type Read, reads } from '../formula.ts';
import { readFigures } from '../read/read-figures.ts';
import { type Figure, nothing } from '../read/slice.ts';
import type { Around } from './around.ts';
import { type Course, courseOfSum, stages } from './course.ts';
import { amountIn, type RestatedPart } from './part.ts';
import { restateCustomers } from './restate-customers.ts';
import { restatePercentile } from './restate-percentile.ts';
import { restateSum } from './restate-sum.ts';

export type RestatedFigure = { parts: RestatedPart[]; course: Course };

/** Throws `ask` for a KPI that cannot be read as of a past date. */
export async function restateFigure(kpi: KpiDefinition, around: Around): Promise<RestatedFigure> {
  const { formula } = kpi;
  const figures = { before: await figureAt('from'), after: await figureAt('to') };
  switch (formula.kind) {
    case 'arithmetic':
      return restateArithmetic(formula.text, figures, around);
    case 'span':
      return restateCustomers(formula.of, figures, around);
    case 'percentile': {
      const { part, course } = await restatePercentile(formula, around);
      return { parts: [part], course };
    }
    // What is read from the records as they are now was refused when its figure was read.
    default:
      return { parts: [], course: [figures.before.value, figures.after.value] };
  }

  async function figureAt(edge: 'from' | 'to'): Promise<Figure> {
    const { sql, period, filters, versions, days } = around;
    const slice = { by: null, filters, asOf: versions[edge] };
    const settings = around.settings;
    const [figures] = await readFigures(sql, kpi, [period], slice, settings, days[edge]);
    return figures!.get('') ?? nothing;
  }
}

async function restateArithmetic(
  text: string,
  { before, after }: { before: Figure; after: Figure },
  around: Around,
): Promise<RestatedFigure> {
  const { minorPerUnit } = around.settings;
  const formula = parseFormula(text);
  const courses = new Map<string, Course>();
  const parts: RestatedPart[] = [];
  for (const read of reads(formula)) {
    const key = keyOf(read);
    if (read.what === 'kpi') {
      const other = await restateOther(read, around);
      courses.set(key, other.course);
      parts.push(...other.parts);
      continue;
    }
    const { changes: _changes, ...part } = await restateSum(read, around);
    const perUnit = part.unit === 'money' ? minorPerUnit : 1;
    courses.set(
      key,
      courseOfSum(
        { before: before.inputs.get(key) ?? null, after: after.inputs.get(key) ?? null, perUnit },
        (name) => amountIn(part.classes, name),
      ),
    );
    parts.push(part);
  }
  const days = daysBetween(around.period.from, around.period.to);
  const course = stages
    .slice(1, -1)
    .map((stage) => evaluate(formula, (read) => courses.get(keyOf(read))?.[stage] ?? null, days));
  return { parts, course: [before.value, ...course, after.value] };
}

/** Another KPI that a formula names, over its own window, its parts named after it. */
async function restateOther(read: Read, around: Around): Promise<RestatedFigure> {
  const { catalogue } = around.settings;
  const { to } = around.period;
  const found = await restateFigure(catalogue.kpiByName.get(read.measure)!, {
    ...around,
    period: read.months === undefined ? around.period : { from: offset(to, 'month', -read.months), to },
    filters: read.overall ? [] : around.filters,
  });
  const { label } = describeRead(read, catalogue);
  return { ...found, parts: found.parts.map((part) => ({ ...part, label: `${label}: ${part.label}` })) };
}
