/** A small living company behind faulty stand-ins, in this process: the oracle reads the very stores that they serve. */
import type { Store, Stored, World } from '../../demo/company/records.ts';
import { createWorld } from '../../demo/company/world.ts';
import { createFaults, type Faults } from '../../demo/stand-ins/faults.ts';
import { createHubspotStandIn } from '../../demo/stand-ins/hubspot/stand-in.ts';
import { createIntercomStandIn } from '../../demo/stand-ins/intercom.ts';
import { createSalesforceStandIn } from '../../demo/stand-ins/salesforce.ts';
import { serveLoopback } from '../../demo/stand-ins/serve.ts';
import { createZendeskStandIn } from '../../demo/stand-ins/zendesk/stand-in.ts';

export const systems = ['salesforce', 'hubspot', 'zendesk', 'intercom'] as const;
export type System = (typeof systems)[number];

/** What a record was, one after the other; null: it was gone. */
export type Life = (Record<string, unknown> | null)[];

export type ChaosCompany = {
  world: World;
  faults: Record<System, Faults>;
  /** As they would stand in herald.yaml. */
  sources: Record<System, Record<string, unknown>>;
  /** Every state that each record had since the company was opened: `system object id`. */
  lives: ReadonlyMap<string, Life>;
  /** Changes to records so far. */
  changes(): number;
  /** One small thing happens. */
  tick(): void;
  /** Let this much time pass at once, for the platforms. */
  advance(ms: number): void;
  aheadMs(): number;
  close(): Promise<void>;
};

const many = 10_000_000;
const auth = { clientId: 'herald-test', clientSecret: 'test-client-secret' };

export async function openChaosCompany(options: {
  seed: number;
  scale: number;
  random: () => number;
}): Promise<ChaosCompany> {
  const { random } = options;
  let ahead = 0;
  const now = () => Date.now() + ahead;
  const world = createWorld({
    seed: options.seed,
    scale: options.scale,
    timeZone: 'UTC',
    anchorDay: new Date(now()).toISOString().slice(0, 10),
  });
  const lives = new Map<string, Life>();
  let changes = 0;
  const remember = (system: System, object: string, stored: Stored) => {
    const key = `${system} ${object} ${stored.id}`;
    const life = lives.get(key) ?? [];
    life.push(stored.gone ? null : structuredClone(stored.record));
    lives.set(key, life);
  };
  for (const system of systems) {
    const store: Store = world[system];
    for (const object of objectsOf[system])
      for (const stored of store.all(object)) remember(system, object, stored);
    store.watch(({ object, id }) => {
      changes += 1;
      if (!objectsOf[system].includes(object)) return;
      const stored = store.get(object, id);
      if (stored) remember(system, object, stored);
    });
  }
  const make = (field: string) => createFaults({ random, field, latencyMs: 50 });
  const faults: Record<System, Faults> = {
    salesforce: make('LeadSource'),
    hubspot: make('lifecyclestage'),
    zendesk: make('priority'),
    intercom: make('state'),
  };
  const [salesforce, hubspot, zendesk, intercom] = await Promise.all([
    serveLoopback(
      faults.salesforce.wrap(
        createSalesforceStandIn({
          store: world.salesforce,
          now,
          limits: { dailyCalls: many },
          visibilityLagMs: () => faults.salesforce.lagMs(500),
          ...auth,
        }),
      ),
    ),
    serveLoopback(
      faults.hubspot.wrap(
        createHubspotStandIn({
          store: world.hubspot,
          now,
          limits: { per10s: many, searchPerSecond: many, daily: many },
          indexLagMs: () => faults.hubspot.lagMs(500),
          ...auth,
          refreshToken: 'test-refresh-token',
        }),
      ),
    ),
    serveLoopback(
      faults.zendesk.wrap(
        createZendeskStandIn({
          store: world.zendesk,
          now,
          limits: { perMinute: many, exportsPerMinute: many },
          // A minute in life; a second, so that a worker of this test sees changes before it is killed.
          exclusionMs: 1_000,
          auth,
        }),
      ),
    ),
    serveLoopback(
      faults.intercom.wrap(
        createIntercomStandIn({
          store: world.intercom,
          now,
          limits: { perMinute: many },
          token: 'test-intercom-token',
          searchLagMs: () => faults.intercom.lagMs(500),
        }),
      ),
    ),
  ]);
  return {
    world,
    faults,
    lives,
    sources: {
      salesforce: { baseUrl: salesforce.url, ...auth },
      hubspot: {
        baseUrl: hubspot.url,
        ...auth,
        refreshToken: 'test-refresh-token',
        limits: { per10s: many, searchPerSecond: many },
      },
      zendesk: { baseUrl: zendesk.url, ...auth, limits: { perMinute: 2 * many, exportsPerMinute: many } },
      intercom: { baseUrl: intercom.url, token: 'test-intercom-token' },
    },
    changes: () => changes,
    tick: () => void world.tick(now()),
    advance: (ms) => {
      ahead += ms;
    },
    aheadMs: () => ahead,
    async close() {
      await Promise.all([salesforce.close(), hubspot.close(), zendesk.close(), intercom.close()]);
    },
  };
}

/** Objects that are streams of the same name, record for record: those that the oracle follows. */
export const objectsOf: Record<System, readonly string[]> = {
  salesforce: [
    'Account',
    'Contact',
    'Lead',
    'Campaign',
    'CampaignMember',
    'Opportunity',
    'OpportunityHistory',
    'Task',
  ],
  hubspot: ['companies', 'contacts'],
  zendesk: ['organizations', 'tickets'],
  intercom: ['companies', 'contacts', 'conversations'],
};
