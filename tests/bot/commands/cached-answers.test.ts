/** What is said beside a cached number is what holds now. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rightsOf } from '../../../bot/access/roles.ts';
import { createAnswerCache } from '../../../bot/cache/answer-cache.ts';
import { createAnswerer } from '../../../bot/commands/answer-text.ts';
import { type Database, openDatabase } from '../../../db/client.ts';
import { builtIn } from '../../../kpi/catalogue.ts';
import type { EngineSettings } from '../../../kpi/settings.ts';
import { keepQuota } from '../../../sync/health.ts';
import { openTestDatabase, type TestDatabase } from '../../database.ts';
import { MemorySource } from '../../memory-source.ts';
import { consume, cycle, quiet } from '../../run-cycle.ts';

const now = new Date('2026-11-22T10:00:00Z');
const executive = rightsOf({ role: 'executive' });
let home: TestDatabase;
let db: Database;
let ask: (text: string) => Promise<readonly string[]>;

beforeAll(async () => {
  home = await openTestDatabase();
  db = openDatabase(home.url, { name: 'herald-test', max: 3 });
  const crm = new MemorySource('salesforce', ['deal']);
  crm.put('deal', '1', 1, { name: 'a', amount: 100, currency: 'USD', closed_on: '2026-10-05', is_won: true });
  await cycle(db, crm, now);
  await consume(db);
  const engine: EngineSettings = {
    catalogue: builtIn,
    calendar: { timeZone: 'UTC', weekStart: 'monday', fiscalYearStart: 'january' },
    currency: 'USD',
    minorPerUnit: 100,
    sources: [{ name: 'salesforce', title: 'Salesforce' }],
  };
  const answerer = createAnswerer({ db, engine, cache: createAnswerCache(null, quiet), now: () => now });
  ask = async (text) => (await answerer.answer(answerer.parse(text), executive)).warnings;
});
afterAll(async () => {
  await db.close();
  await home.close();
});

test('what quality rules find is said at once, and no more once it is mended', async () => {
  const before = await ask('bookings october 2026');
  await db.sql`insert into quality_rule (name, severity, tbl, columns, one, many, definition)
    values ('odd', 'warns', 'deal', '{amount}', 'A won deal has an odd amount', '{n} odd', '')`;
  await db.sql`insert into quality_finding (rule, severity, system, tbl, subject, day, sentence, first_seen, last_seen)
    values ('odd', 'warns', 'salesforce', 'deal', '1', '2026-10-05', 'odd', ${now}, ${now})`;
  expect(await ask('bookings october 2026')).toEqual([...before, 'A won deal has an odd amount.']);
  await db.sql`update quality_finding set resolved_at = ${now}`;
  expect(await ask('bookings october 2026')).toEqual(before);
});

test('a source that is read less often because of its day’s calls is named', async () => {
  const before = await ask('bookings october 2026');
  await keepQuota(db.sql, 'salesforce', { used: 850, limit: 1000, at: now });
  expect(await ask('bookings october 2026')).toEqual([
    ...before,
    "Salesforce: 85 % of the day's 1,000 calls are used: only what the system announces is read.",
  ]);
  await keepQuota(db.sql, 'salesforce', { used: 10, limit: 1000, at: now });
  expect(await ask('bookings october 2026')).toEqual(before);
});

test('how one person mistyped it is not said to the next', async () => {
  expect(await ask('bokings october 2026')).toContain('Read "bokings" as "bookings".');
  expect(await ask('bookings october 2026')).not.toContain('Read "bokings" as "bookings".');
});
