/** The bot's role: desk, transports and deliveries, wired from configuration or from the demo's stand-ins. */
import type { RequestListener } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { createDirectory } from '../../bot/access/directory.ts';
import { createSeenRequests } from '../../bot/access/seen-requests.ts';
import { isTableRequest } from '../../bot/commands/asked-table.ts';
import type { Desk } from '../../bot/commands/command.ts';
import type { Given } from '../../bot/commands/given-answers.ts';
import { mostRecords } from '../../bot/commands/tables.ts';
import { createSignedFiles } from '../../bot/transports/http/signed-files.ts';
import type { SlackTransport } from '../../bot/transports/slack/create-slack-transport.ts';
import type { Reference } from '../../bot/transports/teams/port.ts';
import type { TeamsTransport } from '../../bot/transports/teams/transport.ts';
import type { Log } from '../../platform/log.ts';
import { installationKey } from '../../platform/secrets.ts';
import type { House } from '../house.ts';
import type { OpenPlatforms, Tools } from '../verb.ts';
import { type Deliveries, openDeliveries } from './deliveries.ts';
import { type FrontDesk, openFrontDesk } from './front-desk.ts';
import type { Route } from './http.ts';

export type OpenBot = {
  routes: Route[];
  front: FrontDesk;
  deliveries: Deliveries;
  /** After new data was counted: vocabulary and detection. */
  afterCounting(): Promise<void>;
  /** After everything was read once: the demo's first digest. */
  afterFirstRound(): Promise<void>;
  close(): Promise<void>;
};

export type BotInput = {
  house: House;
  tools: Tools;
  /** Where the one HTTP server listens. */
  origin: string;
  log: Log;
  /** False: write deliveries, leave sending and schedules to the Herald that serves. */
  deliver?: boolean;
};

export async function openBot({ house, tools, origin, log, deliver = true }: BotInput): Promise<OpenBot> {
  const { config, db, now } = house;
  const routes: Route[] = [];
  let front: FrontDesk | null = null;
  const platforms: OpenPlatforms | null =
    config.mode === 'demo'
      ? await tools.demo.openPlatforms({
          config,
          now,
          random: tools.random,
          origin: () => origin,
          log,
          complete: async (prefix, personId) =>
            front?.desk.complete(prefix, { platform: 'slack', id: personId, name: personId }) ?? [],
        })
      : null;
  const access = platforms ? { ...config.access, ...platforms.access } : config.access;
  front = await openFrontDesk(house, access, log);
  const { desk } = front;

  const publicUrl = config.server.publicUrl ?? (platforms ? origin : null);
  const files = publicUrl
    ? createSignedFiles({ db, key: installationKey(config.secretKey, config.folder), publicUrl, now })
    : null;
  if (files) routes.push({ path: '/files/', listener: files.listener });

  const slackSettings = platforms
    ? {
        botToken: platforms.slack.botToken,
        signingSecret: platforms.slack.signingSecret,
        apiUrl: platforms.slack.apiUrl(),
      }
    : config.slack;
  const slack = slackSettings ? await openSlack(slackSettings) : null;
  if (slack) routes.push({ path: '/slack/events', listener: slack.listener });

  const teamsSettings = platforms
    ? { appId: platforms.teams.appId, tenantId: platforms.teams.tenantId, auth: platforms.teams.auth }
    : config.teams;
  // Two seconds of loading that no other transport should wait for: the route is there at once and waits itself.
  const teams = teamsSettings ? openTeams(teamsSettings, desk) : null;
  if (teams) routes.push({ path: '/api/messages', listener: whenReady(teams, log) });
  const mailSettings = platforms ? platforms.mail : (config.mail ?? null);
  const deliveries = await openDeliveries({
    house,
    tools,
    log,
    front,
    access,
    slack,
    teams,
    mailSettings,
    platforms,
    deliver,
  });
  if (platforms)
    routes.push(
      { path: '/', listener: platforms.listener },
      { path: '/demo/', listener: platforms.listener },
      { path: '/demo', listener: platforms.listener },
    );

  async function openSlack(settings: {
    botToken: string;
    signingSecret: string;
    apiUrl?: string | undefined;
  }): Promise<SlackTransport> {
    const [{ createSlackTransport }, { createPresent }] = await Promise.all([
      import('../../bot/transports/slack/create-slack-transport.ts'),
      import('../../bot/transports/slack/present-reply.ts'),
    ]);
    return createSlackTransport({
      desk,
      present: createPresent(),
      signingSecret: settings.signingSecret,
      botToken: settings.botToken,
      ...(settings.apiUrl ? { slackApiUrl: settings.apiUrl } : {}),
      publicUrl,
      pictureUrl: async (answerId) => pictureOf(answerId),
      seen: createSeenRequests(db),
      now,
      wait: (ms) => pause(ms),
      log,
    });
  }

  const directory = createDirectory(access);

  async function pictureOf(answerId: string): Promise<string | null> {
    const [row] = await db.sql<
      { question: Given; asker: string }[]
    >`select question, asker from given_answer where id = ${answerId}`;
    if (!row || !files || !front) return null;
    // Rights are read again: they may have changed since the answer was given.
    const rights = directory.person({ platform: 'slack', id: row.asker, name: row.asker });
    const { png } = await front.painter.png(
      isTableRequest(row.question)
        ? await front.tables.read(row.question, rights, mostRecords.shown)
        : await front.answerer.answer(row.question, rights),
    );
    return files.host({ mime: 'image/png', bytes: png });
  }

  async function openTeams(
    settings: {
      appId: string;
      appPassword?: string | undefined;
      tenantId?: string | undefined;
      auth?: OpenPlatforms['teams']['auth'];
    },
    to: Desk,
  ): Promise<TeamsTransport> {
    const [{ createTeamsTransport }, { createTeamsPresent }] = await Promise.all([
      import('../../bot/transports/teams/transport.ts'),
      import('../../bot/transports/teams/present-reply.ts'),
    ]);
    return createTeamsTransport({
      desk: to,
      present: createTeamsPresent(),
      appId: settings.appId,
      appPassword: settings.appPassword,
      tenantId: settings.tenantId,
      auth: settings.auth?.(),
      production: config.production,
      references: {
        async save(conversation, reference) {
          await db.sql`insert into teams_reference (conversation, reference) values (${conversation}, ${JSON.stringify(reference)}::text::jsonb)
            on conflict (conversation) do update set reference = excluded.reference, updated_at = clock_timestamp()`;
        },
        async load(conversation) {
          const [row] = await db.sql<
            { reference: Reference }[]
          >`select reference from teams_reference where conversation = ${conversation}`;
          return row?.reference ?? null;
        },
      },
      host: files ? (file) => files.host(file) : null,
      log,
    });
  }

  const opened = front;
  return {
    routes,
    front: opened,
    deliveries,
    async afterCounting() {
      await opened.refreshValues();
      await deliveries.detect();
    },
    afterFirstRound: () => deliveries.firstImpression(),
    async close() {
      await deliveries.close();
      await slack?.stop();
      if (teams) await (await teams).stop();
      await platforms?.close();
      await opened.close();
    },
  };
}

/** A listener that waits for its transport to be loaded. */
function whenReady(transport: Promise<TeamsTransport>, log: Log): RequestListener {
  return (request, response) => {
    transport.then(
      (ready) => ready.listener(request, response),
      (error: Error) => {
        log.error({ err: error.message }, 'teams could not be opened');
        response.writeHead(503).end();
      },
    );
  };
}
