import { describe, expect, test } from 'vitest';
import { byVolume, type CountedPoint, detectByVolume } from '../../../kpi/anomaly/by-volume.ts';
import { explain } from '../../../kpi/anomaly/finding.ts';
import { addDays } from '../../../kpi/calendar.ts';
import { chance } from './synthetic.ts';

const monday = { weekStart: 'monday' } as const;
const counts = (days: number, make: (t: number) => number, start = '2026-01-05'): CountedPoint[] =>
  Array.from({ length: days }, (_, t) => ({ day: addDays(start, t), value: make(t), n: make(t) }));

describe('the grain', () => {
  test('is the day from twenty events on the median day on', () => {
    expect(
      byVolume(
        counts(60, () => 20),
        'count',
        monday,
      ),
    ).toMatchObject({
      rhythm: { unit: 'day' },
      stated: 'by day: 20 events on the median day',
    });
  });
  test('is the week below, and weeks are whole and start where the company says', () => {
    const { rhythm, series, stated } = byVolume(
      counts(100, () => 3, '2026-01-07'),
      'count',
      monday,
    );
    expect(rhythm?.unit).toBe('week');
    expect(series[0]).toMatchObject({ day: '2026-01-12', value: 21 });
    expect(series).toHaveLength(13);
    expect(stated).toBe('by week: 3 events on the median day, and days need 20');
  });
  test('with too little history there is none, and it says how much is missing', () => {
    expect(
      byVolume(
        counts(3, () => 50),
        'count',
        monday,
      ).stated,
    ).toBe('not enough history: 3 of 35 days');
    expect(
      byVolume(
        counts(40, () => 2),
        'count',
        monday,
      ),
    ).toMatchObject({
      rhythm: null,
      stated: expect.stringMatching(/^not enough history: 5 of 12 weeks/),
    });
    expect(byVolume([], 'count', monday).rhythm).toBeNull();
  });
});

describe('rates', () => {
  const rated = (n: number, p: (t: number) => number, days = 140) => {
    const { uniform } = chance(11);
    return Array.from({ length: days }, (_, t): CountedPoint => {
      const hits = Array.from({ length: n }, () => uniform() < p(t)).filter(Boolean).length;
      return { day: addDays('2026-01-05', t), value: n > 0 ? (100 * hits) / n : null, of: n, n };
    });
  };
  const find = (points: CountedPoint[]) =>
    detectByVolume(byVolume(points, 'rate', monday), { kind: 'rate', good: 'up' });
  test('of forty cases a day do not fire by chance in twenty weeks', () => {
    expect(find(rated(40, () => 0.9))).toEqual([]);
  });
  test('that fall by more than chance allows are found', () => {
    expect(find(rated(40, (t) => (t === 120 ? 0.45 : 0.9)))).toMatchObject([
      { kind: 'drop', day: addDays('2026-01-05', 120), sentenceFacts: { good: false } },
    ]);
  });
  test('of a day with few cases are allowed what chance does to few', () => {
    const many = rated(1000, () => 0.9);
    const few = (value: number, of: number) =>
      many.map((point, t) => (t === 120 ? { ...point, value, of, n: of } : point));
    expect(find(few(75, 20))).toEqual([]);
    expect(find(few(75, 1000))).toMatchObject([{ kind: 'drop', value: 75 }]);
  });
  test('of few cases are judged by the week, over all of its cases', () => {
    const points = rated(5, (t) => (t >= 182 && t < 189 ? 0.3 : 0.9), 210);
    const [found, ...more] = find(points);
    expect(more).toEqual([]);
    const week = points.slice(182, 189).reduce((sum, { value }) => sum + value! / 7, 0);
    expect(found!.value).toBeCloseTo(week, 9);
    expect(explain(found!, 'CSAT', (value) => `${Math.round(value)} %`)).toMatch(
      /^CSAT was \d+ % in the week of 6 July 2026, \d+ % below the \d+ % usual for a week \(\d+ %–\d+ %\)\.$/,
    );
  });
});

describe('stocks', () => {
  const { normal } = chance(5);
  const stock: CountedPoint[] = [];
  let level = 1000;
  for (let t = 0; t < 120; t += 1) {
    const value = Math.round(4 * normal()) + 1 + (t === 100 ? 90 : 0);
    stock.push({ day: addDays('2026-01-05', t), value, of: level, n: null });
    level += value;
  }
  test('are judged by how much a day moved them', () => {
    const [found, ...more] = detectByVolume(byVolume(stock, 'change', monday), {
      kind: 'change',
      good: 'down',
    });
    expect(more).toEqual([]);
    expect(explain(found!, 'Ticket backlog', (value) => String(Math.round(value)))).toMatch(
      /^Ticket backlog moved by \+\d+ on Wednesday 15 April 2026, to \d+, where [+−]\d+ is usual for a Wednesday \(−\d+ to \+\d+\)\.$/,
    );
  });
});
