import { describe, expect, test } from 'vitest';
import type { Dimension } from '../../../kpi/question.ts';
import { additive } from '../../../kpi/why/additive.ts';
import { chooseDimension, type Table } from '../../../kpi/why/choose-dimension.ts';

function table(dimension: Dimension, rows: Record<string, [before: number, after: number]>): Table {
  const side = (i: 0 | 1) => new Map(Object.entries(rows).map(([name, values]) => [name, values[i]]));
  return { dimension, parts: additive(side(0), side(1)) };
}

describe('the dimension that tells a change best', () => {
  test('is the one in which one part makes up most of it', () => {
    const chosen = chooseDimension([
      table('region', { EMEA: [100, 120], AMER: [100, 120], APAC: [100, 120] }),
      table('segment', { SMB: [100, 155], Enterprise: [200, 205] }),
    ]);
    expect(chosen).toMatchObject({ dimension: 'segment', leading: ['SMB'], broadBased: false });
    expect(chosen!.explained).toBeCloseTo(55 / 60, 12);
  });

  test('is preferred with few parts over many small ones', () => {
    const owners = Object.fromEntries(
      Array.from({ length: 10 }, (_o, i): [string, [number, number]] => [`o${i}`, [10, i < 5 ? 22 : 10]]),
    );
    expect(
      chooseDimension([table('owner', owners), table('product', { Core: [40, 97], Edge: [60, 63] })])!
        .dimension,
    ).toBe('product');
  });

  test('is found through offsets: a part may make up more than the whole', () => {
    const chosen = chooseDimension([
      table('region', { West: [300, 180], East: [100, 140], North: [100, 100] }),
    ]);
    expect(chosen).toMatchObject({ leading: ['West'], explained: 1.5 });
  });

  test('is broad-based when every part grew in step with its size, even if one is most of it', () => {
    expect(chooseDimension([table('segment', { SMB: [700, 770], Enterprise: [300, 330] })])).toMatchObject({
      leading: [],
      broadBased: true,
    });
  });

  test('is broad-based when the best set makes up less than half', () => {
    const parts = Object.fromEntries(
      Array.from({ length: 12 }, (_p, i): [string, [number, number]] => [`p${i}`, [100, 110]]),
    );
    expect(chooseDimension([table('product', { ...parts, p0: [20, 60] })])).toMatchObject({
      leading: ['p0'],
      broadBased: true,
    });
  });

  test('is none that explains when the change is a small rest of large moves', () => {
    const rows = { A: [100, 160], B: [100, 70], C: [100, 75] } as Record<string, [number, number]>;
    expect(chooseDimension([table('region', rows)])!.broadBased).toBe(true);
  });

  test('a part that is nearly everything stands out only when it is nearly all of the change and more', () => {
    expect(chooseDimension([table('segment', { SMB: [900, 990], Rest: [100, 110] })])!.broadBased).toBe(true);
    expect(chooseDimension([table('segment', { SMB: [900, 1000], Rest: [100, 100] })])!.leading).toEqual([
      'SMB',
    ]);
  });

  test('is none when nothing moved or no dimension has two parts', () => {
    expect(chooseDimension([table('segment', { SMB: [100, 90], Rest: [100, 110] })])).toBeNull();
    expect(chooseDimension([table('segment', { SMB: [100, 120] })])).toBeNull();
    expect(chooseDimension([])).toBeNull();
  });
});
