/** A small company read in this process, with a reader and a loader that can be exchanged for wrong ones. */
import { setTimeout as pause } from 'node:timers/promises';
import { type Database, openDatabase } from '../../db/client.ts';
import { salesforceInstant } from '../../demo/stand-ins/salesforce/read-path.ts';
import { builtIn } from '../../kpi/catalogue.ts';
import { rollUp } from '../../kpi/rollup/rollup.ts';
import { createGuardedFetch } from '../../platform/http.ts';
import { takeLease } from '../../platform/lease.ts';
import { createLog } from '../../platform/log.ts';
import { createSecretStore } from '../../platform/secrets.ts';
import { dueLanes } from '../../sync/due-lanes.ts';
import { order } from '../../sync/graph.ts';
import { loadBatch } from '../../sync/load.ts';
import { resolve } from '../../sync/resolve/resolve.ts';
import type { Source } from '../../sync/source.ts';
import { openSource } from '../../sync/sources/registry.ts';
import { Run } from '../../sync/states.ts';
import { openTestDatabase } from '../database.ts';
import { type ChaosCompany, openChaosCompany } from './chaos-company.ts';

export type Read = (source: Source, ...rest: Parameters<Source['read']>) => ReturnType<Source['read']>;
export type Load = typeof loadBatch;
export type How = { read?: Read; load?: Load; holder?: string };

export type MutantHome = {
  db: Database;
  company: ChaosCompany;
  /** Every source once: its history, or what changed since. The lanes that repair what the others missed stay off. */
  round(how?: How): Promise<void>;
  /** A won deal gets another amount, stamped with this second. */
  changeDeal(nth: number, atMs: number): void;
  /** The second that the platforms' clock shows. */
  second(): number;
  close(): Promise<void>;
};

const never = { settleEveryMs: Number.POSITIVE_INFINITY, sweepEveryMs: Number.POSITIVE_INFINITY };

export async function openMutantHome(): Promise<MutantHome> {
  const home = await openTestDatabase();
  const company = await openChaosCompany({ seed: 7, scale: 0.002, random: () => 0.5 });
  const db = openDatabase(home.url, { name: 'herald-test', max: 4 });
  const log = createLog('silent', () => undefined);
  const signal = new AbortController().signal;
  const now = () => new Date(Date.now() + company.aheadMs());
  const wait = (ms: number) => pause(ms / 20);
  const sources = await Promise.all(
    Object.entries(company.sources).map(([name, settings]) =>
      openSource({ name, settings, companyCurrency: 'USD', timeZone: 'UTC' }),
    ),
  );

  async function readSource(source: Source, { read, load = loadBatch, holder = 'one' }: How): Promise<void> {
    const lease = await takeLease(db, `sync:${source.name}`, holder);
    if (!lease) throw new Error(`${source.name} is held by another`);
    const run = await Run.open(db.sql, source.name, 'chaos');
    const secrets = createSecretStore(db, Buffer.alloc(32, 1), source.name);
    const { title: name, pace } = source;
    const classify = source.classify ? { classify: source.classify } : {};
    const fetch = createGuardedFetch({ name, pace, ...classify, now, random: () => 0.5, signal, wait });
    const context = { now, signal, log, secrets, fetch };
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
      await rollUp(db, { measures: builtIn.measures, timeZone: 'UTC' });
      for (const end of ends) if (end.status === 'rejected') throw end.reason;
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
      await home.close();
      await company.close();
    },
  };
}
