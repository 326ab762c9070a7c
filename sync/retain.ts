/**
 * Retention: history from before a month's first instant is dropped by whole partitions. What stood at that instant
 * is carried forward first, so that every instant after it stays answerable; before it, as-of answers are refused.
 */
import type { Database } from '../db/client.ts';

export type RetentionReport = {
  /** First instant of the history that is kept. */
  from: Date;
  /** Versions that stood at `from`, written again with it as their start. */
  carried: number;
  /** Partitions dropped. */
  dropped: string[];
  /** Rows dropped one by one, where no partition of their own held them. */
  deleted: number;
};

/** Partitioned tables and the column that a partition is a month of. */
const parents = [
  { table: 'record_version', at: 'valid_from' },
  // As-of is the present minus the later differences: those from before the first instant asked for are never read.
  { table: 'bucket_delta', at: 'known_at' },
  { table: 'ledger_delta', at: 'known_at' },
] as const;

/** Drop what is older than `historyMonths` whole months before `now`. Safe to be stopped anywhere, and to run twice. */
export async function retain(
  db: Database,
  { historyMonths, now }: { historyMonths: number; now: Date },
): Promise<RetentionReport> {
  const from = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - historyMonths, 1));
  const report: RetentionReport = { from, carried: 0, dropped: [], deleted: 0 };
  const [old] = await db.sql<{ there: boolean }[]>`
    select exists (select from record_version where valid_from < ${from}) or exists (select from bucket_delta where known_at < ${from})
      or exists (select from ledger_delta where known_at < ${from}) as there`;
  if (!old!.there) return report;
  // Refused from now on, before anything is gone. A start once told never moves back.
  await db.sql`insert into history_start as h (at) values (${from}) on conflict (one) do update set at = greatest(h.at, excluded.at)`;
  report.carried = await carryForward(db, from);
  for (const parent of parents) await drop(db, parent, from, report);
  return report;
}

async function carryForward(db: Database, from: Date): Promise<number> {
  const streams = await db.sql<{ source: string; stream: string }[]>`
    select distinct source, stream from record_version where tenant = 1 and valid_from < ${from}`;
  let carried = 0;
  // A stream each, so that no transaction holds all of history. Until the old months are dropped both copies say the same.
  for (const { source, stream } of streams) {
    carried += await db.inTransaction(async (tx) => {
      await tx`set local statement_timeout = '30min'`;
      const rows = await tx`
        insert into record_version (tenant, source, stream, id, valid_from, batch_id, version, op, payload)
        select tenant, source, stream, id, ${from}, batch_id, version, case when op = 'upsert' then 'carried' else op end, payload
        from (select distinct on (id) * from record_version
          where tenant = 1 and source = ${source} and stream = ${stream} and valid_from < ${from} order by id, valid_from desc) last
        where op in ('upsert', 'carried', 'too_large')
        on conflict do nothing`;
      return rows.count;
    });
  }
  return carried;
}

async function drop(
  db: Database,
  { table, at }: (typeof parents)[number],
  from: Date,
  report: RetentionReport,
): Promise<void> {
  const months = await db.sql<{ name: string }[]>`
    select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = ${table}::regclass and c.relname ~ '_[0-9]{6}$' and right(c.relname, 6) < ${from.toISOString().slice(0, 7).replace('-', '')}
    order by 1`;
  for (const { name } of months) {
    await db.inTransaction(async (tx) => {
      // The parent is locked for an instant: rather late than in everybody's way.
      await tx`set local lock_timeout = '10s'`;
      await tx`drop table ${tx(name)}`;
    });
    report.dropped.push(name);
  }
  const rest = `${table}_default`;
  const rows = await db.inTransaction(async (tx) => {
    await tx`set local statement_timeout = '30min'`;
    return tx`delete from ${tx(rest)} where ${tx(at)} < ${from}`;
  });
  report.deleted += rows.count;
}
