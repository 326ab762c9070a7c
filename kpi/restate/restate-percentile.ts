/** A percentile: its records are counted, and its figure is read from the distribution with each class let in. */
import type { Formula } from '../definition.ts';
import { readSketches } from '../read/sketch-percentile.ts';
import { distributionOf, quantileOf, type Sketch } from '../rollup/distribution.ts';
import type { Around } from './around.ts';
import { classOrder } from './classes.ts';
import type { Course } from './course.ts';
import type { RestatedPart } from './part.ts';
import { restateSum } from './restate-sum.ts';

export async function restatePercentile(
  formula: Extract<Formula, { kind: 'percentile' }>,
  around: Around,
): Promise<{ part: RestatedPart; course: Course }> {
  const measure = distributionOf(formula).name;
  const { changes, ...part } = await restateSum({ measure, at: 'period', what: 'count' }, around);
  const { sql, period, filters, versions } = around;
  const sketchAt = async (asOf: number): Promise<Sketch> => {
    const [parts] = await readSketches(sql, {
      measure,
      periods: [period],
      slice: { by: null, filters, asOf },
    });
    return parts!.get('') ?? new Map();
  };
  const [before, after] = [await sketchAt(versions.from), await sketchAt(versions.to)];
  const grown = new Map(before);
  const rest = new Map(after);
  for (const { bins } of [{ bins: before }, ...changes]) add(rest, bins, -1);
  const unaccounted = part.classes.find(({ records }) => records === 0)?.class ?? 'unknown';
  const course = classOrder.map((name) => {
    for (const { bins } of changes.filter((change) => change.class === name)) add(grown, bins);
    if (name === unaccounted) add(grown, rest);
    return quantileOf(grown, formula.p);
  });
  return {
    part: { ...part, name: 'n', label: 'records' },
    course: [quantileOf(before, formula.p), ...course],
  };
}

function add(sketch: Map<number, number>, bins: Sketch, sign = 1): void {
  for (const [bin, n] of bins) sketch.set(bin, (sketch.get(bin) ?? 0) + sign * n);
}
