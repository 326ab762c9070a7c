/**
 * The demo: a synthetic company behind strict stand-ins of its systems, on loopback only. Its seed, its anchor day and
 * every change since are kept, so that a restart finds the same company.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import postgres from 'postgres';
import { fillBilling, followBilling } from './billing.ts';
import type { World } from './company/records.ts';
import { createWorld } from './company/world.ts';
import { writeFiles } from './files.ts';
import { demoBillingSettings, demoFilesSettings } from './in-house.ts';
import { createFaults, type Faults } from './stand-ins/faults.ts';
import { createHubspotStandIn } from './stand-ins/hubspot/stand-in.ts';
import { createIntercomStandIn } from './stand-ins/intercom.ts';
import { createPushes } from './stand-ins/push/start-pushes.ts';
import { createSalesforceStandIn } from './stand-ins/salesforce.ts';
import { serveLoopback } from './stand-ins/serve.ts';
import { createZendeskStandIn } from './stand-ins/zendesk/stand-in.ts';

export type DemoOptions = {
  /** Where the demo keeps its state; the CSV files go beside it. */
  folder: string;
  /** Connection string of the billing system's own database. */
  billingUrl: string;
  timeZone: string;
  seed: number;
  scale: number;
  now: () => number;
  say: (line: string) => void;
};

export type Demo = {
  world: World;
  /** As `sources` would stand in herald.yaml. */
  sources: Record<string, Record<string, unknown>>;
  /** What goes wrong with each platform, to be switched on and off. */
  faults: Readonly<Record<FaultySystem, Faults>>;
  /** Have the platforms tell of every change at `origin`/webhooks/<source>. */
  push(origin: string): void;
  /** Let the company live: one small change every few seconds. */
  live(everyMs: number): void;
  close(): Promise<void>;
};

type State = { seed: number; scale: number; anchorDay: string; timeZone: string };

export type FaultySystem = keyof typeof driftingField;

/** The field that a platform renames, retypes or drops when it is told to. */
const driftingField = {
  salesforce: 'LeadSource',
  hubspot: 'lifecyclestage',
  zendesk: 'priority',
  intercom: 'state',
};

/** Highest documented tiers, so that the first sync is quick (research: connectors). */
const tiers = {
  salesforce: { dailyCalls: 1_000_000 },
  hubspot: { per10s: 250, searchPerSecond: 5, daily: 1_000_000 },
  zendesk: { perMinute: 2_500, exportsPerMinute: 30 },
  intercom: { perMinute: 10_000 },
};

export async function openDemo(options: DemoOptions): Promise<Demo> {
  const { folder, now } = options;
  mkdirSync(folder, { recursive: true });
  const state = readState(options);
  const world = createWorld(state);
  const journal = path.join(folder, 'demo-ticks');
  const past = existsSync(journal)
    ? readFileSync(journal, 'utf8').split('\n').filter(Boolean).map(Number)
    : [];
  for (const at of past) world.tick(at);

  const billing = postgres(options.billingUrl, {
    max: 1,
    onnotice: () => undefined,
    connection: { application_name: 'demo-billing' },
  });
  await billing.begin(async (tx) => {
    // Two processes may open the demo at once: the first fills, the second finds it filled.
    await tx`select pg_advisory_xact_lock(4715003)`;
    await fillBilling(tx as unknown as postgres.Sql, world.billing);
  });
  // What ticked in an earlier life is in the tables already; what a crash cut off is written now.
  await followBilling(billing, world.billing, past.length > 0 ? past.at(-1)! - 60_000 : now());
  const files = path.join(folder, 'files');
  await writeFiles(files, world.files);

  const clientId = 'herald-demo';
  const clientSecret = 'demo-client-secret';
  const faults = Object.fromEntries(
    Object.entries(driftingField).map(([name, field]) => [
      name,
      createFaults({ random: Math.random, field }),
    ]),
  ) as Record<FaultySystem, Faults>;
  const [salesforce, hubspot, zendesk, intercom] = await Promise.all([
    serveLoopback(
      faults.salesforce.wrap(
        createSalesforceStandIn({
          store: world.salesforce,
          now,
          limits: tiers.salesforce,
          visibilityLagMs: () => faults.salesforce.lagMs(1_500),
          clientId,
          clientSecret,
        }),
      ),
    ),
    serveLoopback(
      faults.hubspot.wrap(
        createHubspotStandIn({
          store: world.hubspot,
          now,
          limits: tiers.hubspot,
          indexLagMs: () => faults.hubspot.lagMs(2_000),
          clientId,
          clientSecret,
          refreshToken: 'demo-refresh-token',
        }),
      ),
    ),
    serveLoopback(
      faults.zendesk.wrap(
        createZendeskStandIn({
          store: world.zendesk,
          now,
          limits: tiers.zendesk,
          auth: { clientId, clientSecret },
        }),
      ),
    ),
    serveLoopback(
      faults.intercom.wrap(
        createIntercomStandIn({
          store: world.intercom,
          now,
          limits: tiers.intercom,
          token: 'demo-intercom-token',
          searchLagMs: () => faults.intercom.lagMs(1_000),
          timeZone: options.timeZone,
        }),
      ),
    ),
  ]);

  const pushes = createPushes({
    world,
    now,
    say: options.say,
    mischief: {
      hubspot: faults.hubspot.mischief,
      zendesk: faults.zendesk.mischief,
      intercom: faults.intercom.mischief,
    },
  });
  let timer: NodeJS.Timeout | null = null;
  let working: Promise<void> = Promise.resolve();
  return {
    world,
    faults,
    sources: {
      billing: demoBillingSettings(options.billingUrl) as unknown as Record<string, unknown>,
      salesforce: { baseUrl: salesforce.url, clientId, clientSecret, changeDataCapture: true },
      hubspot: {
        baseUrl: hubspot.url,
        clientId,
        clientSecret,
        refreshToken: 'demo-refresh-token',
        webhookSecret: pushes.secrets.hubspot,
        limits: { per10s: tiers.hubspot.per10s, searchPerSecond: tiers.hubspot.searchPerSecond },
      },
      zendesk: {
        baseUrl: zendesk.url,
        clientId,
        clientSecret,
        webhookSecret: pushes.secrets.zendesk,
        limits: tiers.zendesk,
      },
      intercom: {
        baseUrl: intercom.url,
        token: 'demo-intercom-token',
        webhookSecret: pushes.secrets.intercom,
      },
      finance_files: demoFilesSettings(files) as unknown as Record<string, unknown>,
    },
    push: pushes.start,
    live(everyMs) {
      timer = setInterval(() => {
        const at = now();
        appendFileSync(journal, `${at}\n`);
        const { systems } = world.tick(at);
        working = working.then(async () => {
          try {
            // The company dates what it does by whole seconds.
            const since = Math.floor(at / 1000) * 1000 - 1;
            if (systems.includes('billing')) await followBilling(billing, world.billing, since);
            if (systems.includes('files')) await writeFiles(files, world.files);
          } catch (error) {
            options.say(`The demo's in-house systems missed a change: ${(error as Error).message}`);
          }
        });
      }, everyMs);
      timer.unref();
    },
    async close() {
      if (timer) clearInterval(timer);
      await working;
      await pushes.stop();
      await Promise.all([
        salesforce.close(),
        hubspot.close(),
        zendesk.close(),
        intercom.close(),
        billing.end({ timeout: 2 }),
      ]);
    },
  };
}

/** The company is made once: what is kept wins over what is configured. */
function readState({ folder, seed, scale, timeZone, now }: DemoOptions): State {
  const file = path.join(folder, 'demo.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as State;
  const anchorDay = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }).format(now());
  const state: State = { seed, scale, anchorDay, timeZone };
  const beside = `${file}.${process.pid}`;
  writeFileSync(beside, JSON.stringify(state, null, 2));
  renameSync(beside, file);
  return state;
}
