/** The loader alone on a database of its own, without a platform. */
import { type Database, openDatabase } from '../../../db/client.ts';
import { takeLease } from '../../../platform/lease.ts';
import { type Loaded, loadBatch } from '../../../sync/load.ts';
import type { LoadedLane, SourceRecord, UnifiedRow } from '../../../sync/source.ts';
import { openTestDatabase } from '../../database.ts';
import { MemorySource } from '../../memory-source.ts';

export type Loading = {
  db: Database;
  load(records: SourceRecord[], at?: number, lane?: LoadedLane): Promise<Loaded>;
  /** As if nothing had been loaded, with this mapping from now on; without one, what is parsed is the row. */
  empty(unify?: (raw: unknown) => UnifiedRow | null): Promise<void>;
  close(): Promise<void>;
};

export async function openLoading(): Promise<Loading> {
  const home = await openTestDatabase();
  const db = openDatabase(home.url, { name: 'herald-test', max: 2 });
  const source = new MemorySource('billing', ['invoice']);
  const stream = { ...source.streams[0]! };
  const lease = (await takeLease(db, 'sync:billing', 'test'))!;
  return {
    db,
    load: (records, at = 1, lane = 'backfill') =>
      loadBatch(
        db,
        { source, stream, lane, runId: 1, lease },
        { stream: 'invoice', records, cursor: { at }, coveredUntil: null },
      ),
    async empty(unify = (raw) => raw as UnifiedRow) {
      stream.unify = unify;
      await db.sql`truncate record_head, record_version, change_batch, change_log, invoice, quarantine, checkpoint cascade`;
    },
    async close() {
      await db.close();
      await home.close();
    },
  };
}

export const upsert = (id: string, version: number, payload: unknown): SourceRecord => ({
  op: 'upsert',
  id,
  version,
  payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
});
