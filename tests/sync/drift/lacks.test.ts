import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../../db/client.ts';
import type { Lack } from '../../../sync/source.ts';
import { openTestDatabase, type TestDatabase } from '../../database.ts';
import { MemorySource } from '../../memory-source.ts';
import { cycle } from '../../run-cycle.ts';

let home: TestDatabase;
let db: Database;
beforeAll(async () => {
  home = await openTestDatabase();
  db = openDatabase(home.url, { name: 'herald-test', max: 2 });
});
afterAll(async () => {
  await db.close();
  await home.close();
});

/** A source whose batches say what they lack. */
class LackingSource extends MemorySource {
  lacks: readonly Lack[] = [];
  override async *read(...args: Parameters<MemorySource['read']>) {
    for await (const batch of super.read(...args)) yield { ...batch, lacks: this.lacks };
  }
}

const open = async () =>
  (
    await db.sql<
      { said: string }[]
    >`select rule || ' ' || severity || ' ' || subject as said from quality_finding where resolved_at is null order by 1`
  ).map(({ said }) => said);

test('what a platform does not show is a finding for as long as it is so, and nothing else stops', async () => {
  const crm = new LackingSource('crm', ['deal']);
  crm.put('deal', '1', 1, { amount: 1 });
  const field: Lack = { subject: 'deal.source', kind: 'hidden', sentence: 'deal.source is hidden' };
  const second: Lack = {
    subject: 'deal 10:00',
    kind: 'incomplete',
    sentence: 'more than a page in one second',
  };
  crm.lacks = [field, second];
  const now = new Date('2026-11-22T10:00:00Z');
  expect(await cycle(db, crm, now)).toMatchObject({ state: 'SUCCESS', changed: 1 });
  expect(await open()).toEqual(['field_unseen notes deal.source', 'reading_incomplete warns deal 10:00']);
  crm.lacks = [{ ...field, sentence: null }];
  await cycle(db, crm, now);
  expect(await open()).toEqual(['reading_incomplete warns deal 10:00']);
});
