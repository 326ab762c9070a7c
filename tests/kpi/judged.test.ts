/** What an answer says of its value besides the number: enough or not, nothing left to cover, too young to tell. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseQuestion } from '../../bot/language/parse-question.ts';
import { type Database, openDatabase } from '../../db/client.ts';
import { builtIn } from '../../kpi/catalogue.ts';
import { answer } from '../../kpi/engine.ts';
import { openTestDatabase, type TestDatabase } from '../database.ts';
import { MemorySource } from '../memory-source.ts';
import { consume, cycle } from '../run-cycle.ts';

const now = new Date('2026-11-22T10:00:00Z');
const calendar = { timeZone: 'UTC', weekStart: 'monday', fiscalYearStart: 'january' } as const;
const settings = { calendar, currency: 'USD', minorPerUnit: 100, catalogue: builtIn, sources: [] };

let home: TestDatabase;
let db: Database;
beforeAll(async () => {
  home = await openTestDatabase();
  db = openDatabase(home.url, { name: 'herald-test', max: 2 });
  const crm = new MemorySource('salesforce', ['deal', 'quota']);
  let n = 0;
  const deal = (owner: string, amount: number, created: string, close: string, won: boolean | null) =>
    crm.put('deal', `d${n++}`, 1, {
      owner,
      amount: 100 * amount,
      is_won: won === true,
      is_closed: won !== null,
      created_on: created,
      closed_on: close,
      probability: won === null ? 50 : won ? 100 : 0,
    });
  const quota = (owner: string, amount: number, starts: string, ends: string) =>
    crm.put('quota', `${owner}${starts}`, 1, {
      owner,
      amount: 100 * amount,
      starts_on: starts,
      ends_on: ends,
    });
  // Ann has 6,000 left of 10,000 and 21,000 to come; Bob has met his quota; Cem has one and nothing to come; Dee has none.
  for (const owner of ['Ann', 'Bob', 'Cem']) quota(owner, 10_000, '2026-10-01', '2026-12-31');
  deal('Ann', 4_000, '2026-09-20', '2026-10-20', true);
  deal('Ann', 21_000, '2026-09-20', '2026-12-15', null);
  deal('Bob', 12_000, '2026-09-20', '2026-10-20', true);
  deal('Cem', 3_000, '2026-09-20', '2026-12-15', null);
  deal('Dee', 3_000, '2026-09-20', '2026-12-15', null);
  deal('Eve', 100, '2026-10-01', '2026-12-11', null);
  // Wins took 40 days, so a cohort is told after 80.
  for (let i = 0; i < 10; i++) deal('Eve', 100, '2026-06-01', '2026-07-11', true);
  await cycle(db, crm, now);
  await consume(db);
});
afterAll(async () => {
  await db?.close();
  await home?.close();
});

const values = new Map(['ann', 'bob', 'cem', 'dee', 'eve'].map((name) => [name, 'owner'] as const));
const ask = (text: string) =>
  answer(db, parseQuestion(text, { kpis: builtIn.kpis, calendar, now, values }), settings, now);
const said = async (text: string) => (await ask(text)).sentence.replaceAll('\u00a0', ' ');

describe('pipeline coverage', () => {
  test('of a running quarter counts what is expected until its end', async () => {
    const given = await ask('pipeline coverage for Ann');
    expect(given.value).toBe(3.5);
    expect(given.reading).toBe('Pipeline coverage · Q4 2026 · rep ann');
    expect(given.series.at(-1)!.value).toBe(3.5);
  });

  test('says that three times is enough, and of what', async () => {
    expect(await said('pipeline coverage for Ann')).toBe(
      'Pipeline coverage for Ann is 3.5 in Q4 2026. What is left of the quota is covered: 3 times is usual. $21 K of open deals are expected to close; $4 K of a quota of $10 K is won.',
    );
  });

  test('says that less is not', async () => {
    expect(await said('pipeline coverage this quarter for Cem')).toContain('is not covered as is usual');
  });

  test('of a quota that is met says so, instead of too little data', async () => {
    const given = await ask('pipeline coverage for Bob this quarter');
    expect(given.value).toBeNull();
    expect(given.sentence.replaceAll('\u00a0', ' ')).toBe(
      'Pipeline coverage for Bob, Q4 2026: the quota of $10 K is met with $12 K won, so nothing is left to cover.',
    );
    expect(given.warnings.join(' ')).not.toContain('Not enough data');
  });

  test('without a quota says that there is none', async () => {
    expect(await said('pipeline coverage this quarter for Dee')).toContain('there is no quota to cover');
  });

  test('is compared with an earlier quarter when that is asked', async () => {
    expect((await ask('pipeline coverage vs last quarter')).comparison).toMatchObject({ label: 'Q3 2026' });
    expect((await ask('pipeline coverage this quarter')).comparison).toBeNull();
  });
});

describe('a cohort that is younger than what it is told by', () => {
  test('has a warning with the age that is needed, and where it comes from', async () => {
    expect((await ask('created win rate Q3 2026')).warnings).toContain(
      'Not complete: what began after 3 September 2026 is younger than 80 days, twice the time in which nine of ten wins close, and may still get there. An earlier period has had more time.',
    );
    expect((await ask('created win rate October 1 to November 20')).warnings.join(' ')).toContain(
      'all of it is younger than 80',
    );
  });

  test('has none where all of it is old enough', async () => {
    expect((await ask('created win rate Q2 2026')).warnings).toEqual([
      'Small sample: 10 records, fewer than 30.',
    ]);
  });
});
