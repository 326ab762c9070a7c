/** Every KPI against a second, independent calculation over the raw records that the CRMs' stand-ins serve. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kpis } from '../../kpi/definitions/index.ts';
import { type DemoCompany, openDemoCompany } from '../demo-company.ts';
import { consume } from '../run-cycle.ts';
import { disagreements } from './second/compare.ts';
import { secondFigures } from './second/figures.ts';
import { laterPeriods, periods } from './second/periods.ts';

const noon = Date.parse('2026-11-05T17:00:00Z');
const hour = 3_600_000;

const open = (seed: number, timeZone: string) =>
  openDemoCompany({ seed, scale: 0.02, anchorDay: '2026-11-04', timeZone, now: noon });

describe('a company in New York', () => {
  let company: DemoCompany;

  beforeAll(async () => {
    company = await open(7, 'America/New_York');
  });
  afterAll(async () => {
    await company?.close();
  });

  test('has a second calculation for every KPI, and no other', () => {
    expect(Object.keys(secondFigures(company.world)).sort()).toEqual(kpis.map((kpi) => kpi.name).sort());
  });

  test('is read completely from all six systems', async () => {
    const reports = await company.sync();
    expect(
      reports.map(({ source, state, quarantined, failures }) => ({ source, state, quarantined, failures })),
    ).toEqual(
      ['billing', 'salesforce', 'hubspot', 'zendesk', 'intercom', 'finance_files'].map((source) => ({
        source,
        state: 'SUCCESS',
        quarantined: 0,
        failures: [],
      })),
    );
  });

  test('gets the answers that its records give', { timeout: 120_000 }, async () => {
    expect(await disagreements(company, periods, { breakdowns: true })).toEqual([]);
  });

  test('knows which company answered a survey', async () => {
    const [found] = await company.db.sql<{ placed: number; all: number }[]>`
      select count(*) filter (where company is not null)::int as placed, count(*)::int as all from survey`;
    expect(found!.placed / found!.all).toBeGreaterThan(0.9);
  });

  test('gets them after three hundred changes too', { timeout: 120_000 }, async () => {
    let at = noon;
    for (let round = 0; round < 2; round++) {
      const since = at;
      // Every twenty minutes, day and night: evenings here are the next day in UTC.
      for (let n = 0; n < 150; n++) {
        at += hour / 3;
        company.world.tick(at);
      }
      // Nothing is written in a past that was already read: the next round begins where this one was read.
      at += hour;
      company.moveTo(at);
      await company.follow(since);
      await company.sync();
    }
    expect(await disagreements(company, laterPeriods, { breakdowns: true })).toEqual([]);
  });

  test('reads nothing new where nothing changed', async () => {
    const reports = await company.sync();
    expect(reports.map(({ source, changed, deleted }) => [source, changed, deleted])).toEqual(
      reports.map(({ source }) => [source, 0, 0]),
    );
  });

  test('has roll-ups that equal a fresh sum of its facts', async () => {
    const { db, timeZone } = company;
    const margins = () =>
      db.sql`select measure, dimension, name, day, bin, value, n from margin where value <> 0 or n <> 0 order by 1, 2, 3, 4, 5`;
    const deltas = async () => (await db.sql`select count(*)::int as n from bucket_delta`)[0];
    const [kept, told] = [await margins(), await deltas()];
    await db.sql`delete from measure_state`;
    await consume(db, timeZone);
    expect([...(await margins())]).toEqual([...kept]);
    // A rebuild writes down what it corrects: nothing.
    expect(await deltas()).toEqual(told);
  });

  test('has no version twice in a row, and no two at one instant', async () => {
    const doubles = await company.db.sql`
      select source, stream, id, version from (
        select *, lag(op) over w as op_before, lag(payload) over w as payload_before, lag(valid_from) over w as from_before
        from record_version window w as (partition by tenant, source, stream, id order by valid_from, batch_id)) v
      where from_before = valid_from or (op = op_before and payload is not distinct from payload_before)`;
    expect([...doubles]).toEqual([]);
  });
});

describe.each([
  ['UTC', 11],
  ['Pacific/Auckland', 12],
])('another company, in %s', (timeZone, seed) => {
  test('gets the answers that its records give', { timeout: 120_000 }, async () => {
    const company = await open(seed, timeZone);
    try {
      await company.sync();
      expect(await disagreements(company, periods, { breakdowns: false })).toEqual([]);
    } finally {
      await company.close();
    }
  });
});
