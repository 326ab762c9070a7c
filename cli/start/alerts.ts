/** Detection after counting and on a beat of its own: what it finds is told through the outbox, once over all replicas. */

import type { Directory } from '../../bot/access/directory.ts';
import { createDetector } from '../../bot/alert/detector.ts';
import { createAnswerCache } from '../../bot/cache/answer-cache.ts';
import { createAnswerer } from '../../bot/commands/answer-text.ts';
import type { Outbox } from '../../bot/delivery/outbox.ts';
import type { Log } from '../../platform/log.ts';
import type { House } from '../house.ts';
import type { AlertSetting } from './deliveries.ts';
import type { FrontDesk } from './front-desk.ts';

/** A bot without a sync beside it hears of no counting. The detector's own pause decides who of all looks. */
const BEAT_MS = 5 * 60_000;

export type Alerts = {
  /** A failure is logged: alerts never hold up the sync. */
  run(options?: { force?: boolean }): Promise<void>;
  /** Look from now on without being told to. */
  start(): void;
  stop(): Promise<void>;
};

export function openAlerts(input: {
  house: House;
  log: Log;
  front: FrontDesk;
  directory: Directory;
  alerts: readonly AlertSetting[];
  outbox: Outbox;
}): Alerts {
  const { house, log, front, directory, alerts, outbox } = input;
  const { db, engine, now, config } = house;
  const detector = createDetector({
    db,
    engine,
    settings: { rules: alerts, holidays: config.company.holidays },
    answererAt: (instant) =>
      createAnswerer({ db, engine, cache: createAnswerCache(null, log), now: () => instant }),
    directory,
    paint: front.painter,
    kick: () => outbox.kick(),
    log,
    now,
  });
  let beat: NodeJS.Timeout | null = null;
  let looking: Promise<void> = Promise.resolve();

  async function look(options?: { force?: boolean }): Promise<void> {
    if (alerts.length === 0) return;
    for (const { kpi, startedOn } of await detector.look(options))
      log.info({ kpi, startedOn }, 'an incident was told');
  }
  const run = (options?: { force?: boolean }) => {
    looking = looking.then(() => look(options));
    return looking;
  };
  return {
    run,
    start() {
      beat = setInterval(() => void run(), BEAT_MS);
      beat.unref();
    },
    async stop() {
      if (beat) clearInterval(beat);
      await looking;
    },
  };
}
