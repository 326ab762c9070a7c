/** A company whose CRM is HubSpot, a Herald of its own that follows it, and somebody who asks. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { rightsOf } from '../../bot/access/roles.ts';
import { createAnswerCache } from '../../bot/cache/answer-cache.ts';
import { createAnswerer } from '../../bot/commands/answer-text.ts';
import { openDatabase } from '../../db/client.ts';
import type { EmbeddedServer } from '../../db/embedded/server.ts';
import { createFaults } from '../../demo/stand-ins/faults.ts';
import { createHubspotStandIn } from '../../demo/stand-ins/hubspot/stand-in.ts';
import { hubspotPushes } from '../../demo/stand-ins/push/hubspot.ts';
import { sendPushes } from '../../demo/stand-ins/push/send-pushes.ts';
import { serveLoopback } from '../../demo/stand-ins/serve.ts';
import { storm } from '../../demo/stand-ins/storm.ts';
import { builtIn } from '../../kpi/catalogue.ts';
import type { EngineSettings } from '../../kpi/settings.ts';
import { createLog } from '../../platform/log.ts';
import { createDeals, isIn } from './deals.ts';
import { evenly } from './evenly.ts';
import { startWorker } from './start-worker.ts';

const question = 'bookings this year';
const webhookSecret = 'webhook-secret-of-the-bench';
const auth = { clientId: 'herald-bench', clientSecret: 'bench-client-secret', refreshToken: 'bench-refresh' };
/** Of the lowest tier, which Herald takes for granted. */
const limits = { per10s: 100, searchPerSecond: 5, daily: 250_000 };
/** Search is "a few moments" behind. */
const indexLagMs = 2_000;
/** What the worker's settings, which say no more than where HubSpot is, come to. */
const engine: EngineSettings = {
  catalogue: builtIn,
  calendar: { timeZone: 'UTC', weekStart: 'monday', fiscalYearStart: 'january' },
  currency: 'USD',
  minorPerUnit: 100,
  sources: [{ name: 'hubspot', title: 'HubSpot' }],
};

export type VisibleHouse = {
  /** Make this change now. */
  change(number: number): void;
  /** Ask now: which changes are in the answer? */
  ask(): Promise<(number: number) => boolean>;
  /** Cycles that have ended so far. */
  cycles(): Promise<number>;
  /** From now on calls fail, and pushes come twice and out of order. */
  storm(): void;
  /** How many of how many calls have failed since the storm began. */
  calls(): { failed: number; made: number };
  close(): Promise<void>;
};

export async function openVisibleHouse(
  server: EmbeddedServer,
  input: { name: string; folder: string; changes: number; isPushed: boolean; random: () => number },
): Promise<VisibleHouse> {
  const { name, random } = input;
  const { store, change } = createDeals(input.changes);
  const faults = createFaults({ random: evenly(random), field: 'amount' });
  const closing: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const step of closing.splice(0).reverse()) await step();
  };
  try {
    const standIn = createHubspotStandIn({ store, now: Date.now, limits, indexLagMs, ...auth });
    const faulty = faults.wrap(standIn);
    let made = 0;
    const platform = await serveLoopback((request, response) => {
      made += 1;
      faulty(request, response);
    });
    closing.push(platform.close);
    const folder = path.join(input.folder, name);
    mkdirSync(folder);
    const file = path.join(folder, 'herald.yaml');
    const hubspot = { baseUrl: platform.url, ...auth, deals: true, webhookSecret };
    // JSON is YAML.
    writeFileSync(file, JSON.stringify({ sources: { hubspot }, server: { port: 0 } }));
    await server.ensureDatabase(name);
    const worker = await startWorker({
      DATABASE_URL: server.url(name),
      HERALD_FOLDER: folder,
      HERALD_CONFIG: file,
      HERALD_LOG: 'silent',
    });
    closing.push(worker.stop);
    const db = openDatabase(server.url(name), { name: 'herald-bench', max: 1 });
    closing.push(() => db.close());
    const mischief = { twice: 0, late: 0 };
    if (input.isPushed) {
      const target = { url: `${worker.origin}/webhooks/hubspot`, secret: webhookSecret };
      const pushes = sendPushes({ store, target, kind: hubspotPushes, now: Date.now, random, mischief });
      closing.push(pushes.stop);
    }
    const now = () => new Date();
    const cache = createAnswerCache(
      null,
      createLog('silent', () => undefined),
    );
    const answerer = createAnswerer({ db, engine, cache, now });
    const asked = answerer.parse(question);
    const rights = rightsOf({ role: 'executive' });
    return {
      change,
      async ask() {
        const { value } = await answerer.answer(asked, rights);
        return (number) => isIn(value ?? 0, number);
      },
      async cycles() {
        const [row] = await db.sql<{ n: number }[]>`
          select count(*)::int as n from sync_run where state in ('SUCCESS', 'FAILED')`;
        return row!.n;
      },
      storm() {
        made = 0;
        faults.set(storm);
        Object.assign(mischief, { twice: 0.2, late: 0.3 });
      },
      calls: () => ({ made, failed: Object.values(faults.happened()).reduce((sum, n) => sum + n, 0) }),
      close,
    };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}
