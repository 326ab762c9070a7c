/** Questions in running text: mentions are answered in their thread, direct messages where they stand. */
import type { App } from '@slack/bolt';
import { z } from 'zod';
import type { Desk } from '../../commands/command.ts';
import type { People } from './people.ts';
import { placeOf } from './place.ts';
import { type Deliver, ephemeralDoor } from './respond.ts';
import type { SlackClient } from './slack-client.ts';

type MentionOptions = { app: App; desk: Desk; deliver: Deliver; client: SlackClient; people: People };

/** A message written by a person: edits, joins and other bots' posts carry a subtype or a bot id. */
const said = z.object({
  channel: z.string(),
  user: z.string(),
  text: z.string(),
  ts: z.string(),
  thread_ts: z.string().optional(),
  channel_type: z.string().optional(),
  subtype: z.undefined().optional(),
  bot_id: z.undefined().optional(),
});

export function listenForMentions({ app, desk, deliver, client, people }: MentionOptions): void {
  async function answer(event: unknown, requestId: string, botId: string | undefined): Promise<void> {
    const parsed = said.safeParse(event);
    if (!parsed.success) return;
    const { channel, user, text, ts, thread_ts: thread } = parsed.data;
    const place = placeOf(channel);
    const inThread = thread ?? (place.kind === 'channel' ? ts : undefined);
    const reply = await desk.ask({
      text: withoutMention(text, botId),
      person: { platform: 'slack', id: user, name: await people.name(user) },
      place,
      requestId,
    });
    await deliver(reply, {
      person: user,
      place,
      spot: inThread ? { channel, threadTs: inThread } : { channel },
      // In a thread that does not exist yet nobody would see a private line.
      door: ephemeralDoor(client, user, thread ? { channel, threadTs: thread } : { channel }),
      credit: null,
    });
  }

  app.event('app_mention', ({ event, body, context }) => answer(event, body.event_id, context.botUserId));
  app.event('message', async ({ event, body, context }) => {
    if ('channel_type' in event && event.channel_type === 'im')
      await answer(event, body.event_id, context.botUserId);
  });
}

/** "<@U0HERALD> churn last quarter" → "churn last quarter"; Slack's escapes undone. */
function withoutMention(text: string, botId: string | undefined): string {
  return text
    .replaceAll(`<@${botId}>`, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .trim();
}
