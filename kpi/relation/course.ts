/** Values of a KPI in buckets of equal length, oldest first; null where it had none. */
export type Course = readonly (number | null)[];

/** Values less their least-squares line over time: what two growing series share by growing alone is gone. */
export function detrend(course: Course): Course {
  const known = course.flatMap((y, x) => (y === null ? [] : [{ x, y }]));
  const [mx, my] = [mean(known.map(({ x }) => x)), mean(known.map(({ y }) => y))];
  const spread = sum(known.map(({ x }) => (x - mx) ** 2));
  const slope = spread === 0 ? 0 : sum(known.map(({ x, y }) => (x - mx) * (y - my))) / spread;
  return course.map((y, x) => (y === null ? null : y - my - slope * (x - mx)));
}

/** Each value less the one before; the first has none. */
export function differences(course: Course): Course {
  return course.slice(1).map((value, i) => {
    const before = course[i]!;
    return value === null || before === null ? null : value - before;
  });
}

/** Values less the mean of their place in the cycle (all Januaries, all weeks 14). */
export function withoutSeason(course: Course, cycle: number): Course {
  const usual = Array.from({ length: cycle }, (_one, place) =>
    mean(course.flatMap((value, i) => (value === null || i % cycle !== place ? [] : [value]))),
  );
  return course.map((value, i) => (value === null ? null : value - usual[i % cycle]!));
}

/** How alike a course is to itself `lag` buckets later, −1 to 1; 0 where it does not vary. */
export function autocorrelation(course: Course, lag: number): number {
  const known = course.filter((value) => value !== null);
  const centre = mean(known);
  const variance = sum(known.map((value) => (value - centre) ** 2));
  if (variance === 0) return 0;
  let shared = 0;
  for (let i = lag; i < course.length; i++) {
    const [a, b] = [course[i - lag]!, course[i]!];
    if (a !== null && b !== null) shared += (a - centre) * (b - centre);
  }
  return shared / variance;
}

/** Ranks from 1, equal values sharing their mean rank. */
export function ranks(values: readonly number[]): number[] {
  const order = values.map((value, i) => ({ value, i })).sort((a, b) => a.value - b.value);
  const out = values.map(() => 0);
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to < order.length && order[to]!.value === order[from]!.value) to++;
    for (const { i } of order.slice(from, to)) out[i] = (from + 1 + to) / 2;
    from = to;
  }
  return out;
}

export const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);
export const mean = (values: readonly number[]) => (values.length === 0 ? 0 : sum(values) / values.length);
