/** A company's own KPIs on a real database, each against a second calculation over the plain records. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Database, openDatabase } from '../../../db/client.ts';
import type { Answer } from '../../../kpi/answer.ts';
import { builtIn } from '../../../kpi/catalogue.ts';
import { answer } from '../../../kpi/engine.ts';
import { ownCatalogue } from '../../../kpi/own/own-catalogue.ts';
import { ownKpiSchema, ownMeasuresSchema } from '../../../kpi/own/schema.ts';
import type { Dimension, Question } from '../../../kpi/question.ts';
import { readLineage } from '../../../kpi/read/lineage.ts';
import type { EngineSettings } from '../../../kpi/settings.ts';
import { openTestDatabase, type TestDatabase } from '../../database.ts';
import { MemorySource } from '../../memory-source.ts';
import { consume, cycle } from '../../run-cycle.ts';

const now = new Date('2026-11-22T10:00:00Z');
const evil = `Enter"prise'); drop table deal; --`;
const basics = { area: 'sales', text: 'Ours.' };
const big = { is_won: true, amount: { atLeast: 500 } };

const { catalogue, faults } = ownCatalogue(
  builtIn,
  {
    measures: ownMeasuresSchema.parse({
      big_won: { of: 'deal', sum: 'amount', date: 'closed_on', where: big },
      urgent_open: { of: 'ticket', starts: 'created_at', ends: 'solved_at', where: { priority: 'urgent' } },
    }),
    kpis: z.array(ownKpiSchema).parse([
      {
        name: 'big_share',
        title: 'Big share',
        ...basics,
        unit: 'percent',
        formula: '100 * big_won / won_value',
      },
      {
        name: 'big_deals',
        title: 'Big deals',
        ...basics,
        count: { of: 'deal', date: 'closed_on', where: big },
      },
      {
        name: 'evil_deals',
        title: 'Evil deals',
        ...basics,
        count: { of: 'deal', date: 'closed_on', where: { stage: evil } },
      },
      {
        name: 'fix_hours',
        title: 'Fix hours',
        ...basics,
        unit: 'hours',
        average: { of: 'ticket', date: 'solved_at', value: { from: 'created_at', to: 'solved_at' } },
      },
      {
        name: 'fix_median',
        title: 'Fix median',
        ...basics,
        unit: 'hours',
        percentile: { of: 'ticket', date: 'solved_at', value: { from: 'created_at', to: 'solved_at' } },
      },
      {
        name: 'requesters',
        title: 'Requesters',
        ...basics,
        distinct: { of: 'ticket', date: 'created_at', value: 'requester_id' },
      },
      { name: 'urgent_backlog', title: 'Urgent backlog', ...basics, formula: 'urgent_open@end' },
      {
        name: 'big_per_win',
        title: 'Big per win',
        ...basics,
        unit: 'ratio',
        formula: 'kpi(big_deals) / kpi(deals_won, 12 months)',
      },
    ]),
  },
  { minorPerUnit: 100, sources: ['salesforce', 'zendesk'] },
);
const settings: EngineSettings = {
  catalogue,
  calendar: { timeZone: 'Europe/Berlin', weekStart: 'monday', fiscalYearStart: 'january' },
  currency: 'EUR',
  minorPerUnit: 100,
  sources: [],
};
const q3 = {
  from: '2026-07-01',
  to: '2026-10-01',
  label: 'Q3 2026',
  complete: true,
  unit: 'quarter',
  count: 1,
} as const;

const deals = Array.from({ length: 60 }, (_, i) => ({
  owner: ['Ann', 'Ben', 'Cem'][i % 3]!,
  amount: i % 7 === 0 ? null : 10_000 + ((i * 7919) % 90_000),
  is_won: i % 4 !== 0,
  is_closed: true,
  created_on: '2026-01-05',
  closed_on: i % 2 ? `2026-0${7 + (i % 3)}-1${i % 10}` : '2026-03-10',
  stage: i % 10 === 1 ? evil : 'Closed',
}));
const hour = 3_600_000;
const tickets = Array.from({ length: 40 }, (_, i) => {
  const created = Date.UTC(2026, 6, 1 + i, 22, 30);
  return {
    requester_id: `r${i % 9}`,
    priority: i % 3 ? 'normal' : 'urgent',
    created_at: new Date(created).toISOString(),
    solved_at: i % 5 ? new Date(created + (i + 1) * hour).toISOString() : null,
  };
});

let home: TestDatabase;
let db: Database;
const crm = new MemorySource('salesforce', ['deal']);
const desk = new MemorySource('zendesk', ['ticket']);

beforeAll(async () => {
  home = await openTestDatabase();
  db = openDatabase(home.url, { name: 'herald-test', max: 4 });
  for (const [i, deal] of deals.entries()) crm.put('deal', `d${i}`, 1, deal);
  for (const [i, ticket] of tickets.entries()) desk.put('ticket', `t${i}`, 1, ticket);
  await cycle(db, crm, now);
  await cycle(db, desk, now);
  await consume(db, 'Europe/Berlin', catalogue.measures);
});

afterAll(async () => {
  await db.close();
  await home.close();
});

function ask(kpi: string, by: Dimension | null = null, asOf: string | null = null): Promise<Answer> {
  const question: Question = {
    kpi,
    period: q3,
    comparison: null,
    by,
    top: null,
    filters: [],
    asOf,
    reading: kpi,
    repairs: [],
  };
  return answer(db, question, settings, now);
}

const inQ3 = (day: string) => day >= '2026-07-01' && day < '2026-10-01';
const closed = deals.filter((deal) => inQ3(deal.closed_on));
const bigOnes = closed.filter((deal) => deal.is_won && (deal.amount ?? 0) >= 50_000);
const sum = (of: typeof deals) => of.reduce((all, deal) => all + (deal.amount ?? 0), 0) / 100;
/** Berlin is two hours ahead in summer: late tickets are the next day's. */
const berlinDay = (iso: string) => new Date(Date.parse(iso) + 2 * hour).toISOString().slice(0, 10);
const solved = tickets.filter((one) => one.solved_at && inQ3(berlinDay(one.solved_at)));
const hours = solved
  .map((one) => (Date.parse(one.solved_at!) - Date.parse(one.created_at)) / hour)
  .sort((a, b) => a - b);

test('the definitions have no fault', () => {
  expect(faults).toEqual([]);
});

describe('a company’s own KPI', () => {
  test('is a ratio of its own measure and a built-in one', async () => {
    const won = sum(closed.filter((deal) => deal.is_won));
    expect((await ask('big_share')).value).toBeCloseTo((100 * sum(bigOnes)) / won, 9);
  });

  test('counts by owner, as a built-in KPI does', async () => {
    const { value, parts } = await ask('big_deals', 'owner');
    expect(value).toBe(bigOnes.length);
    for (const part of parts)
      expect([part.name, part.value]).toEqual([
        part.name,
        bigOnes.filter((deal) => deal.owner === part.name).length,
      ]);
    expect(parts.reduce((all, part) => all + (part.value ?? 0), 0)).toBe(bigOnes.length);
  });

  test('compares with a text that holds quotes', async () => {
    expect((await ask('evil_deals')).value).toBe(closed.filter((deal) => deal.stage === evil).length);
    const [{ n }] = (await db.sql`select count(*)::int as n from deal`) as unknown as [{ n: number }];
    expect(n).toBe(deals.length);
  });

  test('is a mean of durations', async () => {
    expect((await ask('fix_hours')).value).toBeCloseTo(hours.reduce((a, b) => a + b, 0) / hours.length, 6);
  });

  test('is a median of durations', async () => {
    const middle =
      (hours[Math.floor((hours.length - 1) / 2)]! + hours[Math.ceil((hours.length - 1) / 2)]!) / 2;
    expect((await ask('fix_median')).value).toBeCloseTo(middle, 6);
  });

  test('counts different values', async () => {
    const asked = tickets.filter((one) => inQ3(berlinDay(one.created_at)));
    expect((await ask('requesters')).value).toBe(new Set(asked.map((one) => one.requester_id)).size);
  });

  test('is a level at the period’s end', async () => {
    const open = tickets.filter(
      (one) =>
        one.priority === 'urgent' &&
        berlinDay(one.created_at) < '2026-10-01' &&
        !(one.solved_at && berlinDay(one.solved_at) < '2026-10-01'),
    );
    expect((await ask('urgent_backlog')).value).toBe(open.length);
  });

  test('reads other KPIs, over their own window', async () => {
    const won = deals.filter(
      (deal) => deal.is_won && deal.closed_on >= '2025-10-01' && deal.closed_on < '2026-10-01',
    );
    expect((await ask('big_per_win')).value).toBeCloseTo(bigOnes.length / won.length, 12);
  });

  test('leads down to its records', async () => {
    const [part] = await readLineage(db.sql, catalogue.kpiByName.get('big_deals')!, {
      catalogue,
      period: q3,
      filters: [],
      timeZone: 'Europe/Berlin',
      most: 100,
    });
    expect(part?.records.length).toBe(bigOnes.length);
  });

  test('can be asked as of a past instant', async () => {
    const [{ at }] = (await db.sql`select clock_timestamp() as at`) as unknown as [{ at: Date }];
    const before = (await ask('big_deals')).value;
    crm.put('deal', 'late', 2, { ...deals[1]!, amount: 99_900, is_won: true, closed_on: '2026-08-01' });
    await cycle(db, crm, now);
    await consume(db, 'Europe/Berlin', catalogue.measures);
    expect((await ask('big_deals')).value).toBe(before! + 1);
    expect((await ask('big_deals', null, at.toISOString())).value).toBe(before);
    crm.remove('deal', 'late', 3);
    await cycle(db, crm, now);
    await consume(db, 'Europe/Berlin', catalogue.measures);
    expect((await ask('big_deals')).value).toBe(before);
  });
});
