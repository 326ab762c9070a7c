import type { Answer, Part } from '../../kpi/answer.ts';

const most = 10;

export function isOther(part: Part): boolean {
  return part.name.toLowerCase() === 'other';
}

/** Sorted by value (the asked way round), parts without records after those with, "other" last; at most ten. */
export function shownParts(answer: Answer): Part[] {
  const sign = answer.question.top?.order === 'bottom' ? 1 : -1;
  const rank = (part: Part) => (isOther(part) ? 2 : part.value === null ? 1 : 0);
  const sorted = answer.parts.toSorted(
    (a, b) => rank(a) - rank(b) || sign * ((a.value ?? 0) - (b.value ?? 0)),
  );
  if (sorted.length <= most) return sorted;
  const other = sorted.find(isOther);
  return other === undefined ? sorted.slice(0, most) : [...sorted.slice(0, most - 1), other];
}

/** Change of a part, measured as the answer's own change is. */
export function partChange(
  answer: Answer,
  part: Part,
): { change: number | null; changeUnit: 'pp' | '%'; good: boolean | null } {
  const changeUnit = answer.unit === 'percent' ? 'pp' : '%';
  const { value, comparison } = part;
  if (value === null || comparison === null || (changeUnit === '%' && comparison === 0)) {
    return { change: null, changeUnit, good: null };
  }
  const change =
    changeUnit === 'pp' ? value - comparison : (100 * (value - comparison)) / Math.abs(comparison);
  const good = answer.good === 'none' || change === 0 ? null : change > 0 === (answer.good === 'up');
  return { change, changeUnit, good };
}
