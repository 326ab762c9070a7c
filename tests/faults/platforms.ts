/** The four platforms of the chaos company: stand-ins that misbehave, and no limit that would slow a worker down. */
import type { World } from '../../demo/company/records.ts';
import { createFaults, type Faults } from '../../demo/stand-ins/faults.ts';
import { createHubspotStandIn } from '../../demo/stand-ins/hubspot/stand-in.ts';
import { createIntercomStandIn } from '../../demo/stand-ins/intercom.ts';
import { createSalesforceStandIn } from '../../demo/stand-ins/salesforce.ts';
import { serveLoopback } from '../../demo/stand-ins/serve.ts';
import { createZendeskStandIn } from '../../demo/stand-ins/zendesk/stand-in.ts';
import type { Followed } from './followed.ts';

export const platforms = ['salesforce', 'hubspot', 'zendesk', 'intercom'] as const;
export type Platform = (typeof platforms)[number];

export type Platforms = {
  faults: Record<Platform, Faults>;
  /** As they would stand in herald.yaml. */
  settings: Record<Platform, Record<string, unknown>>;
  close(): Promise<void>;
};

const many = 10_000_000;
const auth = { clientId: 'herald-test', clientSecret: 'test-client-secret' };
const refreshToken = 'test-refresh-token';
const token = 'test-intercom-token';

export async function openPlatforms(input: {
  world: World;
  now: () => number;
  random: () => number;
  webhookSecret: string;
}): Promise<Platforms> {
  const { world, now, random, webhookSecret } = input;
  const make = (field: string) => createFaults({ random, field, latencyMs: 50 });
  const faults = {
    salesforce: make('LeadSource'),
    hubspot: make('lifecyclestage'),
    zendesk: make('priority'),
    intercom: make('state'),
  };
  const standIns = {
    salesforce: createSalesforceStandIn({
      store: world.salesforce,
      now,
      limits: { dailyCalls: many },
      visibilityLagMs: () => faults.salesforce.lagMs(500),
      ...auth,
    }),
    hubspot: createHubspotStandIn({
      store: world.hubspot,
      now,
      limits: { per10s: many, searchPerSecond: many, daily: many },
      indexLagMs: () => faults.hubspot.lagMs(500),
      ...auth,
      refreshToken,
    }),
    zendesk: createZendeskStandIn({
      store: world.zendesk,
      now,
      limits: { perMinute: many, exportsPerMinute: many },
      // A minute in life; a second, so that a worker of this test sees changes before it is killed.
      exclusionMs: 1_000,
      auth,
    }),
    intercom: createIntercomStandIn({
      store: world.intercom,
      now,
      limits: { perMinute: many },
      token,
      searchLagMs: () => faults.intercom.lagMs(500),
    }),
  };
  const served = Object.fromEntries(
    await Promise.all(
      platforms.map(async (name) => [name, await serveLoopback(faults[name].wrap(standIns[name]))] as const),
    ),
  ) as Record<Platform, Awaited<ReturnType<typeof serveLoopback>>>;
  return {
    faults,
    settings: {
      salesforce: { baseUrl: served.salesforce.url, ...auth },
      hubspot: {
        baseUrl: served.hubspot.url,
        ...auth,
        refreshToken,
        webhookSecret,
        limits: { per10s: many, searchPerSecond: many },
      },
      zendesk: {
        baseUrl: served.zendesk.url,
        ...auth,
        webhookSecret,
        limits: { perMinute: 2 * many, exportsPerMinute: many },
      },
      intercom: { baseUrl: served.intercom.url, token, webhookSecret },
    },
    async close() {
      await Promise.all(Object.values(served).map((one) => one.close()));
    },
  };
}

/** Objects that are streams of the same name, record for record: those that the oracle follows. */
const objects: Record<Platform, readonly string[]> = {
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

export const followedOf = (world: World): Followed[] =>
  platforms.flatMap((source) =>
    objects[source].map((object) => ({ source, stream: object, store: world[source], object })),
  );
