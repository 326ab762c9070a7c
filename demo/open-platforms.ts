/** The demo's chat platforms and mail server: strict stand-ins on this machine, and the page that plays their clients. */
import { randomBytes } from 'node:crypto';
import type { RequestListener } from 'node:http';
import type { Config } from '../config.ts';
import { HeraldError } from '../platform/errors.ts';
import type { Log } from '../platform/log.ts';
import { createInboxListener } from './mail/listener.ts';
import { startDemoMail } from './mail/server.ts';
import { bundlePage } from './page/bundle.ts';
import { createPageListener } from './page/serve.ts';
import { createSlackStandIn } from './slack/create-slack-stand-in.ts';
import { channels as slackChannels, people as slackPeople } from './slack/workspace.ts';
import type { Faults } from './stand-ins/faults.ts';
import { createTeamsStandIn } from './teams/stand-in.ts';
import { demoAppId, channels as teamsChannels, people as teamsPeople, tenantId } from './teams/workspace.ts';

export type OpenPlatforms = Awaited<ReturnType<typeof openPlatforms>>;

type Areas = ('sales' | 'marketing' | 'success' | 'support' | 'operations' | 'finance')[];

/** What the four people of the demo may see beyond what their role gives them. */
const granted: Record<string, Areas | undefined> = {
  manager: ['sales', 'marketing', 'support'],
  viewer: ['support'],
};

/** What may be shown in each channel. */
const channelClass: Record<string, { role: 'executive' | 'manager' | 'analyst' | 'viewer'; areas?: Areas }> =
  {
    executive: { role: 'executive' },
    sales: { role: 'manager', areas: ['sales', 'marketing'] },
    general: { role: 'viewer', areas: ['support'] },
    'support-alerts': { role: 'viewer', areas: ['support'] },
    'data-ops': { role: 'analyst' },
  };

export async function openPlatforms(input: {
  config: Config;
  now: () => Date;
  random: () => number;
  origin: () => string;
  log: Log;
  complete: (prefix: string, personId: string) => Promise<readonly string[]>;
  faults: () => Readonly<Record<string, Faults>>;
}) {
  const { config, now, random, origin, log } = input;
  if (config.production) throw new HeraldError('setup', 'The demo does not run in production.');
  const signingSecret = randomBytes(16).toString('hex');
  const botToken = `xoxb-demo-${randomBytes(12).toString('hex')}`;
  const slack = createSlackStandIn({
    now,
    random,
    signingSecret,
    botToken,
    eventsUrl: () => `${origin()}/slack/events`,
    selfUrl: () => `${origin()}/demo/slack`,
    log,
  });
  const teams = await createTeamsStandIn({
    now: () => now().getTime(),
    appId: demoAppId,
    botUrl: () => `${origin()}/api/messages`,
    baseUrl: origin,
    log,
  });
  const mail = await startDemoMail(() => now().getTime());
  const page = createPageListener({
    standIn: slack,
    complete: input.complete,
    bundle: await bundlePage(),
    faults: input.faults,
    log,
  });
  const inbox = createInboxListener(mail);

  const listener: RequestListener = (request, response) => {
    const path = new URL(request.url ?? '/', 'http://demo').pathname;
    if (path.startsWith('/demo/slack/')) return slack.listener(request, response);
    if (path.startsWith('/demo/teams/')) return teams.listener(request, response);
    if (path.startsWith('/demo/mail/')) return inbox(request, response);
    return page(request, response);
  };

  const grant = (role: 'executive' | 'manager' | 'analyst' | 'viewer') => ({ role, areas: granted[role] });
  return {
    listener,
    slack: { signingSecret, botToken, apiUrl: () => `${origin()}/demo/slack/api/` },
    teams: { appId: demoAppId, tenantId, auth: () => teams.auth },
    mail: { host: '127.0.0.1', port: mail.port, secure: false, from: 'Herald <herald@demo.example>' },
    access: {
      people: Object.fromEntries([
        ...slackPeople.map((person) => [`slack:${person.id}`, grant(person.role)] as const),
        ...teamsPeople.map((person) => [`teams:${person.aadObjectId}`, grant(person.role)] as const),
      ]),
      channels: Object.fromEntries([
        ...slackChannels.map(
          (channel) =>
            [`slack:${channel.id}`, channelClass[channel.name] ?? { role: 'viewer' as const }] as const,
        ),
        ...teamsChannels.map(
          (channel) =>
            [`teams:${channel.id}`, channelClass[channel.name] ?? { role: 'viewer' as const }] as const,
        ),
      ]),
    },
    targets: {
      executive: {
        kind: 'slack' as const,
        to: slackChannels.find((channel) => channel.name === 'executive')!.id,
      },
      support: {
        kind: 'slack' as const,
        to: slackChannels.find((channel) => channel.name === 'support-alerts')!.id,
      },
      operations: {
        kind: 'slack' as const,
        to: slackChannels.find((channel) => channel.name === 'data-ops')!.id,
      },
      board: { kind: 'mail' as const, to: 'board@demo.example' },
    },
    async close() {
      await mail.close();
    },
  };
}
