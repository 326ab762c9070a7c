import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { quality } from '../../cli/quality.ts';
import { retain } from '../../cli/retain.ts';
import { type Database, openDatabase } from '../../db/client.ts';
import { checkQuality } from '../../sync/quality/check-quality.ts';
import { openTestDatabase, type TestDatabase } from '../database.ts';
import { MemorySource } from '../memory-source.ts';
import { cycle } from '../run-cycle.ts';
import { openVerbHome, type VerbHome } from './run-verb.ts';

const now = new Date('2026-11-22T10:00:00Z');
let home: TestDatabase;
let db: Database;
let terminal: VerbHome;

beforeAll(async () => {
  home = await openTestDatabase();
  db = openDatabase(home.url, { name: 'herald-test', max: 2 });
  terminal = openVerbHome(
    home.url,
    now,
    'sources:\n  salesforce:\n    baseUrl: https://acme.my.salesforce.com\n',
  );
});
afterAll(async () => {
  terminal.close();
  await db.close();
  await home.close();
});

describe('herald quality', () => {
  test('of clean data says so', async () => {
    expect(await terminal.run(quality)).toMatchObject({ code: 0, said: ['Nothing is suspicious.'] });
  });

  test('lists what is open by rule, with counts, examples and pages, and without what a terminal would obey', async () => {
    const crm = new MemorySource('salesforce', ['deal']);
    for (let i = 0; i < 5; i++)
      crm.put('deal', `00600000000000${i}`, 1, {
        name: `\u001b[2JDeal ${i}`,
        is_won: true,
        is_closed: true,
        amount: null,
        created_on: '2026-01-01',
        closed_on: '2026-02-01',
      });
    await cycle(db, crm, now);
    await checkQuality(db, { now, timeZone: 'UTC' });
    const { code, lines, out } = await terminal.run(quality);
    expect(code).toBe(1);
    expect(lines[0]).toBe('warns\twon_without_amount\t5 won deals have no amount\tsince 2026-11-22');
    expect(lines[1]).toBe(
      '  salesforce\tDeal "[2JDeal 0" was won without an amount.\thttps://acme.my.salesforce.com/006000000000000',
    );
    expect(lines[4]).toBe('  … and 2 more: --rule won_without_amount --most 5');
    expect(out).not.toContain('\u001b');
    const { out: json } = await terminal.run(
      quality,
      '--json',
      '--rule',
      'won_without_amount',
      '--most',
      '9',
    );
    expect(JSON.parse(json)[0].findings).toHaveLength(5);
  });
});

test('herald retain says what it dropped', async () => {
  const { code, out } = await terminal.run(retain);
  expect([code, out]).toEqual([
    0,
    'history from 2024-10-01\t0 versions carried\t0 partitions and 0 rows dropped\t0 counted changes dropped\n',
  ]);
});
