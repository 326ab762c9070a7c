/** How a KPI varies: counts and money by a factor, rates by points. */
export type SeriesKind = 'count' | 'money' | 'rate';

/** The scale on which ups and downs are equally far: log1p for counts and money (credits keep their sign). */
export type Scale = {
  to(value: number): number;
  from(scaled: number): number;
  /** The least day-to-day wobble to believe in around this expectation, on the scale. */
  floor(expected: number): number;
};

/** Even a perfectly steady series wobbles by this share: rounding, late records, working hours. */
const leastShare = 0.02;

const signedLog = (value: number) => Math.sign(value) * Math.log1p(Math.abs(value));
const signedExp = (scaled: number) => Math.sign(scaled) * Math.expm1(Math.abs(scaled));

export const scales: Record<SeriesKind, Scale> = {
  count: {
    to: signedLog,
    from: signedExp,
    // A Poisson count of λ wobbles by √λ; on the log1p scale that is √λ / (1 + λ).
    floor: (expected) => {
      const count = Math.max(0, signedExp(expected));
      return Math.max(leastShare, Math.sqrt(count) / (1 + count));
    },
  },
  money: { to: signedLog, from: signedExp, floor: () => leastShare },
  rate: {
    to: (value) => value,
    from: (scaled) => scaled,
    // The second bound keeps a rate of exactly 0 from having no wobble at all.
    floor: (expected) => Math.max(leastShare * Math.abs(expected), 1e-9),
  },
};
