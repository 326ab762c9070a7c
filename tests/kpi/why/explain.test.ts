import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answer } from '../../../kpi/engine.ts';
import type { Question } from '../../../kpi/question.ts';
import { explainMove } from '../../../kpi/why/explain.ts';
import { engine, now, october, openWhyCompany, question, september } from './why-company.ts';

let company: Awaited<ReturnType<typeof openWhyCompany>>;
beforeAll(async () => {
  company = await openWhyCompany();
});
afterAll(() => company.close());

async function why(kpi: string, more: Partial<Question> = {}) {
  const given = await answer(company.db, question(kpi, more), engine, now);
  return { given, found: await explainMove(company.db, given, engine, now) };
}
const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);

describe('a rise of churn that is in one segment', () => {
  test('is found there, of all dimensions', async () => {
    const { found } = await why('churn');
    expect(found).toMatchObject({
      dimension: 'segment',
      leading: ['SMB'],
      method: 'mix_rate',
      broadBased: false,
    });
    expect(found.contributors[0]).toMatchObject({ name: 'SMB', before: 2.5 });
    expect(found.sentence).toMatch(
      /^SMB \(segment\) makes up 9\d\s% of the rise\. It goes with changed rates within each segment, not/,
    );
  });

  test('has contributions that add up to the change of the answer', async () => {
    const { given, found } = await why('churn');
    const change = given.comparison!.change!;
    const effects = sum(found.contributors.map((part) => part.mix! + part.rate!));
    expect(Math.abs(effects - change)).toBeLessThanOrEqual(1e-12 * 100);
    expect(Math.abs(found.change - change)).toBe(0);
  });

  test('is not pinned on a region inside it, over which it is spread', async () => {
    expect((await why('churn')).found.within).toBeNull();
  });

  test('is told as rate rather than mix, since the segments kept their sizes', async () => {
    const { found } = await why('churn');
    const [smb] = found.contributors;
    expect(smb!.rate!).toBeGreaterThan(20 * Math.abs(smb!.mix!));
  });

  test('is not looked for in plan and product, whose customers count twice', async () => {
    expect((await why('churn')).found.dimensions).toEqual(expect.arrayContaining(['region', 'segment']));
    expect((await why('churn')).found.dimensions).not.toContain('plan');
    await expect(why('churn', { by: 'plan' })).rejects.toThrow('no share of its change belongs to a part');
  });

  test('by the dimension that the question names is told by that one', async () => {
    const { found } = await why('churn', { by: 'region' });
    expect(found.dimension).toBe('region');
    expect(found.dimensions).toEqual(['region']);
  });

  test('is not looked for in a dimension that the question fixes', async () => {
    const { found } = await why('churn', { filters: [{ dimension: 'segment', values: ['SMB'] }] });
    expect(found.dimensions).not.toContain('segment');
    expect(found.broadBased).toBe(true);
  });
});

test('a rise inside one part of one part is told two steps deep', async () => {
  const { found } = await why('bookings', {
    period: { ...october, from: '2026-11-01', to: '2026-11-22', label: 'November 2026 to date' },
    comparison: {
      kind: 'custom',
      period: { ...october, from: '2026-01-01', to: '2026-02-01', label: 'January 2026' },
    },
  });
  expect(found.sentence).toContain('Enterprise (segment) makes up 91\u00a0% of the rise');
  expect(found.within).toMatchObject({ dimension: 'region', leading: ['APAC'] });
  expect(found.sentence).toMatch(/Within Enterprise, APAC \(region\) makes up 100\s% of its rise/);
});

test('revenue churn adds up by parts although each is rounded', async () => {
  const { given, found } = await why('revenue_churn');
  expect(found).toMatchObject({ dimension: 'segment', leading: ['SMB'] });
  expect(sum(found.contributors.map((part) => part.contribution))).toBeCloseTo(given.comparison!.change!, 9);
});

describe('bookings that grew in step everywhere', () => {
  test('are broad-based', async () => {
    const { found } = await why('bookings', { period: { ...question('bookings').period, to: '2026-09-01' } });
    expect(found).toMatchObject({ broadBased: true, leading: [], method: 'additive' });
    expect(found.sentence).toContain('The rise is broad-based: no single region');
  });

  test('have contributions that add up to the change in money', async () => {
    const { given, found } = await why('bookings');
    expect(sum(found.contributors.map((part) => part.contribution))).toBeCloseTo(
      given.value! - given.comparison!.value!,
      6,
    );
    expect(sum(found.contributors.map((part) => part.share!))).toBeCloseTo(1, 9);
  });
});

describe('sales velocity', () => {
  const monthly = { period: october, comparison: { kind: 'previous', period: september } } as const;

  test('is told by its factors, named as people know them', async () => {
    const { found } = await why('sales_velocity', monthly);
    expect(found).toMatchObject({ method: 'factors', dimension: null });
    expect(found.contributors.map((part) => part.name).sort()).toEqual([
      'Average deal size',
      'Open deals',
      'Sales cycle',
      'Win rate',
    ]);
  });

  test('has shares that add up to the whole change, the longer cycle against the larger deals', async () => {
    const { given, found } = await why('sales_velocity', monthly);
    const part = (name: string) => found.contributors.find((one) => one.name === name)!;
    const change = given.value! - given.comparison!.value!;
    expect(sum(found.contributors.map((one) => one.contribution))).toBeCloseTo(change, 9);
    expect(part('Sales cycle')).toMatchObject({ before: 10, after: 20, unit: 'days' });
    expect(part('Sales cycle').share!).toBeCloseTo(-Math.log(2) / Math.log(0.75), 9);
    expect(part('Average deal size').share!).toBeLessThan(0);
    expect(part('Win rate')).toMatchObject({ before: 50, after: 50, contribution: 0, unit: 'percent' });
  });
});

describe('what cannot be explained is refused', () => {
  test('a median', async () => {
    const given = await answer(company.db, question('first_response'), engine, now);
    const told = { ...given, value: 2, comparison: { ...given.comparison!, value: 1 } };
    await expect(explainMove(company.db, told, engine, now)).rejects.toThrow('a median or percentile');
  });

  test('an answer without a comparison, or without a figure in one of the periods', async () => {
    await expect(why('churn', { comparison: null })).rejects.toThrow('nothing to compare with');
    await expect(why('nps')).rejects.toThrow('has no figure for Q3 2026');
  });
});

test('an answer is explained as it was given, whatever was synced since', async () => {
  const given = await answer(company.db, question('churn'), engine, now);
  company.billing.remove('subscription', '0-5', 2);
  await company.sync();
  const found = await explainMove(company.db, given, engine, now);
  expect(sum(found.contributors.map((part) => part.contribution))).toBeCloseTo(given.comparison!.change!, 10);
});

describe('recurring revenue', () => {
  test('is told by its five movements, which add up to the change', async () => {
    const { given, found } = await why('mrr');
    expect(found.method).toBe('movements');
    expect(found.contributors.map(({ name, contribution }) => ({ name, contribution }))).toEqual([
      { name: 'Churn', contribution: -1000 },
    ]);
    expect(sum(found.contributors.map((part) => part.contribution))).toBe(
      given.value! - given.comparison!.value!,
    );
    expect(found.sentence).toBe('MRR moved by −$1\u00a0K: churn −$1\u00a0K.');
    expect(found.customers).toHaveLength(5);
    expect(found.customers![0]).toMatchObject({ before: 100, after: 0 });
    expect(found.customers![0]!.name).toMatch(/^Customer /);
  });

  test('of a year is twelve times that', async () => {
    const { found } = await why('arr');
    expect(found.contributors).toMatchObject([{ name: 'Churn', contribution: -12_000 }]);
    expect(found.customers![0]).toMatchObject({ before: 1200, after: 0 });
  });

  test('is told by parts where a breakdown is asked for', async () => {
    expect((await why('mrr', { by: 'segment' })).found).toMatchObject({
      method: 'additive',
      dimension: 'segment',
    });
  });

  test('within a filter is told by the movements there', async () => {
    const { found } = await why('mrr', { filters: [{ dimension: 'segment', values: ['Enterprise'] }] });
    expect(found).toMatchObject({
      method: 'movements',
      contributors: [{ name: 'Churn', contribution: -100 }],
    });
  });

  test('that was retained names the customers whose payments moved most', async () => {
    const { found } = await why('nrr');
    expect(found.method).toBe('mix_rate');
    expect(found.customers).toHaveLength(5);
    expect(found.customers!.every(({ before }) => before > 0)).toBe(true);
  });
});
