/** `/kpi …`: answered inside the acknowledgement when ready in time, else acknowledged in words first. */
import type { App, RespondFn } from '@slack/bolt';
import type { Log } from '../../../platform/log.ts';
import { escapeSlack } from '../../../render/messages/slack-blocks.ts';
import { shorten } from '../../../render/plain-text.ts';
import type { Desk, Reply } from '../../commands/command.ts';
import { forEverybody, placeOf } from './place.ts';
import type { Deliver } from './respond.ts';
import type { PrivateDoor } from './show.ts';
import type { Present } from './slack-options.ts';

/** Slack gives up after 3 s; the rest is left for the network and a busy process. */
const ackBudgetMs = 1_200;

type CommandOptions = {
  app: App;
  desk: Desk;
  deliver: Deliver;
  present: Present;
  wait: (ms: number) => Promise<void>;
  log: Log;
  commandName: string;
};

export function listenForCommands({
  app,
  desk,
  deliver,
  present,
  wait,
  log,
  commandName,
}: CommandOptions): void {
  // Every command is caught: one without a listener would leave the person waiting for Slack's time-out.
  app.command(/.*/, async ({ command, ack, respond }) => {
    if (command.command !== commandName) {
      log.info({ command: command.command }, 'slack: unknown command');
      await ack({
        response_type: 'ephemeral',
        text: `Herald answers to \`${commandName}\`. Try \`${commandName} help\`.`,
      });
      return;
    }
    const place = placeOf(command.channel_id);
    const text = command.text.trim();
    const work = desk.ask({
      text,
      person: { platform: 'slack', id: command.user_id, name: command.user_name },
      place,
      // Unique per use: Slack hands out one trigger per command.
      requestId: command.trigger_id,
    });
    const first = await Promise.race([work, wait(ackBudgetMs).then(() => null)]);
    const ready = first !== null && !forEverybody(first, place) && isPlain(first);
    if (ready) {
      await ack({ response_type: 'ephemeral', ...mutable(present(first, { chart: { kind: 'none' } })) });
      return;
    }
    if (first === null) {
      await ack({ response_type: 'ephemeral', text: running(text) });
    } else if (place.kind === 'channel' && forEverybody(first, place)) {
      // Shows what was typed to the channel, as if it had been said there; nothing else is in it.
      await ack({ response_type: 'in_channel' });
    } else {
      await ack();
    }
    await deliver(await work, {
      person: command.user_id,
      place,
      spot: { channel: command.channel_id },
      door: respondDoor(respond),
      credit: first === null && place.kind === 'channel' ? `Asked by <@${command.user_id}>` : null,
    });
  });
}

/**
 * Whether the reply may travel inside the acknowledgement. Charts may not: what Slack refuses there it refuses
 * silently, while a response_url says so and leaves a second try.
 */
function isPlain(reply: Reply): boolean {
  return reply.kind === 'problem' || reply.kind === 'note';
}

/** Ephemeral replies to a command cannot be replaced later, so this one must stand for itself. */
function running(text: string): string {
  const shown = escapeSlack(shorten(text, 120));
  return shown === '' ? 'Fetching your board…' : `Working on “${shown}”…`;
}

export function respondDoor(respond: RespondFn): PrivateDoor {
  return async (message) => {
    await respond({ response_type: 'ephemeral', replace_original: false, ...mutable(message) });
  };
}

/** Bolt's types want arrays that may be written to. */
function mutable({ text, blocks }: { text: string; blocks: readonly unknown[] }) {
  return blocks.length > 0 ? { text, blocks: blocks as never[] } : { text };
}
