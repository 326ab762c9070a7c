/** Deletes that no feed shows: ids that a complete list of the source no longer has. */
import type { Database } from '../../db/client.ts';
import { HeraldError } from '../../platform/errors.ts';
import { writeUnified } from '../unified.ts';
import { holdLease } from './hold-lease.ts';
import type { Removal } from './newest-only.ts';
import { openBatch } from './open-batch.ts';
import type { Loaded, LoadTarget } from './target.ts';
import { writeGone } from './write-history.ts';

/** Delete what a complete sweep no longer found. `brake` is the largest share that may go without being asked. */
export async function loadSweep(
  db: Database,
  target: LoadTarget,
  options: { brake: number },
): Promise<Loaded> {
  return db.inTransaction(async (tx) => {
    await holdLease(tx, target.lease);
    const { name } = target.source;
    const stream = target.stream.name;
    const missing = await tx<{ id: string; version: number }[]>`
      select h.id, h.version from record_head h
      where h.tenant = 1 and h.source = ${name} and h.stream = ${stream} and not h.deleted
        and not exists (select from sweep_seen s where s.source = ${name} and s.stream = ${stream} and s.id = h.id)`;
    const [{ live } = { live: 0 }] = await tx<{ live: number }[]>`
      select count(*)::int as live from record_head where tenant = 1 and source = ${name} and stream = ${stream} and not deleted`;
    if (missing.length > 20 && missing.length > live * options.brake) {
      throw new HeraldError(
        'setup',
        `A sweep of ${name} ${stream} would delete ${missing.length} of ${live} records, more than the ${Math.round(options.brake * 100)} % that may go unasked. Nothing was deleted. If this is right, run "herald sync --source ${name} --allow-deletes".`,
      );
    }
    if (missing.length > 0) {
      const batchId = await openBatch(tx, target);
      const gone = missing.map(
        (row): Removal => ({ op: 'delete', id: row.id, version: row.version, reason: 'missing' }),
      );
      await writeGone(tx, { source: name, stream }, batchId, gone);
      await writeUnified(tx, {
        table: target.stream.table,
        system: name,
        batchId,
        rows: new Map(),
        out: gone.map((record) => record.id),
      });
    }
    await tx`delete from sweep_seen where source = ${name} and stream = ${stream}`;
    return { read: 0, changed: 0, deleted: missing.length, quarantined: 0 };
  });
}

/** Remember the ids of one page of a sweep. */
export async function keepSwept(
  db: Database,
  target: LoadTarget,
  ids: readonly string[],
  first: boolean,
): Promise<void> {
  await db.inTransaction(async (tx) => {
    const { name } = target.source;
    if (first) await tx`delete from sweep_seen where source = ${name} and stream = ${target.stream.name}`;
    await tx`insert into sweep_seen (source, stream, id) select ${name}, ${target.stream.name}, unnest(${ids as string[]}::text[]) on conflict do nothing`;
  });
}
