/** `herald start [--role bot|sync|all] [--source NAME]`: serves until it is told to stop. */
import { parseArgs } from 'node:util';
import { tellTrouble } from '../bot/alert/tell-trouble.ts';
import { HeraldError } from '../platform/errors.ts';
import type { Source } from '../sync/source.ts';
import { wholeGraph } from './consumers.ts';
import { asHeraldError, openHouse } from './house.ts';
import { type OpenBot, openBot } from './start/bot.ts';
import { checkDefinitions } from './start/check-definitions.ts';
import { countEvents } from './start/event-counters.ts';
import { startFeeds } from './start/feeds.ts';
import { greet } from './start/greet.ts';
import { createHealth } from './start/health.ts';
import { type Route, serve } from './start/http.ts';
import { createMetrics } from './start/metrics.ts';
import { announce } from './start/presence.ts';
import { say } from './start/progress.ts';
import { retainDaily } from './start/retention.ts';
import { openRunQueue, type RunQueue } from './start/run-queue.ts';
import { openRunsApi } from './start/runs-api.ts';
import { type SyncLoops, startLoops } from './start/sync-loops.ts';
import { createTally, type Tally } from './start/tally.ts';
import { watchTroubles } from './start/troubles.ts';
import { createWebhooks } from './start/webhooks.ts';
import type { Verb } from './verb.ts';
import { createWorkshop } from './workshop.ts';

const roles = ['bot', 'sync', 'all'] as const;
type RunRole = (typeof roles)[number];

/** Between two looks at a source without a schedule: 60 s of freshness are aimed at, lags included. */
const EVERY_MS = 20_000;
/** The demo company changes this often. */
const TICK_MS = 4_000;

export const start: Verb = async (tools) => {
  const { values } = parseArgs({
    args: [...tools.args],
    options: { role: { type: 'string', default: 'all' }, source: { type: 'string' } },
  });
  const role = values.role as RunRole;
  if (!roles.includes(role))
    throw new HeraldError('ask', `--role takes ${roles.join(', ')}; not "${values.role}".`);
  const config = tools.config();
  const { terminal, signal } = tools;
  checkDefinitions(config, tools.now());
  const log = tools.log();
  const demo = config.mode === 'demo';
  if (demo) {
    terminal.say(
      'Herald demo: a synthetic company behind stand-ins of Salesforce, HubSpot, Zendesk, Intercom, Slack and Teams.',
    );
    terminal.say(
      'Nothing leaves this machine. Write a herald.yaml (see herald.example.yaml) to connect real systems.\n',
    );
  }
  try {
    const house = await openHouse(config, tools.now, terminal.say, { max: 10, name: `herald-${role}` });
    const close: (() => Promise<void>)[] = [() => house.close()];
    let bot: OpenBot | null = null;
    let loops: SyncLoops | null = null;
    let runQueue: RunQueue | null = null;
    let tally: Tally | null = null;
    let counted: ReturnType<typeof countEvents> = () => [];
    try {
      const leave = await announce(house.db, tools.processId);
      close.push(leave);
      let stopping = false;
      const routes: Route[] = [];
      const health = createHealth({
        house,
        loops: () => loops?.states() ?? [],
        tally: () => tally?.() ?? {},
        stopping: () => stopping,
      });
      for (const path of ['/livez', '/readyz', '/health']) routes.push({ path, listener: health });
      routes.push({ path: '/metrics', listener: createMetrics({ house, counted: () => counted() }) });
      if (role !== 'bot') {
        const runs = openRunsApi(house.db, () => runQueue, log);
        for (const path of ['/runs', '/runs/']) routes.push({ path, listener: runs });
      }
      let settings: Readonly<Record<string, unknown>> = config.sources;
      const webhooks = createWebhooks({
        db: house.db,
        sources: () => settings,
        // The demo's platforms call this machine, wherever the configuration says that we are.
        publicUrl: demo ? null : (config.server.publicUrl ?? null),
        now: tools.now,
        log,
      });
      routes.push({ path: '/webhooks/', listener: webhooks });
      const served = await serve(() => routes, {
        host: config.server.host,
        port: config.server.port,
        orAnother: demo,
      });
      close.push(() => served.close());

      const company =
        demo && role !== 'bot' ? await tools.demo.openCompany(config, house.server, tools) : null;
      if (company) close.push(() => company.close());
      if (role !== 'sync') {
        bot = await openBot({ house, tools, origin: served.origin, log });
        const opened = bot;
        close.push(() => opened.close());
        routes.push(...bot.routes);
      }
      if (role !== 'bot') {
        const { openSource } = await import('../sync/sources/registry.ts');
        settings = company?.sources ?? config.sources;
        const names = Object.keys(settings).filter(
          (name) => values.source === undefined || name === values.source,
        );
        if (names.length === 0)
          throw new HeraldError(
            'setup',
            values.source
              ? `There is no source "${values.source}".`
              : 'No source is configured: name one in herald.yaml.',
          );
        const sources: { source: Source; schedule: string | undefined }[] = [];
        for (const name of names) {
          sources.push({
            source: await openSource({
              name,
              settings: settings[name],
              companyCurrency: config.company.currency,
              timeZone: config.company.timeZone,
            }),
            schedule: (settings[name] as { schedule?: string }).schedule,
          });
        }
        const workshop = createWorkshop(house, tools);
        wholeGraph(sources.map(({ source }) => source));
        tally = createTally(workshop.events);
        counted = countEvents(workshop.events);
        const targets = bot?.deliveries.operations ?? config.operations.targets;
        watchTroubles({
          events: workshop.events,
          titles: workshop.titles ?? {},
          now: tools.now,
          tell: (trouble) =>
            tellTrouble(house.db, trouble, targets).catch((error: Error) =>
              log.warn({ trouble: trouble.key, err: error.message }, 'trouble could not be told'),
            ),
        });
        loops = startLoops(workshop, {
          sources,
          atOnce: 2,
          everyMs: EVERY_MS,
          onProgress: (states) => say(terminal, states),
          onCounted: async () => {
            await bot?.afterCounting();
          },
        });
        const working = loops;
        close.push(() => working.stop());
        void retainDaily(house.db, {
          ...config.retention,
          now: tools.now,
          holder: tools.processId,
          log,
          signal,
        });
        const asked = await openRunQueue(workshop, sources, working);
        runQueue = asked;
        close.push(() => asked.close());
        const feeds = await startFeeds(
          workshop,
          sources.map(({ source }) => source),
          working,
        );
        close.push(() => feeds.stop());
      }
      if (demo) {
        // Beside the work, not before it: the service is up whatever the greeting waits for.
        void greet({ house, tools, loops, bot, origin: served.origin }).catch((error: Error) => {
          if (!signal.aborted) terminal.say(`The first question could not be answered: ${error.message}`);
        });
      } else terminal.say(`Herald ${role} serves at ${served.origin}`);
      if (company && config.demo.live && loops) {
        const lives = company;
        void loops.firstRound.then(() => {
          lives.push(served.origin);
          lives.live(TICK_MS);
        });
      }
      await new Promise<void>((resolve) => {
        if (signal.aborted) resolve();
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
      stopping = true;
      terminal.say('Stopping …');
      return 0;
    } finally {
      for (const step of close.reverse()) {
        try {
          await step();
        } catch (error) {
          log.warn({ err: (error as Error).message }, 'while stopping');
        }
      }
    }
  } catch (thrown) {
    throw asHeraldError(thrown);
  }
};
