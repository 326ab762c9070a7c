/** Retention as a daily job of the sync role: whichever process holds the lease does it. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from '../../db/client.ts';
import { ensurePartitions } from '../../db/partitions.ts';
import { takeLease } from '../../platform/lease.ts';
import type { Log } from '../../platform/log.ts';
import { type RetentionReport, retain } from '../../sync/retain.ts';
import { retainLog } from '../../sync/retain-log.ts';

const DAY_MS = 86_400_000;
/** The first sync and the first questions come before it. */
const FIRST_MS = 10 * 60_000;

/** They read every batch from the first on; the log is kept until each has. */
const consumers = ['rollup', 'resolve', 'quality'];

/** As herald.yaml has it under `retention`. */
export type RetentionSettings = { historyMonths: number; changeLogDays: number };
export type RetentionInput = RetentionSettings & { now: Date; holder: string };
/** `logged`: entries of the change log that were dropped. */
export type Retained = RetentionReport & { logged: number };

/** Months ahead made, old ones dropped; null while another process does it. */
export async function retainUnderLease(
  db: Database,
  { historyMonths, changeLogDays, now, holder }: RetentionInput,
): Promise<Retained | null> {
  const lease = await takeLease(db, 'retention', holder);
  if (!lease) return null;
  // Carrying a long history forward outlasts the lease. Two at it would do the same twice, and harm nothing.
  try {
    await ensurePartitions(db);
    const report = await retain(db, { historyMonths, now });
    return { ...report, logged: await retainLog(db, { days: changeLogDays, now, consumers }) };
  } finally {
    await lease.release();
  }
}

/** Once a day until the signal ends it. A failure is logged and tried again the next day. */
export async function retainDaily(
  db: Database,
  input: RetentionSettings & { now: () => Date; holder: string; log: Log; signal: AbortSignal },
): Promise<void> {
  const { log, signal, now, ...rest } = input;
  for (let wait = FIRST_MS; ; wait = DAY_MS) {
    try {
      await pause(wait, undefined, { signal });
      const report = await retainUnderLease(db, { ...rest, now: now() });
      if (report && report.dropped.length + report.deleted + report.logged > 0)
        log.info(report, 'old history was dropped');
    } catch (error) {
      if (signal.aborted) return;
      log.error({ err: (error as Error).message }, 'old history could not be dropped');
    }
  }
}
