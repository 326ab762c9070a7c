/**
 * What consumers of the log have to do for each fact, on tables whose statistics are missing or out of date: told by the
 * server in rows and blocks, not in time. A plan that compares everything with everything does hundreds of times more.
 */
import { expect, test } from 'vitest';
import { openDatabase } from '../../../db/client.ts';
import { builtIn } from '../../../kpi/catalogue.ts';
import { rollUp } from '../../../kpi/rollup/rollup.ts';
import { checkQuality } from '../../../sync/quality/check-quality.ts';
import { resolve } from '../../../sync/resolve/resolve.ts';
import { openTestDatabase } from '../../database.ts';
import { openMetered, type Work } from '../../work-meter.ts';
import { loadBulk } from './bulk-company.ts';

const CUSTOMERS = 600;
/** The dearest statement takes 16. Customers compared with each other are hundreds. */
const PER_FACT = 25;

const settings = { measures: builtIn.measures, timeZone: 'UTC' };
const quality = { now: new Date('2026-11-22T10:00:00Z'), timeZone: 'UTC' };

/** Customers are loaded while `known` of them are in the statistics already; autovacuum is off in tests. */
async function workPerFact(known: number): Promise<{ dear: string[]; work: Work[] }> {
  const home = await openTestDatabase();
  const db = openDatabase(home.url, { name: 'herald-test', max: 1 });
  const metered = openMetered(home.url);
  const steps = [
    () => rollUp(metered, settings),
    () => resolve(metered),
    () => rollUp(metered, settings),
    () => checkQuality(metered, quality),
  ];
  try {
    if (known > 0) {
      await loadBulk(db, 0, known);
      for (const step of steps) await step();
      await db.sql`analyze`;
      metered.takeWork();
    }
    const facts = await loadBulk(db, known, CUSTOMERS);
    for (const step of steps) await step();
    const work = metered.takeWork();
    return {
      work,
      dear: work
        .map(({ rows, blocks, text }) => ({ each: (rows + blocks) / facts, text }))
        .filter(({ each }) => each > PER_FACT)
        .map(({ each, text }) => `${Math.round(each)} for each fact: ${text.slice(0, 300)}`),
    };
  } finally {
    await metered.close();
    await db.close();
    await home.close();
  }
}

test('no statement of a first load compares everything with everything', async () => {
  const { dear, work } = await workPerFact(0);
  expect(dear).toEqual([]);
  // The meter saw them: stampings and sums among them.
  expect(work.some(({ text, rows }) => text.includes('update "survey"') && rows > 0)).toBe(true);
  expect(work.some(({ text, rows }) => text.includes('insert into bucket') && rows > 0)).toBe(true);
});

test('nor does one when tables outgrow statistics that were taken of a few rows', async () => {
  expect((await workPerFact(20)).dear).toEqual([]);
});
