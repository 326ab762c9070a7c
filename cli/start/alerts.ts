/** Detection after counting, at most every ten minutes: what it finds is told through the outbox, once. */

import type { Directory } from '../../bot/access/directory.ts';
import { runDetection } from '../../bot/alert/run-detection.ts';
import { createAnswerCache } from '../../bot/cache/answer-cache.ts';
import { createAnswerer } from '../../bot/commands/answer-text.ts';
import type { Outbox } from '../../bot/delivery/outbox.ts';
import type { Log } from '../../platform/log.ts';
import type { House } from '../house.ts';
import type { AlertSetting } from './deliveries.ts';
import type { FrontDesk } from './front-desk.ts';

const EVERY_MS = 10 * 60_000;

export function openAlerts(input: {
  house: House;
  log: Log;
  front: FrontDesk;
  directory: Directory;
  alerts: readonly AlertSetting[];
  outbox: Outbox;
}) {
  const { house, log, front, directory, alerts, outbox } = input;
  const { db, engine, now } = house;
  let last = Number.NEGATIVE_INFINITY;
  return {
    /** Look now when ten minutes have passed, or when told to. A failure is logged: alerts never hold up the sync. */
    async run(options: { force?: boolean } = {}): Promise<void> {
      const at = now();
      if (alerts.length === 0 || (!options.force && at.getTime() - last < EVERY_MS)) return;
      last = at.getTime();
      try {
        const incidents = await runDetection({
          db,
          engine,
          settings: { rules: alerts },
          answererAt: (instant) =>
            createAnswerer({ db, engine, cache: createAnswerCache(null, log), now: () => instant }),
          directory,
          paint: front.painter,
          kick: () => outbox.kick(),
          log,
          now: at,
        });
        for (const incident of incidents)
          log.info({ kpi: incident.kpi, startedOn: incident.startedOn }, 'an incident was told');
      } catch (error) {
        log.error({ err: (error as Error).message }, 'detection failed and will be tried again');
      }
    },
  };
}
