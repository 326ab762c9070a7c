/** Buttons and menus under an answer. */
import type { App } from '@slack/bolt';
import { z } from 'zod';
import type { Log } from '../../../platform/log.ts';
import { type Desk, type Place, type Verb, verbs } from '../../commands/command.ts';
import { respondDoor } from './command.ts';
import { placeOf } from './place.ts';
import { type Deliver, ephemeralDoor } from './respond.ts';
import type { PrivateDoor } from './show.ts';
import type { SlackClient } from './slack-client.ts';
import type { Uploader } from './upload.ts';

/** What a button carries: ids only; rights are checked again behind the desk. A suggestion belongs to no answer. */
const pressed = z.object({ a: z.string().nullable(), v: z.enum(verbs), x: z.string().optional() });

const pressBody = z.object({
  trigger_id: z.string(),
  user: z.object({ id: z.string(), username: z.string().optional(), name: z.string().optional() }),
  channel: z.object({ id: z.string() }).optional(),
  container: z.object({ is_ephemeral: z.boolean().optional() }).optional(),
  message: z.object({ ts: z.string(), thread_ts: z.string().optional() }).optional(),
});

type PressOptions = {
  app: App;
  desk: Desk;
  deliver: Deliver;
  client: SlackClient;
  uploader: Uploader;
  log: Log;
};

/** The button's value for `present`: `{a: answerId, v: verb, x: value}` as JSON, far below Slack's 2,000 characters. */
export function buttonValue(answerId: string, verb: Verb, value?: string): string {
  return JSON.stringify({ a: answerId, v: verb, ...(value === undefined ? {} : { x: value }) });
}

export function listenForPresses({ app, desk, deliver, client, uploader, log }: PressOptions): void {
  // Every action is caught: one without a listener shows the person a warning sign after 3 s.
  app.action(/.*/, async ({ action, body, ack, respond }) => {
    await ack();
    const value = readValue(action);
    const parsed = pressBody.safeParse(body);
    if (value === null || !parsed.success) {
      log.info({ type: action.type }, 'slack: action that is not ours');
      return;
    }
    const { user, channel, message, container, trigger_id: requestId } = parsed.data;
    // App Home has no channel: the reply goes to the direct message with Herald.
    const place: Place = placeOf(channel?.id ?? (await uploader.dm(user.id)));
    const reply = await desk.press({
      answerId: value.a ?? '',
      verb: value.v,
      ...(value.x === undefined ? {} : { value: value.x }),
      person: { platform: 'slack', id: user.id, name: user.name ?? user.username ?? user.id },
      place,
      requestId,
    });
    const shared = value.v === 'share';
    const hidden = container?.is_ephemeral === true;
    const thread =
      hidden || !message
        ? undefined
        : (message.thread_ts ?? (place.kind === 'channel' ? message.ts : undefined));
    const door: PrivateDoor = channel
      ? respondDoor(respond)
      : ephemeralDoor(client, user.id, { channel: place.channel });
    // What was asked in private stays there, whatever the place may see, until its owner presses Share.
    const kept = hidden && !shared && place.kind === 'channel' && 'visibility' in reply;
    await deliver(kept ? { ...reply, visibility: 'asker' } : reply, {
      person: user.id,
      place,
      spot: thread && !shared ? { channel: place.channel, threadTs: thread } : { channel: place.channel },
      door,
      credit: shared ? `Shared by <@${user.id}>` : null,
    });
  });
}

function readValue(action: object): z.infer<typeof pressed> | null {
  const selected =
    'selected_option' in action ? (action.selected_option as { value?: unknown } | null) : null;
  const raw = selected ? selected.value : 'value' in action ? action.value : null;
  if (typeof raw !== 'string') return null;
  try {
    return pressed.safeParse(JSON.parse(raw)).data ?? null;
  } catch (_notJson) {
    // Another app's button, or one from before an upgrade: the caller logs it.
    return null;
  }
}
