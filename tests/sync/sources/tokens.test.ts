/** Tokens that run out, rotate and are taken back: the same for every source that has such. */
import { afterEach, describe, expect, it } from 'vitest';
import { createStore } from '../../../demo/company/store.ts';
import { createHubspotStandIn } from '../../../demo/stand-ins/hubspot/stand-in.ts';
import { createSalesforceStandIn } from '../../../demo/stand-ins/salesforce.ts';
import { createZendeskStandIn } from '../../../demo/stand-ins/zendesk/stand-in.ts';
import type { ReadContext, Source } from '../../../sync/source.ts';
import { createHubspotSource } from '../../../sync/sources/hubspot/source.ts';
import { createSalesforceSource } from '../../../sync/sources/salesforce/create-salesforce-source.ts';
import { createZendeskSource } from '../../../sync/sources/zendesk/source.ts';
import { anchor, type Clock, faultOf, makeReadingWorld } from './reading-world.ts';

type World = Awaited<ReturnType<typeof makeReadingWorld>> & { make: () => Source };
const app = { clientId: 'id', clientSecret: 'secret-of-app' };

/** Its source signs in by OAuth; `refreshToken` is what the platform takes. */
type Platform = {
  name: string;
  stream: string;
  /** Where the refresh token is kept; null for one that has none. */
  keptAs: string | null;
  open(refreshToken: string): Promise<World>;
};

async function open(
  clock: Clock,
  listener: Parameters<typeof makeReadingWorld>[1],
  make: (url: string) => Source,
) {
  const world = await makeReadingWorld(clock, listener, make);
  return { ...world, make: () => make(world.url) };
}

const platforms: Platform[] = [
  {
    name: 'Salesforce',
    stream: 'Account',
    keptAs: 'salesforce.refresh_token',
    async open(refreshToken) {
      const clock = { now: anchor };
      const common = { store: createStore(), now: () => clock.now, limits: { dailyCalls: 100_000 } };
      const standIn = createSalesforceStandIn({ ...common, ...app, visibilityLagMs: 3000, refreshToken });
      const world = await open(clock, standIn, (baseUrl) =>
        createSalesforceSource({ baseUrl, ...app, companyCurrency: 'EUR' }),
      );
      // A user's authorisation is kept, never configured.
      world.secrets.set('salesforce.refresh_token', 'first');
      return world;
    },
  },
  {
    name: 'HubSpot',
    stream: 'owners',
    keptAs: 'hubspot.refresh_token',
    open(refreshToken) {
      const clock = { now: anchor };
      const limits = { per10s: 1_000, searchPerSecond: 5, daily: 250_000 };
      const common = { store: createStore(), now: () => clock.now, limits, indexLagMs: 0 };
      const standIn = createHubspotStandIn({ ...common, ...app, refreshToken, rotates: true });
      return open(clock, standIn, (baseUrl) =>
        createHubspotSource({
          baseUrl,
          ...app,
          refreshToken: 'first',
          limits: { per10s: 1_000, searchPerSecond: 5 },
        }),
      );
    },
  },
  {
    name: 'Zendesk',
    stream: 'agents',
    keptAs: null,
    open(refreshToken) {
      const clock = { now: anchor };
      const limits = { perMinute: 2_500, exportsPerMinute: 30 };
      const auth = refreshToken === 'first' ? app : { ...app, clientSecret: 'another' };
      const standIn = createZendeskStandIn({ store: createStore(), now: () => clock.now, limits, auth });
      return open(clock, standIn, (baseUrl) => createZendeskSource({ baseUrl, ...app, limits }));
    },
  },
];

const isToken = (path: string) => /\/tokens?$/.test(path);

describe.each(platforms)('tokens of $name', ({ name, stream, keptAs, open: openPlatform }) => {
  let world: World;
  afterEach(() => world.close());
  const read = async (source: Source, context: ReadContext = world.context) => {
    for await (const _ of source.read(stream, 'backfill', null, context));
  };

  it('are renewed once for twenty calls that are refused together', async () => {
    world = await openPlatform('first');
    await read(world.source);
    // Nearly out: the platform refuses what the source still holds for good.
    let refused = 0;
    const together = Promise.withResolvers<void>();
    const stale = new Set<string>();
    const refusing: ReadContext = {
      ...world.context,
      async fetch(url, init) {
        const token = Object.entries(init.headers ?? {}).find(([key]) => /^authorization$/i.test(key))?.[1];
        if (isToken(new URL(url).pathname) || !token) return world.context.fetch(url, init);
        if (stale.size === 0) stale.add(token);
        if (!stale.has(token)) return world.context.fetch(url, init);
        // Some are told sooner, some later, when the new token is long there.
        if (++refused === 20) together.resolve();
        if (refused > 10) await together.promise;
        const spoiled = Object.fromEntries(
          Object.entries(init.headers ?? {}).map(([key, value]) => [
            key,
            /^authorization$/i.test(key) ? 'Bearer x' : value,
          ]),
        );
        return world.context.fetch(url, { ...init, headers: spoiled });
      },
    };
    world.calls.length = 0;
    await Promise.all(Array.from({ length: 20 }, () => read(world.source, refusing)));
    expect([refused, world.calls.filter(({ path }) => isToken(path)).length]).toEqual([20, 1]);
  });

  it('that are refused for good end in one fault that says what to do', async () => {
    world = await openPlatform('another');
    const fault = await faultOf(read(world.source));
    expect([fault.kind, world.calls.length]).toEqual(['auth_revoked', 1]);
    expect(fault.message).toMatch(/again|check/i);
    expect(fault.message).not.toContain('secret-of-app');
  });

  if (keptAs === null) return;

  it('that rotate are kept before anything is asked with them', async () => {
    world = await openPlatform('first');
    const full: ReadContext = {
      ...world.context,
      secrets: {
        ...world.context.secrets,
        save: async () => {
          throw new Error('the disk is full');
        },
      },
    };
    await expect(read(world.source, full)).rejects.toThrow('the disk is full');
    expect(world.calls.map(({ path }) => isToken(path))).toEqual([true]);
  });

  it('that rotate outlive a worker that is killed before their first use', async () => {
    world = await openPlatform('first');
    const killed: ReadContext = {
      ...world.context,
      fetch: async (url, init) => {
        if (isToken(new URL(url).pathname)) return world.context.fetch(url, init);
        throw new Error('killed');
      },
    };
    await expect(read(world.source, killed)).rejects.toThrow('killed');
    const kept = world.secrets.get(keptAs);
    expect(kept).not.toBe('first');
    await read(world.make());
    expect(world.secrets.get(keptAs)).not.toBe(kept);
  });

  it('that rotate are asked for once, for a second answer would lock us out', async () => {
    world = await openPlatform('first');
    let asked = 0;
    const broken: ReadContext = {
      ...world.context,
      fetch: (url, init) => {
        if (isToken(new URL(url).pathname)) asked = init.retries ?? Number.NaN;
        return world.context.fetch(url, init);
      },
    };
    asked = -1;
    await read(world.source, broken);
    expect([name, asked]).toEqual([name, 0]);
  });
});

describe('an app that was connected again', () => {
  it('is read with its new refresh token, though an older one was kept', async () => {
    const world = await platforms[1]!.open('first');
    try {
      world.secrets.set('hubspot.refresh_token', 'of the old connection');
      for await (const _ of world.source.read('owners', 'backfill', null, world.context));
      expect(world.secrets.get('hubspot.refresh_token')).toMatch(/^hs-refresh-/);
    } finally {
      await world.close();
    }
  });
});
