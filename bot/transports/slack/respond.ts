/** The road of a reply once it is known: to the place, or to the asker alone. */
import type { Log } from '../../../platform/log.ts';
import { escapeSlack } from '../../../render/messages/slack-blocks.ts';
import type { Place, Reply } from '../../commands/command.ts';
import { classify } from './outcome.ts';
import { forEverybody } from './place.ts';
import type { Spot } from './post.ts';
import { asBlocks } from './post.ts';
import type { PrivateDoor, Show } from './show.ts';
import type { SlackClient } from './slack-client.ts';
import type { Uploader } from './upload.ts';

type Road = {
  person: string;
  place: Place;
  spot: Spot;
  door: PrivateDoor;
  /** "Asked by @ann": shown with what everybody sees. */
  credit: string | null;
};

export type Deliver = (reply: Reply, road: Road) => Promise<void>;

/** What stops the bot from posting in a place; the asker is answered privately instead. */
const shutOut: Record<string, string> = {
  not_in_channel:
    'Herald is not in this channel, so only you can see this. Type `/invite @Herald` to let it post here.',
  channel_not_found: 'Herald is not in this conversation, so only you can see this.',
  is_archived: 'This channel is archived, so only you can see this.',
  restricted_action: 'Posting here is restricted, so only you can see this.',
};

export function createDeliver({
  show,
  uploader,
  log,
}: {
  show: Show;
  uploader: Uploader;
  log: Log;
}): Deliver {
  async function send(reply: Reply, { person, place, spot, door, credit }: Road): Promise<void> {
    const open = forEverybody(reply, place);
    if (reply.kind === 'document') {
      const where: Spot = open ? spot : { channel: await uploader.dm(person) };
      await uploader.document(reply.document, { ...where, comment: escapeSlack(reply.text) });
      if (!open)
        await door({
          text: `${escapeSlack(reply.document.name)} is in your direct messages with Herald.`,
          blocks: [],
        });
      return;
    }
    if (open) await show.publicly(reply, spot, credit);
    else await show.privately(reply, door, null);
  }

  return async (reply, road) => {
    try {
      await send(reply, road);
    } catch (thrown) {
      const { reason } = classify(thrown);
      log.warn({ reason, channel: road.spot.channel }, 'slack: reply could not be shown as meant');
      const notice = shutOut[reason];
      if (notice && reply.kind !== 'document') await show.privately(reply, road.door, notice);
      else await road.door({ text: apology(reply), blocks: [] });
    }
  };
}

/** Words that need no rendering, for when nothing else worked. */
function apology(reply: Reply): string {
  if (reply.kind === 'answer') return escapeSlack(reply.answer.sentence);
  return reply.kind === 'table'
    ? escapeSlack(reply.table.sentence)
    : 'Slack did not take the reply. It has been logged; try again in a minute.';
}

/** The door for events, which bring no response_url: a message that only this person sees. */
export function ephemeralDoor(client: SlackClient, person: string, spot: Spot): PrivateDoor {
  return async ({ text, blocks }) => {
    await client.chat.postEphemeral({
      channel: spot.channel,
      user: person,
      text,
      ...(spot.threadTs ? { thread_ts: spot.threadTs } : {}),
      ...(blocks.length > 0 ? { blocks: asBlocks(blocks) } : {}),
    });
  };
}
