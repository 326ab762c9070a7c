/** Whether two series move together, at which lag and how strongly; or that nothing can be said. */
import { benjaminiHochberg } from '../anomaly/false-discovery.ts';
import { correlateLags, type Lagged } from './correlate-lags.ts';
import { autocorrelation, type Course, detrend, differences, withoutSeason } from './course.ts';

/** How the courses were flattened before they were compared. */
export type Flattened = {
  /** `line`: less a straight line. `changes`: from bucket to bucket, where what a line leaves still wanders. */
  compared: 'line' | 'changes';
  /** Whether the usual course of a year was taken out. */
  season: boolean;
};

export type CourseRelation =
  | { kind: 'too_short'; points: number; fewest: number }
  | { kind: 'constant'; which: 'first' | 'second' }
  | ({ kind: 'none'; points: number; closest: Lagged } & Flattened)
  | ({ kind: 'related'; points: number; best: Lagged } & Flattened);

export type RelateOptions = {
  /** Buckets of both series that are needed to say anything. */
  fewest: number;
  /** Lags tried: from −most to most. */
  most: number;
  /** Buckets in a year. */
  cycle: number;
};

/** Chosen so that fewer than 5 % of pairs of unrelated series get a claim (1,000 seeds of noise, of drifts and of shared trends). */
const falseShare = 0.05;
/** A weaker one explains less than a tenth of what moves, however sure it is. */
const weakest = 0.3;
/** Times that a season has to be seen before it can be told from chance. */
const fewestCycles = 3;
/** Above this a course is still at one value's whim for long: its level says little, its changes say more. */
const wanders = 0.5;

/** Compare two courses over the same buckets, the oldest first. */
export function relateCourses(x: Course, y: Course, { fewest, most, cycle }: RelateOptions): CourseRelation {
  const [a, b] = [known(x), known(y)];
  const points = x.filter((value, i) => value !== null && (y[i] ?? null) !== null).length;
  if (points < fewest) return { kind: 'too_short', points, fewest };
  if (isConstant(a)) return { kind: 'constant', which: 'first' };
  if (isConstant(b)) return { kind: 'constant', which: 'second' };
  const season = points >= fewestCycles * cycle;
  const flat = (course: Course) => (season ? withoutSeason(detrend(course), cycle) : detrend(course));
  const [fx, fy] = [flat(x), flat(y)];
  const compared = [fx, fy].some((course) => autocorrelation(course, 1) > wanders) ? 'changes' : 'line';
  const [u, v] = compared === 'line' ? [fx, fy] : [detrend(differences(fx)), detrend(differences(fy))];
  const lags = correlateLags(u, v, most, 1 + (season ? cycle - 1 : 0)).filter(
    ({ pairs }) => pairs >= fewest - most - 1,
  );
  const verdicts = benjaminiHochberg(
    lags.map(({ p }) => p),
    falseShare,
  );
  const ordered = [...lags].sort(
    (l, m) => Math.abs(m.rho) - Math.abs(l.rho) || Math.abs(l.lag) - Math.abs(m.lag),
  );
  const best = ordered.find((one) => Math.abs(one.rho) >= weakest && verdicts[lags.indexOf(one)]);
  const how = { points, compared, season } as const;
  return best ? { kind: 'related', best, ...how } : { kind: 'none', closest: ordered[0]!, ...how };
}

const known = (course: Course) => course.filter((value) => value !== null);

/** The same value all along, but for what floating point leaves. */
function isConstant(values: readonly number[]): boolean {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return high - low <= 1e-9 * Math.max(1, Math.abs(high), Math.abs(low));
}
