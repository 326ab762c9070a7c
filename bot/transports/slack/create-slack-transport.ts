/** Herald's Slack side: translates between Slack and the desk, and decides nothing. */
import type { RequestListener } from 'node:http';
import { App, HTTPReceiver } from '@slack/bolt';
import { HeraldError } from '../../../platform/errors.ts';
import { neverLog } from '../../../platform/log.ts';
import type { Picture } from '../../commands/command.ts';
import { boltLog } from './bolt-log.ts';
import { listenForCommands } from './command.ts';
import { refuseFuture, refuseReplays } from './gate.ts';
import { listenForHome } from './home.ts';
import { listenForMentions } from './mention.ts';
import { classify } from './outcome.ts';
import { createPeople } from './people.ts';
import { createPoster, type Poster } from './post.ts';
import { listenForPresses } from './press.ts';
import { createDeliver } from './respond.ts';
import { createShow } from './show.ts';
import { clientOptions, createSlackClient } from './slack-client.ts';
import type { SlackOptions } from './slack-options.ts';
import { createUploader } from './upload.ts';

export type SlackTransport = Poster & {
  /** Serves POST /slack/events: commands, events and interactions, signed by Slack. */
  listener: RequestListener;
  /** A picture for a later post; the file id goes into the frozen payload, so that retries upload nothing. */
  upload(picture: Picture, name: string): Promise<string>;
  /** The channel between the bot and a person. */
  dm(person: string): Promise<string>;
  /** Proves the token. A refusal is a `setup` error; with Slack away it is `upstream`, and requests still work later. */
  start(): Promise<{ team: string; botUserId: string }>;
  /** Resolves when the questions in hand have been answered. */
  stop(): Promise<void>;
};

export function createSlackTransport(options: SlackOptions): SlackTransport {
  const { desk, present, signingSecret, botToken, now, wait, log } = options;
  neverLog(signingSecret);
  neverLog(botToken);
  const clientSettings = clientOptions(log, options.slackApiUrl);
  const client = createSlackClient(botToken, clientSettings);

  let identity: Promise<{ botId: string; botUserId: string; team: string }> | null = null;
  const whoAmI = () => {
    identity ??= client.auth.test().then(
      (me) => ({ botId: me.bot_id ?? '', botUserId: me.user_id ?? '', team: me.team ?? '' }),
      (thrown: unknown) => {
        identity = null;
        throw thrown;
      },
    );
    return identity;
  };

  const receiver = new HTTPReceiver({
    signingSecret,
    logger: boltLog(log),
    customPropertiesExtractor: (request) => ({ signature: String(request.headers['x-slack-signature']) }),
  });
  const app = new App({
    receiver,
    logger: boltLog(log),
    clientOptions: clientSettings,
    // Our own instead of `token`: Bolt would call auth.test in its constructor and crash the process when Slack is away.
    authorize: async () => {
      const { botId, botUserId } = await whoAmI();
      return { botToken, botId, botUserId };
    },
  });

  const uploader = createUploader(client, wait);
  const pictureUrl = options.publicUrl ? (options.pictureUrl ?? (async () => null)) : async () => null;
  const show = createShow({ client, uploader, present, pictureUrl, wait, log });
  const deliver = createDeliver({ show, uploader, log });
  const people = createPeople(client, log);

  const inHand = new Set<Promise<unknown>>();
  app.use(refuseReplays(options.seen, log));
  app.use(async ({ next }) => {
    const work = next();
    inHand.add(work);
    try {
      await work;
    } finally {
      inHand.delete(work);
    }
  });
  app.error(async (error) => {
    log.error({ reason: error.message, cause: classify(error).reason }, 'slack: a request failed');
  });
  listenForCommands({ app, desk, deliver, present, wait, log, commandName: options.commandName ?? '/kpi' });
  listenForMentions({ app, desk, deliver, client, people });
  listenForPresses({ app, desk, deliver, client, uploader, log });
  listenForHome({ app, desk, present, people });

  return {
    ...createPoster(client, log),
    listener: refuseFuture(receiver.requestListener, now, log),
    upload: (picture, name) => uploader.picture(picture, name),
    dm: (person) => uploader.dm(person),
    async start() {
      try {
        return await whoAmI();
      } catch (thrown) {
        const failure = classify(thrown);
        if (failure.kind === 'not_sent' && failure.reason.endsWith('_auth')) {
          throw new HeraldError(
            'setup',
            `Slack refuses the bot token (${failure.reason}). Copy it again from "OAuth & Permissions".`,
            {
              cause: thrown,
            },
          );
        }
        throw new HeraldError('upstream', `Slack cannot be reached (${failure.reason}).`, { cause: thrown });
      }
    },
    async stop() {
      await Promise.allSettled(inHand);
    },
  };
}
