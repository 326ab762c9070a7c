import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answer } from '../../../kpi/engine.ts';
import type { Question } from '../../../kpi/question.ts';
import { customersTable } from '../../../kpi/why/customers-table.ts';
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
  const { given, found } = await why('revenue_churn', { by: 'segment' });
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
    expect(found.customers).toHaveLength(10);
    expect(found.customers![0]).toMatchObject({ before: 100, after: 0, contribution: -100 });
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

  test('that was retained is told by what became of what was paid at the start', async () => {
    const { given, found } = await why('nrr');
    expect(found.method).toBe('retention');
    expect(found.contributors.map(({ name }) => name)).toEqual(['Churn']);
    expect(sum(found.contributors.map((part) => part.contribution))).toBeCloseTo(
      given.value! - given.comparison!.value!,
      9,
    );
    // Of 119 who pay 100, one of them 150: 13 left within the year to September, 3 of them by June.
    expect(found.contributors[0]!.before).toBeCloseTo((100 * 300) / 11_950, 9);
    expect(found.contributors[0]!.after).toBeCloseTo((100 * 1300) / 11_950, 9);
    expect(found.sentence).toContain('churn −8.4\u00a0pp');
  });

  test('that was retained says which segment, too', async () => {
    expect((await why('nrr')).found.sentence).toContain('SMB (segment) makes up');
  });

  for (const kpi of ['nrr', 'grr', 'revenue_churn'])
    for (const filters of [[], [{ dimension: 'segment' as const, values: ['SMB'] }]])
      test(`of ${kpi}${filters.length > 0 ? ' within a segment' : ''} is the sum of what its customers add`, async () => {
        const { given, found } = await why(kpi, { filters });
        const change = given.value! - given.comparison!.value!;
        expect(sum(found.customers!.map(({ contribution }) => contribution))).toBeCloseTo(change, 9);
        expect(sum(found.contributors.map(({ contribution }) => contribution))).toBeCloseTo(change, 9);
      });

  test('that was retained is told by parts where a breakdown is asked for', async () => {
    expect((await why('nrr', { by: 'segment' })).found).toMatchObject({
      method: 'mix_rate',
      dimension: 'segment',
    });
  });

  test('names a customer that moved only in the earlier window, and does not count in this one', async () => {
    const { found } = await why('revenue_churn');
    const earlier = found.customers!.filter(({ after }) => after === null);
    expect(earlier).toHaveLength(3);
    for (const one of earlier) {
      expect(one).toMatchObject({ before: null, earlier: -100 });
      expect(one.contribution).toBeLessThan(0);
    }
  });
});

describe('the customers behind a change', () => {
  const table = async (kpi: string, most: number, more: Partial<Question> = {}) => {
    const { given, found } = await why(kpi, more);
    return customersTable({
      db: company.db,
      answer: given,
      found,
      settings: engine,
      now,
      most,
      linkOf: ({ system, id }) => (system === 'salesforce' ? `https://crm.example/${id}` : null),
    });
  };

  test('are listed with what each adds, those that add most first', async () => {
    const { rows, sentence, notes, links } = await table('nrr', 4);
    expect(rows).toHaveLength(4);
    expect(rows[0]).toMatchObject([
      expect.stringMatching(/^Customer /),
      'left',
      100,
      0,
      0,
      expect.any(Number),
    ]);
    expect(sentence).toMatch(/The 4 of 10 customers that add most to the change:$/);
    expect(notes[0]).toMatch(/^All customers together: −8\.4\spp, which is the whole change\.$/);
    expect(links[0]).toMatch(/^https:\/\/crm\.example\/sf0-\d$/);
  });

  test('of MRR are told in money', async () => {
    const { rows, columns } = await table('mrr', 20);
    expect(columns.map(({ label }) => label)).toEqual(['Customer', 'Movement', 'Before', 'Now', 'Change']);
    expect(rows).toHaveLength(10);
    expect(sum(rows.map((row) => row[4] as number))).toBe(-1000);
  });

  test('are refused for a KPI that is none of what customers pay', async () => {
    await expect(table('bookings', 4)).rejects.toThrow('not told by what customers pay');
  });
});
