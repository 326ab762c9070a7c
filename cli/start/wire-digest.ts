/** What `herald digest` works with. In the demo a running service delivers; without one, the platforms are opened here. */
import { setTimeout as pause } from 'node:timers/promises';
import type { DigestWiring } from '../digest.ts';
import { openHouse } from '../house.ts';
import type { Tools } from '../verb.ts';
import { openBot } from './bot.ts';
import { type Route, serve } from './http.ts';
import { isServing } from './presence.ts';

export async function wireDigest(tools: Tools): Promise<DigestWiring> {
  const config = tools.config();
  const house = await openHouse(config, tools.now, tools.terminal.say, { name: 'herald-digest' });
  const routes: Route[] = [];
  const served = await serve(() => routes, { host: '127.0.0.1', port: 0, orAnother: true });
  try {
    const elsewhere = await isServing(house.db);
    const bot = await openBot({ house, tools, origin: served.origin, log: tools.log(), deliver: !elsewhere });
    routes.push(...bot.routes);
    if (elsewhere) tools.terminal.say('A running Herald delivers it.');
    return {
      db: house.db,
      runner: bot.deliveries.runner,
      outbox: elsewhere ? { deliverDue: async () => 0 } : bot.deliveries.outbox,
      wait: (ms) => pause(ms),
      async close() {
        await bot.close();
        await served.close();
        await house.close();
      },
    };
  } catch (thrown) {
    await served.close();
    await house.close();
    throw thrown;
  }
}
