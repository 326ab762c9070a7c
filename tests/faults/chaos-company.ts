/** A small living company behind faulty systems, in this process: the oracle reads the very stores that they serve. */
import { setTimeout as pause } from 'node:timers/promises';
import type { World } from '../../demo/company/records.ts';
import { createWorld } from '../../demo/company/world.ts';
import { createFaults, type Faults } from '../../demo/stand-ins/faults.ts';
import { type Followed, type Life, recordLives } from './followed.ts';
import { openInHouse } from './in-house/open-in-house.ts';
import { followedOf, openPlatforms, type Platform, platforms } from './platforms.ts';
import { startPushes } from './pushes.ts';

export type ChaosCompany = {
  world: World;
  /** By source; the ledger and the files have ways of their own. */
  faults: Readonly<Record<Platform, Faults> & { ad_network?: Faults }>;
  /** As they would stand in herald.yaml. */
  sources: Record<string, Record<string, unknown>>;
  followed: readonly Followed[];
  lives: ReadonlyMap<string, Life>;
  /** Changes to records so far. */
  changes(): number;
  /** Small things happen, one every so many milliseconds, until they are told to stop. */
  live(everyMs: number): { stop(): Promise<void> };
  /** Let this much time pass at once, for the platforms. */
  advance(ms: number): void;
  aheadMs(): number;
  /** The platforms push to this address from now on. */
  pushTo(origin: string): void;
  pushesLost(): number;
  close(): Promise<void>;
};

const webhookSecret = 'webhook-secret-of-the-test';

/** `ledgerUrl`: of an empty database; with it the company has in-house systems as well, and its platforms push. */
export async function openChaosCompany(options: {
  seed: number;
  scale: number;
  random: () => number;
  ledgerUrl?: string;
}): Promise<ChaosCompany> {
  const { random, ledgerUrl } = options;
  let ahead = 0;
  const now = () => Date.now() + ahead;
  const world = createWorld({
    seed: options.seed,
    scale: options.scale,
    timeZone: 'UTC',
    // Its history ends with the anchor day: today's would have records that no platform shows before tonight.
    anchorDay: new Date(now() - 86_400_000).toISOString().slice(0, 10),
  });
  const opened = await openPlatforms({ world, now, random, webhookSecret });
  const adFaults = createFaults({ random, field: 'amount' });
  const inHouse =
    ledgerUrl === undefined ? null : await openInHouse({ world, ledgerUrl, adFaults, at: now(), random });
  const pushes = inHouse && startPushes({ world, secret: webhookSecret, now, random });
  const inHouseSystems = inHouse?.systems ?? [];
  const followed = [...followedOf(world), ...inHouseSystems.flatMap((system) => system.followed)];
  let changes = 0;
  for (const store of new Set([...platforms.map((name) => world[name]), ...followed.map((one) => one.store)]))
    store.watch(() => {
      changes += 1;
    });
  return {
    world,
    faults: inHouse ? { ...opened.faults, ad_network: adFaults } : opened.faults,
    sources: {
      ...opened.settings,
      ...Object.fromEntries(inHouseSystems.map(({ source, settings }) => [source, settings])),
    },
    followed,
    lives: recordLives(followed),
    changes: () => changes,
    live(everyMs) {
      const life = setInterval(() => {
        world.tick(now());
        inHouse?.change(now());
      }, everyMs);
      let isOver = false;
      const writing = (async () => {
        for (; inHouse && !isOver; await pause(4 * everyMs)) await inHouse.write();
        await inHouse?.write(true);
      })();
      // Looked at when it stops.
      writing.catch(() => undefined);
      return {
        async stop() {
          clearInterval(life);
          isOver = true;
          await writing;
        },
      };
    },
    advance: (ms) => {
      ahead += ms;
    },
    aheadMs: () => ahead,
    pushTo: (origin) => pushes?.to(origin),
    pushesLost: () => pushes?.lost() ?? 0,
    async close() {
      await pushes?.stop();
      await inHouse?.close();
      await opened.close();
    },
  };
}
