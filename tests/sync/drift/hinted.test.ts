import { expect, test } from 'vitest';
import { openDatabase } from '../../../db/client.ts';
import { keepDelivery } from '../../../sync/hints/store.ts';
import type { SourceRecord } from '../../../sync/source.ts';
import { openTestDatabase } from '../../database.ts';
import { MemorySource } from '../../memory-source.ts';
import { cycle } from '../../run-cycle.ts';

const now = new Date('2026-11-22T10:00:00Z');

/** A source whose deals can be read by id, as they are now. */
class HintedSource extends MemorySource {
  readonly live = new Map<string, SourceRecord>();
  readonly #live = this.live;
  hinted = { streams: ['deal'], read: (_: string, ids: readonly string[]) => this.#byId(ids) };
  async *#byId(ids: readonly string[]) {
    yield ids.flatMap((id) => this.#live.get(id) ?? []);
  }
}

test('records that a push named are looked at for drift like those of any lane', async () => {
  const home = await openTestDatabase();
  const db = openDatabase(home.url, { name: 'herald-test', max: 2 });
  try {
    const crm = new HintedSource('crm', ['deal']);
    for (let i = 0; i < 100; i++) crm.put('deal', `${i}`, 1, { amount: i, name: 'a deal' });
    await cycle(db, crm, now);
    const hints = ['1', '2', '3', '4', '5'].map((id) => ({ stream: 'deal', id }));
    for (const { id } of hints)
      crm.live.set(id, { op: 'upsert', id, version: 2, payload: JSON.stringify({ amount: 7 }) });
    await keepDelivery(db.sql, { source: 'crm', deliveryId: 'd1', hints });
    expect(await cycle(db, crm, now)).toMatchObject({ state: 'SUCCESS', changed: 5 });
    const found = await db.sql<{ said: string }[]>`
      select rule || ' ' || subject as said from quality_finding where resolved_at is null`;
    expect(found.map(({ said }) => said)).toEqual(['field_gone deal.name']);
  } finally {
    await db.close();
    await home.close();
  }
});
