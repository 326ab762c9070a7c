/** One cycle of a source on a test database, with the roll-up after it. */
import type { Database } from '../db/client.ts';
import { builtIn } from '../kpi/catalogue.ts';
import { rollUp } from '../kpi/rollup/rollup.ts';
import { takeLease } from '../platform/lease.ts';
import { createLog } from '../platform/log.ts';
import { type CycleReport, defaultCycle, runCycle } from '../sync/cycle.ts';
import { resolve } from '../sync/resolve/resolve.ts';
import type { Source } from '../sync/source.ts';

export const quiet = createLog('silent', () => undefined);

export async function cycle(db: Database, source: Source, now: Date): Promise<CycleReport> {
  const lease = await takeLease(db, `sync:${source.name}`, 'test');
  if (!lease) throw new Error('the lease is taken');
  try {
    return await runCycle({
      db,
      source,
      lease,
      settings: defaultCycle,
      cause: 'test',
      log: quiet,
      wait: async () => undefined,
      context: {
        now: () => now,
        signal: new AbortController().signal,
        fetch: async () => {
          throw new Error('no network in this test');
        },
        log: quiet,
        secrets: { load: async () => null, save: async () => undefined },
      },
    });
  } finally {
    await lease.release();
  }
}

export async function consume(db: Database, timeZone = 'UTC', kept = builtIn.measures): Promise<void> {
  while ((await resolve(db)) > 0);
  await rollUp(db, { measures: kept, timeZone });
}
