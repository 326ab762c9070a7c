/** By which past a point is judged, counted in points of the series. */
export type Rhythm = {
  unit: 'day' | 'week';
  /** The shortest history that allows a claim. */
  least: number;
  /** The usual value is the median of so many earlier points alike (same weekdays), and of no fewer than these. */
  alike: number;
  fewestAlike: number;
  /** The level is where the last so many points were. */
  level: number;
  /** Errors that say how much points wobble, and the fewest that can. */
  residuals: number;
  fewestResiduals: number;
};

/** Seven weekdays with a usual value each; ten weeks of wobble. Five weeks are the least from which both can be told. */
export const daily: Rhythm = {
  unit: 'day',
  least: 35,
  alike: 8,
  fewestAlike: 3,
  level: 14,
  residuals: 70,
  fewestResiduals: 10,
};

/** Weeks are alike; a quarter is the least. */
export const weekly: Rhythm = {
  unit: 'week',
  least: 12,
  alike: 8,
  fewestAlike: 4,
  level: 4,
  residuals: 26,
  fewestResiduals: 6,
};
