/**
 * The synthetic company behind its stand-ins, read through the real SDKs into a test database. Time stands still until
 * a test moves it, so the limits are out of reach and every lane is due in every cycle.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import postgres from 'postgres';
import { type Database, openDatabase } from '../db/client.ts';
import { fillBilling, followBilling } from '../demo/billing.ts';
import type { World } from '../demo/company/records.ts';
import { createWorld } from '../demo/company/world.ts';
import { writeFiles } from '../demo/files.ts';
import { demoBillingSettings, demoFilesSettings } from '../demo/in-house.ts';
import { createHubspotStandIn } from '../demo/stand-ins/hubspot/stand-in.ts';
import { createIntercomStandIn } from '../demo/stand-ins/intercom.ts';
import { createSalesforceStandIn } from '../demo/stand-ins/salesforce.ts';
import { serveLoopback } from '../demo/stand-ins/serve.ts';
import { createZendeskStandIn } from '../demo/stand-ins/zendesk/stand-in.ts';
import { createGuardedFetch } from '../platform/http.ts';
import { takeLease } from '../platform/lease.ts';
import { createSecretStore } from '../platform/secrets.ts';
import { type CycleReport, runCycle } from '../sync/cycle.ts';
import type { Source } from '../sync/source.ts';
import { openSource } from '../sync/sources/registry.ts';
import { openTestDatabase } from './database.ts';
import { consume, quiet } from './run-cycle.ts';

export type DemoCompany = {
  world: World;
  db: Database;
  timeZone: string;
  /** The company's clock. */
  now(): Date;
  moveTo(at: number): void;
  /** The in-house systems write down what happened in the world since `since`. */
  follow(since: number): Promise<void>;
  /** One cycle of every source, every lane due, then the consumers. */
  sync(): Promise<CycleReport[]>;
  close(): Promise<void>;
};

/** Far above what a test calls: with a clock that stands still, no window ever rolls on. */
const many = 10_000_000;
const clientId = 'herald-test';
const clientSecret = 'test-client-secret';

export async function openDemoCompany(options: {
  seed: number;
  scale: number;
  anchorDay: string;
  timeZone: string;
  /** Epoch ms at which the clock stands. */
  now: number;
}): Promise<DemoCompany> {
  const { timeZone } = options;
  let at = options.now;
  const now = () => at;
  const world = createWorld(options);
  const [home, house] = await Promise.all([openTestDatabase(), openTestDatabase({ empty: true })]);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'herald-files-'));
  const billing = postgres(house.url, { max: 1, onnotice: () => undefined });
  await fillBilling(billing, world.billing);
  await writeFiles(folder, world.files);
  const auth = { clientId, clientSecret };
  const servers = await Promise.all([
    serveLoopback(
      createSalesforceStandIn({
        store: world.salesforce,
        now,
        limits: { dailyCalls: many },
        visibilityLagMs: 1_500,
        ...auth,
      }),
    ),
    serveLoopback(
      createHubspotStandIn({
        store: world.hubspot,
        now,
        limits: { per10s: many, searchPerSecond: many, daily: many },
        indexLagMs: 2_000,
        ...auth,
        refreshToken: 'test-refresh-token',
      }),
    ),
    serveLoopback(
      createZendeskStandIn({
        store: world.zendesk,
        now,
        limits: { perMinute: many, exportsPerMinute: many },
        auth,
      }),
    ),
    serveLoopback(
      createIntercomStandIn({
        store: world.intercom,
        now,
        limits: { perMinute: many },
        token: 'test-intercom-token',
        searchLagMs: 1_000,
        timeZone,
      }),
    ),
  ]);
  const [salesforce, hubspot, zendesk, intercom] = servers;
  const settings: Record<string, unknown> = {
    billing: demoBillingSettings(house.url),
    salesforce: { baseUrl: salesforce!.url, ...auth },
    hubspot: {
      baseUrl: hubspot!.url,
      ...auth,
      refreshToken: 'test-refresh-token',
      limits: { per10s: many, searchPerSecond: many },
    },
    zendesk: { baseUrl: zendesk!.url, ...auth, limits: { perMinute: 2 * many, exportsPerMinute: many } },
    intercom: { baseUrl: intercom!.url, token: 'test-intercom-token' },
    finance_files: demoFilesSettings(folder),
  };
  const sources: Source[] = [];
  for (const [name, own] of Object.entries(settings))
    sources.push(await openSource({ name, settings: own, companyCurrency: 'USD', timeZone }));
  const db = openDatabase(home.url, { name: 'test', max: 4 });

  return {
    world,
    db,
    timeZone,
    now: () => new Date(at),
    moveTo(later) {
      at = later;
    },
    async follow(since) {
      await followBilling(billing, world.billing, since);
      await writeFiles(folder, world.files);
    },
    async sync() {
      const reports: CycleReport[] = [];
      for (const source of sources) reports.push(await cycleOf(db, source, now));
      await consume(db, timeZone);
      return reports;
    },
    async close() {
      await Promise.all([...servers.map((server) => server.close()), billing.end(), db.close()]);
      await Promise.all([home.close(), house.close()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function cycleOf(db: Database, source: Source, now: () => number): Promise<CycleReport> {
  const lease = await takeLease(db, `sync:${source.name}`, 'test');
  if (!lease) throw new Error(`the lease on ${source.name} is taken`);
  const { signal } = new AbortController();
  try {
    let waitedMs = 0;
    return await runCycle({
      db,
      source,
      lease,
      // The database's clock stamps the lanes, the company's clock asks: whatever lies between them, all are due.
      settings: {
        settleEveryMs: Number.NEGATIVE_INFINITY,
        sweepEveryMs: Number.NEGATIVE_INFINITY,
        sweepBrake: 1,
      },
      cause: 'test',
      log: quiet,
      wait: async () => undefined,
      context: {
        now: () => new Date(now()),
        signal,
        log: quiet,
        secrets: createSecretStore(db, Buffer.alloc(32, 7), source.name),
        fetch: createGuardedFetch({
          name: source.title,
          pace: source.pace,
          // Pacing has its own tests; here waiting passes at once, on a clock of the fetch's own.
          now: () => new Date(now() + waitedMs),
          random: () => 0.5,
          wait: async (ms) => {
            waitedMs += ms;
          },
          signal,
          ...(source.classify ? { classify: source.classify } : {}),
        }),
      },
    });
  } finally {
    await lease.release();
  }
}
