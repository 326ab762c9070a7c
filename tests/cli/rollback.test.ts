import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { history } from '../../cli/history.ts';
import { rollback } from '../../cli/rollback.ts';
import { type Database, openDatabase } from '../../db/client.ts';
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
  const crm = new MemorySource('crm', ['deal']);
  crm.put('deal', 'a', 1, { name: 'first', amount: 100 });
  await cycle(db, crm, now);
  crm.put('deal', 'a', 2, { name: '\u001b[2Jsecond', amount: 1 });
  crm.put('deal', 'b', 1, { name: 'other', amount: 2 });
  await cycle(db, crm, now);
  terminal = openVerbHome(home.url, now);
});
afterAll(async () => {
  terminal.close();
  await db.close();
  await home.close();
});

describe('herald rollback', () => {
  test('tried dry says what it would do, and leaves all as it is', async () => {
    const { out, code } = await terminal.run(rollback, '2', '--dry-run');
    expect([code, out]).toEqual([0, 'run 2\tcrm\twould be\t1 restored\t1 removed\t0 left: changed since\n']);
    const [runs] = await db.sql`select count(*)::int as n from sync_run`;
    expect(runs!.n).toBe(2);
  });

  test('wants a number', async () => {
    await expect(terminal.run(rollback, 'yesterday')).rejects.toThrow('Say which run');
  });

  test('has nothing to release where nothing was taken back', async () => {
    await expect(terminal.run(rollback, '2', '--release')).rejects.toThrow('never taken back');
  });
});

describe('herald history', () => {
  test('shows each version until the next, without what a terminal would obey', async () => {
    const { lines, code } = await terminal.run(history, 'crm', 'deal', 'a');
    expect(code).toBe(0);
    expect(lines.map((line) => line.split('\t').slice(1, 3).join(' '))).toEqual([
      'upsert run 1 (test)',
      'upsert run 2 (test)',
    ]);
    expect(lines[0]).toMatch(/ – 2\d{3}-/);
    expect(lines[1]).toContain(' – now\t');
    expect(lines.join('')).not.toContain('\u001b');
  });

  test('of an instant before the record was known is empty, and says so', async () => {
    const { code, said } = await terminal.run(history, 'crm', 'deal', 'a', '--at', '2020-01-01T00:00:00Z');
    expect([code, said]).toEqual([1, ['The record was not known then.']]);
  });
});
