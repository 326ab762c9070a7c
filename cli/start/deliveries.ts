/** What leaves the house: schedules, queue, digests, alerts and the outbox, wired to the transports there are. */
import { randomUUID } from 'node:crypto';
import { type AccessSettings, createDirectory } from '../../bot/access/directory.ts';
import { createAnswerCache } from '../../bot/cache/answer-cache.ts';
import { createAnswerer } from '../../bot/commands/answer-text.ts';
import { createOutbox, type Outbox } from '../../bot/delivery/outbox.ts';
import type { Senders } from '../../bot/delivery/sender.ts';
import { createMailSender } from '../../bot/delivery/senders/mail.ts';
import { createSlackSender } from '../../bot/delivery/senders/slack.ts';
import { createTeamsSender } from '../../bot/delivery/senders/teams.ts';
import { digestOnSlot, workDigests } from '../../bot/digest/digest-jobs.ts';
import { createDigestRunner, type DigestRunner } from '../../bot/digest/run-digest.ts';
import type { SlackTransport } from '../../bot/transports/slack/create-slack-transport.ts';
import type { TeamsTransport } from '../../bot/transports/teams/transport.ts';
import { previousSlot } from '../../platform/due-slot.ts';
import type { Log } from '../../platform/log.ts';
import { openQueue } from '../../platform/queue.ts';
import { createScheduler, syncSchedules } from '../../platform/schedule.ts';
import type { House } from '../house.ts';
import type { OpenPlatforms, Target, Tools } from '../verb.ts';
import { openAlerts } from './alerts.ts';
import type { FrontDesk } from './front-desk.ts';

export type Deliveries = {
  runner: DigestRunner;
  outbox: Outbox;
  /** Look for anomalies in what was just counted; alerts go through the outbox. */
  detect(): Promise<void>;
  /** Who is told of Herald's own trouble. */
  operations: readonly Target[];
  /** The demo's first visit: last Monday's digest is there, and what is unusual. */
  firstImpression(): Promise<void>;
  close(): Promise<void>;
};

export type MailSettings = {
  host: string;
  port: number;
  secure: boolean;
  user?: string | undefined;
  password?: string | undefined;
  from: string;
};

export type DeliveriesInput = {
  house: House;
  tools: Tools;
  log: Log;
  front: FrontDesk;
  access: AccessSettings;
  slack: SlackTransport | null;
  teams: Promise<TeamsTransport> | null;
  mailSettings: MailSettings | null;
  platforms: OpenPlatforms | null;
  deliver: boolean;
};

export type DigestSetting = {
  name: string;
  title: string;
  cron: string;
  timeZone?: string | undefined;
  role: 'executive' | 'manager' | 'analyst' | 'viewer';
  kpis: readonly string[];
  targets: readonly Target[];
};
export type AlertSetting = {
  kpis: readonly string[];
  targets: readonly Target[];
  above?: number | undefined;
  below?: number | undefined;
};

/** The demo's digests and alerts, as they would stand in herald.yaml. */
export function demoDeliveries({ targets }: Pick<OpenPlatforms, 'targets'>): {
  digests: DigestSetting[];
  alerts: AlertSetting[];
  operations: { targets: Target[] };
} {
  return {
    digests: [
      {
        name: 'executive',
        title: 'Executive digest',
        cron: '0 8 * * 1',
        role: 'executive',
        kpis: [
          'mrr last week',
          'churn last quarter',
          'nrr',
          'bookings last week',
          'win rate last month',
          'open pipeline last week',
          'mqls last week',
          'csat last month',
          'tickets created last week',
        ],
        targets: [targets.executive, targets.board],
      },
    ],
    alerts: [{ kpis: ['tickets_created', 'bookings', 'mqls', 'conversations'], targets: [targets.support] }],
    operations: { targets: [targets.operations] },
  };
}

export async function openDeliveries(input: DeliveriesInput): Promise<Deliveries> {
  const { house, tools, log, front, access, slack, teams, mailSettings, platforms, deliver } = input;
  const { config, db, engine } = house;
  const { digests, alerts, operations } = platforms ? demoDeliveries(platforms) : config;
  const directory = createDirectory(access);
  const mail = mailSettings
    ? (await import('../../bot/transports/mail/transport.ts')).createMailTransport({ ...mailSettings, log })
    : null;
  const senders: Senders = {
    ...(slack ? { slack: createSlackSender(slack, log) } : {}),
    ...(teams ? { teams: createTeamsSender({ post: async (...args) => (await teams).post(...args) }) } : {}),
    ...(mail ? { mail: createMailSender(mail) } : {}),
  };
  const outbox = createOutbox({ db, senders, directory, log, newId: randomUUID });
  const runner = createDigestRunner({
    db,
    answererAt: (now) => createAnswerer({ db, engine, cache: createAnswerCache(null, log), now: () => now }),
    engine,
    directory,
    paint: front.painter,
    kick: () => {
      if (deliver) outbox.kick();
    },
    log,
  });
  await syncSchedules(
    db,
    digests.map(({ name, title, cron, timeZone, role, kpis, targets }) => ({
      name,
      kind: 'digest',
      cron,
      timeZone: timeZone ?? config.company.timeZone,
      definition: { title, role, kpis, targets },
    })),
  );
  const detection = openAlerts({ house, log, front, directory, alerts, outbox });
  const running = deliver ? await runService() : null;

  async function runService() {
    const queue = await openQueue(db.url, { log });
    await workDigests({ db, queue, runner, log });
    const scheduler = createScheduler({ db, onSlot: digestOnSlot(queue), log, kinds: ['digest'] });
    scheduler.start();
    outbox.start();
    detection.start();
    return { queue, scheduler };
  }

  return {
    runner,
    outbox,
    operations: operations.targets,
    detect: () => detection.run(),
    async firstImpression() {
      await detection.run({ force: true });
      const [first] = digests;
      const slot = first ? previousSlot(first.cron, config.company.timeZone, tools.now()) : null;
      if (first && slot) await runner.run(first.name, slot);
    },
    async close() {
      await detection.stop();
      await running?.scheduler.stop();
      await running?.queue.close();
      await outbox.stop();
    },
  };
}
