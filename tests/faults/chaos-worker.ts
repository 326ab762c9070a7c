/**
 * A sync worker over the product's own path (lease, cycle, pushes, loader, consumers), waiting a twentieth of what it
 * would: `node chaos-worker.ts '<ChaosOrder as JSON>'`. It goes round until it is killed, or `rounds` times.
 */
import { randomUUID } from 'node:crypto';
import { once as heard } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { createWebhooks } from '../../cli/start/webhooks.ts';
import { openDatabase } from '../../db/client.ts';
import { builtIn } from '../../kpi/catalogue.ts';
import { rollUp } from '../../kpi/rollup/rollup.ts';
import { createGuardedFetch } from '../../platform/http.ts';
import { takeLease } from '../../platform/lease.ts';
import { createLog } from '../../platform/log.ts';
import { createSecretStore } from '../../platform/secrets.ts';
import { type CycleInput, type CycleReport, defaultCycle, runCycle } from '../../sync/cycle.ts';
import { drainHints } from '../../sync/hints/drain-hints.ts';
import { hintChannel } from '../../sync/hints/store.ts';
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

type Work = (input: CycleInput) => Promise<CycleReport | null>;

async function once(source: Source, work = runCycle as Work): Promise<boolean> {
  const lease = await takeLease(db, `sync:${source.name}`, holder);
  if (!lease) return false;
  const report = await work({
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
  for (const { stream, reason } of report?.failures ?? []) say(`failed ${source.name} ${stream}: ${reason}`);
  return report === null || report.state === 'SUCCESS';
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
const webhooks = createServer(
  createWebhooks({ db, sources: () => order.sources, publicUrl: null, now, log }),
).listen(0, '127.0.0.1');
await heard(webhooks, 'listening');
/** Sources with a push that nobody has followed yet. */
const pushed = new Set<string>();
await guarded('the ear', async () => {
  await db.sql.listen(hintChannel, (name) => pushed.add(name));
  return true;
});
say(`listens at http://127.0.0.1:${(webhooks.address() as AddressInfo).port}`);
for (let round = 0; round !== order.rounds; round++) {
  const done = await Promise.all(sources.map((source) => guarded(source.name, () => once(source))));
  // As herald does when it is told between two cycles; within one, pushes are followed between its streams.
  for (const source of sources)
    if (pushed.delete(source.name)) await guarded('pushes', () => once(source, drainHints));
  const counted = await guarded('consumers', async () => {
    while ((await resolve(db)) > 0);
    await rollUp(db, { measures: builtIn.measures, timeZone: 'UTC' });
    return true;
  });
  say(`round ${[...done, counted].every(Boolean) ? 'whole' : 'broken'}`);
  await pause(20);
}
webhooks.close();
webhooks.closeAllConnections();
await db.close();
