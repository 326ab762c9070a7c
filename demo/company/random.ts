/** A seeded source of chance: the same seed and stream name give the same draws on every machine. */
export type Random = {
  /** In [0, 1). */
  next(): number;
  /** A whole number in [0, n). */
  int(n: number): number;
  between(low: number, high: number): number;
  chance(probability: number): boolean;
  pick<T>(list: readonly T[]): T;
  weighted<T>(pairs: readonly (readonly [T, number])[]): T;
  normal(mean: number, deviation: number): number;
  lognormal(median: number, sigma: number): number;
  poisson(mean: number): number;
};

/** FNV-1a over the stream name, so that one part of the company can change without reshuffling the others. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

/** sfc32 (Chris Doty-Humphrey, PractRand): small, fast, and free of visible patterns at this size. */
export function createRandom(seed: number, stream: string): Random {
  let a = seed >>> 0;
  let b = hash(stream);
  let c = 0x9e3779b9;
  let counter = 1;
  const next = () => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t;
    c |= 0;
    return (t >>> 0) / 4294967296;
  };
  for (let i = 0; i < 15; i++) next();
  const normal = (mean: number, deviation: number) =>
    mean + deviation * Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());

  return {
    next,
    int: (n) => Math.floor(next() * n),
    between: (low, high) => low + (high - low) * next(),
    chance: (probability) => next() < probability,
    pick: (list) => list[Math.floor(next() * list.length)]!,
    weighted(pairs) {
      let left = next() * pairs.reduce((sum, pair) => sum + pair[1], 0);
      for (const [value, weight] of pairs) {
        left -= weight;
        if (left < 0) return value;
      }
      return pairs[pairs.length - 1]![0];
    },
    normal,
    lognormal: (median, sigma) => median * Math.exp(normal(0, sigma)),
    poisson(mean) {
      // Knuth's product needs e^-mean; past 30 the rounded normal is indistinguishable for our use.
      if (mean > 30) return Math.max(0, Math.round(normal(mean, Math.sqrt(mean))));
      const limit = Math.exp(-mean);
      let n = 0;
      for (let product = next(); product > limit; product *= next()) n++;
      return n;
    },
  };
}
