/**
 * A sync worker over the product's own path (lease, cycle, loader, consumers), waiting a twentieth of what it would:
 * `node chaos-worker.ts '<ChaosOrder as JSON>'`. It goes round until it is killed, or `rounds` times.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { openDatabase } from '../../db/client.ts';
import { builtIn } from '../../kpi/catalogue.ts';
import { rollUp } from '../../kpi/rollup/rollup.ts';
import { createGuardedFetch } from '../../platform/http.ts';
import { takeLease } from '../../platform/lease.ts';
import { createLog } from '../../platform/log.ts';
import { createSecretStore } from '../../platform/secrets.ts';
import { defaultCycle, runCycle } from '../../sync/cycle.ts';
import { resolve } from '../../sync/resolve/resolve.ts';
import type { Source } from '../../sync/source.ts';
import { openSource } from '../../sync/sources/registry.ts';

export type ChaosOrder = {
  url: string;
  sources: Record<string, unknown>;
  /** How far the platforms' clock is ahead of this machine's. */
  aheadMs: number;
  rounds: number | null;
  /** Every lane in every round. */
  allLanes: boolean;
};

const order = JSON.parse(process.argv[2]!) as ChaosOrder;
const db = openDatabase(order.url, { name: 'herald-chaos', max: 4 });
const log = createLog('silent', () => undefined);
const signal = new AbortController().signal;
const now = () => new Date(Date.now() + order.aheadMs);
const holder = randomUUID();
const say = (line: string) => process.stdout.write(`${line}\n`);

async function once(source: Source): Promise<boolean> {
  const lease = await takeLease(db, `sync:${source.name}`, holder);
  if (!lease) return false;
  const report = await runCycle({
    db,
    source,
    lease,
    settings: order.allLanes ? { settleEveryMs: 0, sweepEveryMs: 0, sweepBrake: 1 } : defaultCycle,
    cause: 'chaos',
    log,
    wait: (ms) => pause(ms / 20),
    onBatch: () => say('batch'),
    context: {
      now,
      signal,
      log,
      secrets: createSecretStore(db, Buffer.alloc(32, 1), source.name),
      fetch: createGuardedFetch({
        name: source.title,
        pace: source.pace,
        ...(source.classify ? { classify: source.classify } : {}),
        now,
        random: Math.random,
        signal,
        timeoutMs: 1_000,
        wait: (ms) => pause(ms / 20),
      }),
    },
  });
  await lease.release();
  for (const { stream, reason } of report.failures) say(`failed ${source.name} ${stream}: ${reason}`);
  return report.state === 'SUCCESS';
}

/** The database may be away at any moment: the next round tries again. */
async function guarded(what: string, work: () => Promise<boolean>): Promise<boolean> {
  try {
    return await work();
  } catch (thrown) {
    say(`lost ${what}: ${(thrown as Error).message}`);
    return false;
  }
}

const sources = await Promise.all(
  Object.entries(order.sources).map(([name, settings]) =>
    openSource({ name, settings, companyCurrency: 'USD', timeZone: 'UTC' }),
  ),
);
say('up');
for (let round = 0; round !== order.rounds; round++) {
  const done = await Promise.all(sources.map((source) => guarded(source.name, () => once(source))));
  const counted = await guarded('consumers', async () => {
    while ((await resolve(db)) > 0);
    await rollUp(db, { measures: builtIn.measures, timeZone: 'UTC' });
    return true;
  });
  say(`round ${[...done, counted].every(Boolean) ? 'whole' : 'broken'}`);
  await pause(20);
}
await db.close();
