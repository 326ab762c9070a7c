import { expect, test } from 'vitest';
import { openDatabase } from '../../../db/client.ts';
import { openTestDatabase } from '../../database.ts';
import { MemorySource } from '../../memory-source.ts';
import { cycle } from '../../run-cycle.ts';

const now = new Date('2026-11-22T10:00:00Z');

test('a stream whose schema drifted goes on with what it understands, keeps the rest, and says so', async () => {
  const home = await openTestDatabase();
  const db = openDatabase(home.url, { name: 'herald-test', max: 2 });
  try {
    const crm = new MemorySource('crm', ['deal']);
    for (let i = 0; i < 100; i++) crm.put('deal', `${i}`, 1, { amount: i });
    await cycle(db, crm, now);
    for (let i = 0; i < 40; i++) crm.put('deal', `${i}`, 2, { amount: i < 30 ? 'many' : 1000 });
    expect(await cycle(db, crm, now)).toMatchObject({ state: 'SUCCESS', quarantined: 30 });
    const found = await db.sql<
      { rule: string }[]
    >`select rule from quality_finding where resolved_at is null order by 1`;
    expect(found.map(({ rule }) => rule)).toEqual(['batch_not_understood', 'field_retyped']);
    const [counts] = await db.sql`
      select (select count(*)::int from deal where amount = 1000) as loaded, (select count(*)::int from quarantine where state = 'held') as held`;
    expect(counts).toEqual({ loaded: 10, held: 30 });
  } finally {
    await db.close();
    await home.close();
  }
});
