/** Attributed revenue as it is asked for, through the engine. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../../db/client.ts';
import { attributionModels } from '../../../kpi/attribution/attribute.ts';
import { builtIn } from '../../../kpi/catalogue.ts';
import { answer } from '../../../kpi/engine.ts';
import type { Period, Question } from '../../../kpi/question.ts';
import { openTestDatabase, type TestDatabase } from '../../database.ts';
import { consume } from '../../run-cycle.ts';

let home: TestDatabase;
let db: Database;

const quarter: Period = {
  from: '2026-07-01',
  to: '2026-10-01',
  label: 'Q3 2026',
  complete: true,
  unit: 'quarter',
  count: 1,
};
const kpiOf = new Map(
  builtIn.kpis.flatMap(({ name, formula }) =>
    formula.kind === 'attribution' ? [[formula.model, name] as const] : [],
  ),
);

const ask = (kpi: string, more: Partial<Question> = {}) =>
  answer(
    db,
    {
      kpi,
      period: quarter,
      comparison: null,
      by: null,
      top: null,
      filters: [],
      asOf: null,
      reading: kpi,
      repairs: [],
      ...more,
    },
    {
      calendar: { timeZone: 'UTC', weekStart: 'monday', fiscalYearStart: 'january' },
      currency: 'USD',
      minorPerUnit: 100,
      catalogue: builtIn,
      sources: [],
    },
    new Date('2026-11-05T12:00:00Z'),
  );
const cents = (value: number | null | undefined) => Math.round((value ?? Number.NaN) * 100);

beforeAll(async () => {
  home = await openTestDatabase();
  db = openDatabase(home.url, { name: 'test', max: 2 });
  // 301 deals of odd amounts over 40 companies and three regions; every fifth company responded to nothing.
  await db.sql`
    insert into deal (system, id, company, region, amount, created_on, closed_on, is_closed, is_won)
    select 'salesforce', 'd' || n, n % 40, (array['East', 'West', null])[1 + n % 3], 100003 + 7919 * n, '2026-01-01',
      date '2026-06-01' + n % 150, true, true from generate_series(1, 301) n`;
  await db.sql`
    insert into touch (system, id, company, source, responded, touched_at)
    select 'hubspot', 't' || n, n % 40, (array['Webinar', 'Event', 'Email', 'Search', 'Partner', null, 'Paid'])[1 + n % 7], true,
      timestamptz '2026-03-01' + n * interval '37 minutes' from generate_series(1, 6000) n where (n % 40) % 5 <> 0`;
  await db.sql`
    insert into spend (system, id, day, kind, source, amount) values
      ('files', 's1', '2026-08-01', 'marketing', 'Webinar', 1000000), ('files', 's2', '2026-08-02', 'marketing', 'Billboard', 500000)`;
  await consume(db);
});
afterAll(async () => {
  await db.close();
  await home.close();
});

describe.each(attributionModels)('by the %s model', (model) => {
  const kpi = kpiOf.get(model)!;

  test('sources and what is unattributed add up to bookings, to the cent', async () => {
    const [given, bookings] = [await ask(kpi, { by: 'source' }), await ask('bookings')];
    const parts = given.parts.reduce((total, part) => total + cents(part.value), 0);
    expect(given.parts.map((part) => part.name)).toContain('unattributed');
    expect(parts).toBe(cents(bookings.value));
  });

  test('the figure and what is unattributed are bookings', async () => {
    const given = await ask(kpi);
    const unattributed = given.components.find(({ name }) => name === 'unattributed')!;
    expect(unattributed.value).toBeGreaterThan(0);
    expect(cents(given.value) + cents(unattributed.value)).toBe(cents((await ask('bookings')).value));
  });

  test('regions add up to the figure', async () => {
    const given = await ask(kpi, { by: 'region' });
    expect(given.parts.reduce((total, part) => total + cents(part.value), 0)).toBe(cents(given.value));
  });

  test('one source asked for is that part of the split', async () => {
    const split = await ask(kpi, { by: 'source' });
    const one = await ask(kpi, { filters: [{ dimension: 'source', values: ['webinar'] }] });
    expect(one.value).toBe(split.parts.find((part) => part.name === 'Webinar')!.value);
    expect(one.value).toBeGreaterThan(0);
  });

  test('a past data version is refused, with the reason', async () => {
    await db.sql`insert into change_batch (source, stream) values ('test', 'test')`;
    await expect(ask(kpi, { asOf: new Date(Date.now() + 60_000).toISOString() })).rejects.toThrow(
      'Ask without "as of"',
    );
  });
});

test('a source that cost money and earned nothing returns 0, and one without spend has no return', async () => {
  const { parts } = await ask('roas', { by: 'source' });
  const of = (name: string) => parts.find((part) => part.name === name)?.value;
  expect(of('Billboard')).toBe(0);
  expect(of('Event')).toBeNull();
  expect(of('Webinar')).toBeGreaterThan(0);
});

test('return on spend is attributed revenue ÷ spend', async () => {
  const [roas, roi, revenue] = [
    await ask('roas'),
    await ask('marketing_roi'),
    await ask('attributed_revenue'),
  ];
  expect(roas.value).toBeCloseTo(revenue.value! / 15_000, 9);
  expect(roi.value).toBeCloseTo((100 * (revenue.value! - 15_000)) / 15_000, 9);
});

test('what is asked with "channel" is the source', async () => {
  const [source, channel] = [
    await ask('attributed_revenue', { by: 'source' }),
    await ask('attributed_revenue', { by: 'channel' }),
  ];
  expect(channel.parts.map(({ name, value }) => [name, value])).toEqual(
    source.parts.map(({ name, value }) => [name, value]),
  );
});
