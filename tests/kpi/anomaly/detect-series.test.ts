import { describe, expect, test } from 'vitest';
import { detectSeries, type SeriesPoint } from '../../../kpi/anomaly/detect-series.ts';
import { type FineKind, fineKinds, fineSeries } from './fine-series.ts';
import { nabScore, nabStandard } from './nab-score.ts';
import { chance, labelled } from './synthetic.ts';

const day = 86_400_000;
const origin = Date.UTC(2026, 0, 5);
const series = (values: readonly (number | null)[], step = day): SeriesPoint[] =>
  values.map((value, i) => ({ at: origin + i * step, value }));

/** Times of the detections, as places in the series that was given. */
function detections(points: readonly SeriesPoint[]): number[] {
  const place = new Map(points.map(({ at }, i) => [at, i]));
  return detectSeries(points)
    .points.filter(({ score }) => score >= 0.5)
    .map(({ at }) => place.get(at)!);
}

describe('the scoring of NAB', () => {
  test('is 100 for a detection at the start of each window and 0 for silence', () => {
    const windows = [{ from: 400, to: 499 }];
    expect(nabStandard([nabScore(1000, windows, [400])])).toBeCloseTo(100, 6);
    expect(nabStandard([nabScore(1000, windows, [])])).toBe(0);
  });
  test('takes 0.11 for a detection that no window came before', () => {
    expect(nabScore(1000, [{ from: 400, to: 499 }], [300]).raw).toBeCloseTo(-1.11, 6);
  });
  test('counts nothing in the first 15 %', () => {
    expect(nabScore(1000, [{ from: 400, to: 499 }], [149, 400]).raw).toBeCloseTo(1, 6);
  });
});

describe('series finer than a day', () => {
  const scored = (kind: FineKind) =>
    [1, 2, 3].map((seed) => {
      const { points, windows } = fineSeries(kind, seed);
      return nabScore(points.length, windows, detections(points));
    });
  test('score at least 70 by the scoring of NAB, over nine kinds', () => {
    const all = fineKinds.map((kind) => ({ kind, scores: scored(kind) }));
    if (process.env.HERALD_FIGURES)
      for (const { kind, scores } of all)
        console.log(
          kind,
          scores.map(({ raw }) => raw.toFixed(2)).join(' '),
          scores[0]!.windows > 0 ? nabStandard(scores).toFixed(1) : '',
        );
    expect(nabStandard(all.flatMap(({ scores }) => scores))).toBeGreaterThanOrEqual(70);
  });
});

describe('a shift within the wobble of single points', () => {
  const shifted = (by: number) => {
    const { normal } = chance(11);
    return series(
      Array.from({ length: 3000 }, (_, i) => 40 + 2 * normal() + (i >= 2502 && i < 2538 ? by : 0)),
      300_000,
    );
  };
  test('stands out in the mean of its half hour', () => {
    expect(detections(shifted(5)).filter((at) => at >= 2502 && at < 2538)).toHaveLength(1);
    expect(detections(shifted(0))).toEqual([]);
  });
});

describe('days from anywhere', () => {
  test('give at least four of five labelled events and at most two false episodes, on each of twelve series', () => {
    for (const kind of ['spikes', 'drops', 'missing days'] as const)
      for (const seed of [101, 102, 103, 104]) {
        const { series: days, labels } = labelled(kind, seed);
        const found = detectSeries(days.map(({ day: at, value }) => ({ at: Date.parse(at), value })));
        const flagged = found.points.filter((point) => point.flagged);
        const hits = labels.filter(({ from }) =>
          flagged.some(({ at }) => at === Date.parse(days[from]!.day)),
        );
        expect(hits.length, `${kind} ${seed}`).toBeGreaterThanOrEqual(Math.ceil(0.8 * labels.length));
        expect(found.episodes - hits.length, `${kind} ${seed}`).toBeLessThanOrEqual(2);
      }
  });
  test('come in any order and twice', () => {
    const { series: days } = labelled('spikes', 5);
    const points = days.map(({ day: at, value }) => ({ at: Date.parse(at), value }));
    expect(detectSeries([...points, ...points].reverse())).toEqual(detectSeries(points));
  });
  test('months are refused: of them too few are alike', () =>
    expect(
      detectSeries(
        series(
          Array.from({ length: 144 }, (_, i) => 100 + i),
          30 * day,
        ),
      ).refusal,
    ).toMatch(/more than a week apart/));
  test('a point far from all others is refused, not waited for', () => {
    expect(detectSeries([...series([1, 2, 3]), { at: 8e15, value: 1 }]).refusal).toMatch(
      /one of them is wrong/,
    );
  });
});

describe('whatever numbers come', () => {
  const { normal, uniform } = chance(3);
  const many = (make: (i: number) => number | null) => Array.from({ length: 400 }, (_, i) => make(i));
  const shapes: Record<string, (number | null)[]> = {
    nothing: [],
    'one point': [7],
    'all equal': many(() => 5),
    'all zero': many(() => 0),
    'all but one equal': many((i) => (i === 300 ? 6 : 5)),
    'no numbers': many(() => Number.NaN),
    'mostly gaps': many((i) => (i % 9 === 0 ? 100 + normal() : null)),
    negative: many(() => -50 + normal()),
    'around zero': many(() => normal()),
    huge: many(() => 1e300 * normal()),
    infinite: many((i) => (i % 50 === 0 ? Number.POSITIVE_INFINITY : normal())),
    'huge among small': many((i) => (i === 200 ? Number.MAX_VALUE : normal())),
    tiny: many(() => 1e-300 * uniform()),
    'mostly zero': many(() => (uniform() < 0.05 ? Math.ceil(5 * uniform()) : 0)),
  };
  test.each(Object.entries(shapes))('%s: every figure is one, by day and by five minutes', (_, values) => {
    for (const step of [day, 300_000, 7 * day]) {
      for (const { score, z, expected, low, high } of detectSeries(series(values, step)).points) {
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(1);
        for (const figure of [z, expected, low, high])
          expect(figure === null || Number.isFinite(figure)).toBe(true);
      }
    }
  });
  test('a series that never varies has nothing unusual, until it does', () => {
    expect(detectSeries(series(shapes['all equal']!)).episodes).toBe(0);
    expect(
      detectSeries(series(shapes['all but one equal']!)).points.filter(({ flagged }) => flagged),
    ).toMatchObject([{ value: 6 }]);
  });
  test('too little says how much', () => {
    expect(detectSeries(series([1, 2, 3])).refusal).toBe('not enough history: 3 of 35 days');
    expect(detectSeries(series([1, 2, 3], 300_000)).refusal).toBe('not enough history: 3 of 100 points');
    expect(detectSeries(series(shapes.huge!)).refusal).toBeNull();
  });
});
