/**
 * How a series varies: counts and money by a factor, rates by chance and by points, changes of a stock and series of
 * which nothing is known by amounts.
 */
export type SeriesKind = 'count' | 'money' | 'rate' | 'change' | 'plain';

/** The scale on which ups and downs are equally far. `of` is what a value is a share of (a rate's denominator, the stock that changed). */
export type Scale = {
  to(value: number, of: number | null): number;
  from(scaled: number, of: number | null): number;
  /** Standard deviation by chance alone around this expectation, on the scale: Poisson, binomial; 0 where unknown. */
  chance(expected: number, of: number | null): number;
  /** The least day-to-day wobble to believe in around this expectation, on the scale. */
  floor(expected: number, of: number | null): number;
  /** What has to lie between a value and its expectation to matter, in the series' unit. */
  material(expected: number, of: number | null): number;
};

/** Even a perfectly steady series wobbles by this share: rounding, late records, working hours. */
const leastShare = 0.02;
/** What is unlikely but small is not news: five per cent of the KPI. */
const materialShare = 0.05;
/** Five more events are not news either, nor one percentage point. */
const materialCount = 5;
const materialPoints = 1;
/** A stock gathered over months: a day that moves one per cent of it is a great day. */
const materialStock = 0.01;
const leastStock = 0.002;
/** Keeps a series that never varies from having no wobble at all. */
const tiny = 1e-9;
/** Two per cent of half: the arcsine scale has the same width everywhere. */
const leastArc = 0.01;

// Values beyond this are not told apart from it: their exponential would not be a number.
const largestLog = 700;
const signedLog = (value: number) => Math.sign(value) * Math.log1p(Math.abs(value));
const signedExp = (scaled: number) => Math.sign(scaled) * Math.expm1(Math.min(largestLog, Math.abs(scaled)));
const noChance = () => 0;
const share = (part: number, whole: number) => Math.min(1, Math.max(0, part / whole));

export const scales: Record<SeriesKind, Scale> = {
  count: {
    to: signedLog,
    from: signedExp,
    // A Poisson count of λ wobbles by √λ; on the log1p scale that is about 1 / √(1 + λ), also for rare events.
    chance: (expected) => 1 / Math.sqrt(1 + Math.max(0, signedExp(expected))),
    floor: () => leastShare,
    material: (expected) => Math.max(materialShare * Math.abs(expected), materialCount),
  },
  money: {
    to: signedLog,
    from: signedExp,
    chance: noChance,
    floor: () => leastShare,
    material: (expected) => materialShare * Math.abs(expected),
  },
  rate: {
    // Percent. The arcsine of Anscombe 1948 (asin √((x + 3/8) / (n + 3/4))) makes the spread of a share the same at 50
    // and at 98 %, 1 / √(4n + 2) by chance, and keeps 40 of 40 from being further from 36 of 40 than it is.
    to: (value, of) =>
      Math.asin(Math.sqrt(share((value / 100) * (of ?? 1) + (of ? 3 / 8 : 0), (of ?? 1) + (of ? 3 / 4 : 0)))),
    from: (scaled, of) => {
      const part = Math.sin(Math.min(Math.PI / 2, Math.max(0, scaled))) ** 2;
      return 100 * (of ? share(part * (of + 3 / 4) - 3 / 8, of) : part);
    },
    chance: (_, of) => (of === null ? 0 : 1 / Math.sqrt(4 * of + 2)),
    floor: () => leastArc,
    material: (expected) => Math.max(materialShare * expected, materialPoints),
  },
  change: {
    to: (value) => value,
    from: (scaled) => scaled,
    chance: noChance,
    floor: (_, of) => Math.max(leastStock * Math.abs(of ?? 0), tiny),
    material: (_, of) => materialStock * Math.abs(of ?? 0),
  },
  plain: {
    to: (value) => value,
    from: (scaled) => scaled,
    chance: noChance,
    floor: (expected) => Math.max(leastShare * Math.abs(expected), tiny),
    material: (expected) => materialShare * Math.abs(expected),
  },
};
