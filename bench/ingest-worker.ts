/** A worker of its own: streams generated records through the loader, and tells its peak in MiB. Arguments: url, records. */
import { openDatabase } from '../db/client.ts';
import { takeLease } from '../platform/lease.ts';
import { loadBatch } from '../sync/load.ts';
import { benchSource, opportunities, opportunityOf } from './opportunities.ts';

const BATCH = 5_000;
const [url, count] = [process.argv[2]!, Number(process.argv[3])];
const db = openDatabase(url, { name: 'herald-bench', max: 2 });
const lease = await takeLease(db, 'sync:salesforce', `bench-worker-${process.pid}`);
if (!lease) throw new Error('the lease is taken');
for (let at = 0; at < count; at += BATCH) {
  const size = Math.min(BATCH, count - at);
  await loadBatch(
    db,
    { source: benchSource, stream: opportunities, lane: 'backfill', runId: 1, lease },
    {
      stream: opportunities.name,
      records: Array.from({ length: size }, (_, i) => opportunityOf(at + i, 0)),
      cursor: { at: at + size },
      coveredUntil: null,
    },
  );
}
await lease.release();
await db.close();
// Kilobytes on every platform, since libuv says so.
process.stdout.write(String(process.resourceUsage().maxRSS / 1024));
