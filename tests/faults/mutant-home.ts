/** A small company read in this process, with a reader, a loader and more that can be exchanged for wrong ones. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type Database, openDatabase } from '../../db/client.ts';
import { salesforceInstant } from '../../demo/stand-ins/salesforce/read-path.ts';
import { builtIn } from '../../kpi/catalogue.ts';
import { rollUp } from '../../kpi/rollup/rollup.ts';
import { createGuardedFetch } from '../../platform/http.ts';
import { type Lease, takeLease } from '../../platform/lease.ts';
import { createLog } from '../../platform/log.ts';
import { createSecretStore } from '../../platform/secrets.ts';
import { defaultCycle } from '../../sync/cycle.ts';
import { dueLanes } from '../../sync/due-lanes.ts';
import { order } from '../../sync/graph.ts';
import { drainHints } from '../../sync/hints/drain-hints.ts';
import { keepDelivery } from '../../sync/hints/store.ts';
import { loadBatch } from '../../sync/load.ts';
import { resolve } from '../../sync/resolve/resolve.ts';
import type { Hint, ReadContext, Source } from '../../sync/source.ts';
import { openSource } from '../../sync/sources/registry.ts';
import { Run } from '../../sync/states.ts';
import { openTestDatabase } from '../database.ts';
import { type ChaosCompany, openChaosCompany } from './chaos-company.ts';

export type Read = (source: Source, ...rest: Parameters<Source['read']>) => ReturnType<Source['read']>;
export type Load = typeof loadBatch;
/** `counted: false`: what was read is not yet in the numbers. */
export type How = { read?: Read; load?: Load; holder?: string; counted?: boolean };

export type MutantHome = {
  db: Database;
  company: ChaosCompany;
  /** Every source once: its history, or what changed since. The lanes that repair what the others missed stay off. */
  round(how?: How): Promise<void>;
  /** A push names these records, and is followed; `asIf` exchanges what follows it. */
  push(name: string, hints: readonly Hint[], asIf?: (source: Source) => Source): Promise<void>;
  /** A won deal gets another amount, stamped with this second. */
  changeDeal(nth: number, atMs: number): void;
  /** The second that the platforms' clock shows. */
  second(): number;
  close(): Promise<void>;
};

const never = { settleEveryMs: Number.POSITIVE_INFINITY, sweepEveryMs: Number.POSITIVE_INFINITY };

/** `inHouse`: with in-house systems, whose settings are changed by these. */
export async function openMutantHome(
  options: { inHouse?: Record<string, Record<string, unknown>> } = {},
): Promise<MutantHome> {
  const home = await openTestDatabase();
  const ledger = options.inHouse ? await openTestDatabase({ empty: true }) : null;
  const company = await openChaosCompany({
    seed: 7,
    scale: 0.002,
    random: () => 0.5,
    ...(ledger ? { ledgerUrl: ledger.url } : {}),
  });
  const db = openDatabase(home.url, { name: 'herald-test', max: 4 });
  const log = createLog('silent', () => undefined);
  const signal = new AbortController().signal;
  const now = () => new Date(Date.now() + company.aheadMs());
  const wait = (ms: number) => pause(ms / 20);
  const sources = await Promise.all(
    Object.entries(company.sources).map(([name, settings]) =>
      openSource({
        name,
        settings: { ...settings, ...options.inHouse?.[name] },
        companyCurrency: 'USD',
        timeZone: 'UTC',
      }),
    ),
  );

  function contextFor(source: Source): ReadContext {
    const secrets = createSecretStore(db, Buffer.alloc(32, 1), source.name);
    const { title: name, pace } = source;
    const classify = source.classify ? { classify: source.classify } : {};
    const fetch = createGuardedFetch({ name, pace, ...classify, now, random: () => 0.5, signal, wait });
    return { now, signal, log, secrets, fetch };
  }

  async function leaseOf(source: Source, holder = 'one'): Promise<Lease> {
    const lease = await takeLease(db, `sync:${source.name}`, holder);
    if (!lease) throw new Error(`${source.name} is held by another`);
    return lease;
  }

  async function readSource(source: Source, { read, load = loadBatch, holder }: How): Promise<void> {
    const lease = await leaseOf(source, holder);
    const run = await Run.open(db.sql, source.name, 'chaos');
    const context = contextFor(source);
    for (const stream of order(source.streams)) {
      const kept = await db.sql<Parameters<typeof dueLanes>[1][number][]>`
        select stream, lane, cursor, finished_at from checkpoint where source = ${source.name}`;
      for (const { lane, cursor } of dueLanes(stream, kept, now(), never)) {
        const batches = read
          ? read(source, stream.name, lane, cursor, context)
          : source.read(stream.name, lane, cursor, context);
        for await (const batch of batches)
          await load(db, { source, stream, lane, runId: run.id, lease }, batch);
      }
    }
    await lease.release();
  }

  return {
    db,
    company,
    async round(how = {}) {
      const ends = await Promise.allSettled(sources.map((source) => readSource(source, how)));
      while ((await resolve(db)) > 0);
      if (how.counted !== false) await rollUp(db, { measures: builtIn.measures, timeZone: 'UTC' });
      for (const end of ends) if (end.status === 'rejected') throw end.reason;
    },
    async push(name, hints, asIf = (source) => source) {
      await keepDelivery(db.sql, { source: name, deliveryId: randomUUID(), hints });
      const source = asIf(sources.find((each) => each.name === name)!);
      const lease = await leaseOf(source);
      const context = contextFor(source);
      await drainHints({ db, source, lease, context, settings: defaultCycle, cause: 'chaos', log, wait });
      await lease.release();
    },
    changeDeal(nth, atMs) {
      const deals = [...company.world.salesforce.all('Opportunity')];
      const { id, record } = deals.filter((deal) => !deal.gone && deal.record.IsWon === true)[nth]!;
      const stamp = salesforceInstant(atMs);
      const Amount = Number(record.Amount ?? 0) + 1;
      const next = { ...record, Amount, SystemModstamp: stamp, LastModifiedDate: stamp };
      company.world.salesforce.put('Opportunity', id, next, atMs);
    },
    second: () => Math.floor(now().getTime() / 1000) * 1000,
    async close() {
      await db.close();
      await company.close();
      await home.close();
      await ledger?.close();
    },
  };
}
