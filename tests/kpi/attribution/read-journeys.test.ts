import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../../db/client.ts';
import { attribute, attributionModels } from '../../../kpi/attribution/attribute.ts';
import { readJourneys } from '../../../kpi/attribution/read-journeys.ts';
import { openTestDatabase, type TestDatabase } from '../../database.ts';

let home: TestDatabase;
let db: Database;

const q3 = { period: { from: '2026-07-01', to: '2026-10-01' }, timeZone: 'America/New_York' };
const unwon = { is_won: false, is_closed: true };

type Deal = { id: string; company: number | null; amount: number | null; closed_on: string; region?: string };
type Touch = { id: string; company: number | null; source: string | null; touched_at: string };

async function addDeal(deal: Deal, state = { is_won: true, is_closed: true }) {
  await db.sql`insert into deal ${db.sql({ system: 'salesforce', region: 'East', ...deal, ...state })}`;
}

async function addTouch(touch: Touch, responded = true) {
  await db.sql`insert into touch ${db.sql({ system: 'hubspot', ...touch, responded })}`;
}

beforeAll(async () => {
  home = await openTestDatabase();
  db = openDatabase(home.url, { name: 'test', max: 2 });

  // Company 1: two deals; the second closes when the first touches are too old for it.
  await addDeal({ id: 'd1', company: 1, amount: 100_00, closed_on: '2026-07-10' });
  await addDeal({ id: 'd2', company: 1, amount: 33_33, closed_on: '2026-09-30', region: 'West' });
  await addTouch({ id: 't1', company: 1, source: 'event', touched_at: '2026-06-01T12:00:00Z' });
  await addTouch({ id: 't2', company: 1, source: 'email', touched_at: '2026-07-01T12:00:00Z' });
  await addTouch({ id: 't3', company: 1, source: 'webinar', touched_at: '2026-07-09T12:00:00Z' });
  await addTouch({ id: 't4', company: 1, source: 'email', touched_at: '2026-08-01T12:00:00Z' });
  await addTouch({ id: 't5', company: 1, source: null, touched_at: '2026-08-02T12:00:00Z' });
  // Sent, and not answered.
  await addTouch({ id: 't6', company: 1, source: 'direct_mail', touched_at: '2026-07-02T12:00:00Z' }, false);

  // Company 2: touches at both edges of the look-back, by New York's days. 2026-05-02 begins there at 04:00 UTC.
  await addDeal({ id: 'd3', company: 2, amount: 50_01, closed_on: '2026-07-31' });
  await addTouch({ id: 't7', company: 2, source: 'too_early', touched_at: '2026-05-02T03:59:59Z' });
  await addTouch({ id: 't8', company: 2, source: 'just_in', touched_at: '2026-05-02T04:00:00Z' });
  await addTouch({ id: 't9', company: 2, source: 'last_hour', touched_at: '2026-08-01T03:59:59Z' });
  await addTouch({ id: 't10', company: 2, source: 'too_late', touched_at: '2026-08-01T04:00:00Z' });

  // Unattributed: a company without touches, a deal whose company is not known.
  await addDeal({ id: 'd4', company: 3, amount: 20_00, closed_on: '2026-08-15' });
  await addDeal({ id: 'd5', company: null, amount: 5_00, closed_on: '2026-08-15' });
  await addTouch({ id: 't11', company: null, source: 'stray', touched_at: '2026-08-01T12:00:00Z' });

  // In no figure: without an amount, lost, outside of the quarter at either end.
  await addDeal({ id: 'd6', company: 1, amount: null, closed_on: '2026-08-15' });
  await addDeal({ id: 'd7', company: 1, amount: 999_00, closed_on: '2026-08-15' }, unwon);
  await addDeal({ id: 'd8', company: 1, amount: 999_00, closed_on: '2026-06-30' });
  await addDeal({ id: 'd9', company: 1, amount: 999_00, closed_on: '2026-10-01' });
});

afterAll(async () => {
  await db.close();
  await home.close();
});

const read = async (model: (typeof attributionModels)[number], more: object = {}) => {
  const { journeys } = await readJourneys(db.sql, { ...q3, ...more });
  return attribute(journeys, model);
};

describe('attributed revenue of a quarter', () => {
  test.each(attributionModels)('by the %s model sums to the won value to the cent', async (model) => {
    const { byChannel, unattributed, total } = await read(model);
    const [row] = await db.sql<{ won: number }[]>`
      select sum(amount)::bigint as won from deal where is_won and closed_on between '2026-07-01' and '2026-09-30'`;
    expect([...byChannel.values()].reduce((sum, amount) => sum + amount, unattributed)).toBe(row!.won);
    expect(total).toBe(208_34);
  });

  test('goes to the first response of each deal within 90 days', async () => {
    const { byChannel } = await read('first');
    expect(byChannel.get('event')).toBe(100_00);
    expect(byChannel.get('just_in')).toBe(50_01);
  });

  test('goes to the last response before the close', async () => {
    const { byChannel } = await read('last');
    expect(byChannel.get('webinar')).toBe(100_00);
    expect(byChannel.get('last_hour')).toBe(50_01);
  });

  test('keeps a response without a source under no name', async () => {
    expect((await read('last')).byChannel.get('')).toBe(33_33);
  });

  test('ignores what nobody responded to, what came too early or too late, and what belongs to nobody', async () => {
    const { byChannel } = await read('linear');
    expect([...byChannel.keys()].sort()).toEqual(['', 'email', 'event', 'just_in', 'last_hour', 'webinar']);
  });

  test('divides each deal’s cents by themselves', async () => {
    // d1: 33.34 + 33.33 + 33.33 over event, email, webinar; d2 has t3 of 9 July (83 days), t4 and t5: 11.11 each.
    const { byChannel } = await read('linear');
    expect(byChannel.get('event')).toBe(33_34);
    expect(byChannel.get('email')).toBe(33_33 + 11_11);
    expect(byChannel.get('webinar')).toBe(33_33 + 11_11);
  });

  test('keeps deals without a response or without a known company as unattributed', async () => {
    expect((await read('linear')).unattributed).toBe(25_00);
  });

  test('counts the deals, those without a response and those without an amount', async () => {
    const { journeys, withoutAmount } = await readJourneys(db.sql, q3);
    const count = (some: typeof journeys) => some.reduce((total, { deals }) => total + deals, 0);
    const untouched = count(journeys.filter(({ touches }) => touches.length === 0));
    expect({ deals: count(journeys), untouched, withoutAmount }).toEqual({
      deals: 5,
      untouched: 2,
      withoutAmount: 1,
    });
  });

  test('tells the close date and the part asked for; deals without a response go together', async () => {
    const { journeys } = await readJourneys(db.sql, { ...q3, by: 'region' });
    expect(journeys.map(({ day, part, deals }) => [day, part, deals])).toEqual([
      ['2026-07-10', 'East', 1],
      ['2026-09-30', 'West', 1],
      ['2026-07-31', 'East', 1],
      ['2026-08-15', 'East', 2],
    ]);
  });

  test('looks back as far as it is told', async () => {
    const { byChannel } = await read('first', { lookBackDays: 10 });
    expect(byChannel.get('email')).toBe(100_00);
  });

  test('can be asked for a part of the deals', async () => {
    const { total } = await read('linear', { filters: [{ dimension: 'region', values: ['West'] }] });
    expect(total).toBe(33_33);
  });

  test('of a quarter without deals is nothing', async () => {
    const { total, byChannel } = await read('markov', { period: { from: '2020-01-01', to: '2020-04-01' } });
    expect({ total, channels: byChannel.size }).toEqual({ total: 0, channels: 0 });
  });
});
