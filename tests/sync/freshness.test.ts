/** How far streams are covered, what a dead source and a short day make of it, and what readers are told. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkFreshness } from '../../cli/doctor/check-freshness.ts';
import { type Database, openDatabase } from '../../db/client.ts';
import { readFreshness as readForAnswers } from '../../kpi/freshness.ts';
import { freshnessWarnings } from '../../kpi/warnings.ts';
import { keepQuota, keepReachability, readQuota } from '../../sync/health.ts';
import { describeFreshness, readFreshness } from '../../sync/read-freshness.ts';
import { openTestDatabase, type TestDatabase } from '../database.ts';

let home: TestDatabase;
let db: Database;
const now = new Date();
const since = new Date(now.getTime() - 900_000);

beforeAll(async () => {
  home = await openTestDatabase();
  db = openDatabase(home.url, { name: 'herald-test', max: 2 });
  await db.sql`
    insert into checkpoint (source, stream, lane, covered_until) values
      ('fresh', 'a', 'realtime', clock_timestamp() - interval '10 s'), ('fresh', 'a', 'backfill', clock_timestamp() - interval '1 day'),
      ('fresh', 'b', 'realtime', clock_timestamp() - interval '100 s'),
      ('late', 'a', 'realtime', clock_timestamp() - interval '10 s'), ('late', 'b', 'realtime', clock_timestamp() - interval '1000 s'),
      ('new', 'a', 'backfill', null)`;
  await keepReachability(db.sql, 'late', { kind: 'open', since, reason: 'Late broke off' });
  await keepQuota(db.sql, 'fresh', { used: 820, limit: 1000, at: now });
});
afterAll(async () => {
  await db.close();
  await home.close();
});

const of = async (source: string) => (await readFreshness(db.sql, now)).find((one) => one.source === source)!;

test('a source is as fresh as its oldest stream', async () => {
  const fresh = await of('fresh');
  expect(fresh.kept).toBe(true);
  expect(fresh.ageSeconds).toBeGreaterThanOrEqual(100);
  expect(fresh.streams.map(({ stream, kept }) => [stream, kept])).toEqual([
    ['a', true],
    ['b', true],
  ]);
});

test('one stream behind the promise breaks the source’s', async () => {
  const late = await of('late');
  expect([late.kept, late.promisedSeconds]).toEqual([false, 300]);
  expect(describeFreshness(late)).toContain('300 s promised: not kept by b');
});

test('a source that was never read to its end has no age', async () => {
  expect(await of('new')).toMatchObject({ coveredUntil: null, ageSeconds: null, kept: false });
});

test('a short day is said', async () => {
  expect(describeFreshness(await of('fresh'))).toContain("82 % of the day's 1,000 calls are used");
  expect(await readQuota(db.sql, 'fresh')).toEqual({ used: 820, limit: 1000, at: now });
});

test('doctor warns of a short day, of a late stream and of one never read', async () => {
  const states = (await checkFreshness(db.sql, now)).map(({ name, state }) => [name, state]);
  expect(states).toEqual([
    ['fresh data', 'warning'],
    ['late data', 'warning'],
    ['new data', 'warning'],
  ]);
});

test('an answer says since when a system is away', async () => {
  const freshness = await readForAnswers(db.sql, [{ name: 'late', title: 'Late' }], now);
  const said = `${since.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  expect(freshnessWarnings(freshness)).toEqual([
    `Late: not reachable since ${said}; later changes are missing.`,
  ]);
});

test('a system that is back is not called away', async () => {
  await keepReachability(db.sql, 'late', { kind: 'closed' });
  const [late] = await readForAnswers(db.sql, [{ name: 'late', title: 'Late' }], now);
  expect(late).not.toHaveProperty('unreachableSince');
});
