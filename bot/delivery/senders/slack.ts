import type { Log } from '../../../platform/log.ts';
import type { Picture } from '../../commands/command.ts';
import type { SlackTransport } from '../../transports/slack/create-slack-transport.ts';
import { pictureSlot, type SlackPayload } from '../payload.ts';
import type { Delivery, Outcome, Receipt, Sender } from '../sender.ts';
import { isPerson } from '../target.ts';

/** What is used of the transport. */
export type SlackDoor = Pick<SlackTransport, 'post' | 'find' | 'remove' | 'upload' | 'dm'>;

/** Contents that Slack refuses are refused on every try. */
const permanent = new Set([
  'invalid_blocks',
  'invalid_blocks_format',
  'msg_blocks_too_long',
  'msg_too_long',
  'no_text',
  'is_archived',
  'thread_not_found',
  'restricted_action',
]);
const badBlocks = new Set(['invalid_blocks', 'invalid_blocks_format', 'msg_blocks_too_long']);

/** Slack's side of the outbox: the picture is uploaded once and its id kept, then the message is posted once. */
export function createSlackSender(slack: SlackDoor, log: Log): Sender<SlackPayload> {
  async function placeOf({ to, after, progress, keep }: Delivery<SlackPayload>) {
    if (after?.channel) return { channel: after.channel, threadTs: after.thread ?? after.ts! };
    if (!isPerson({ kind: 'slack', to })) return { channel: to };
    if (typeof progress.channel === 'string') return { channel: progress.channel };
    const channel = await slack.dm(to);
    await keep({ channel });
    return { channel };
  }

  async function fileOf({
    payload,
    progress,
    keep,
    load,
    slotKey,
  }: Delivery<SlackPayload>): Promise<string | null> {
    if (payload.picture === null) return null;
    if (typeof progress.fileId === 'string') return progress.fileId;
    try {
      const { hash, alt, width, height } = payload.picture;
      const picture: Picture = { png: await load(hash), alt, width, height };
      const fileId = await slack.upload(picture, `herald-${slotKey.slice(0, 8)}`);
      await keep({ fileId });
      return fileId;
    } catch (thrown) {
      log.warn(
        { slot: slotKey, err: (thrown as Error).message },
        'slack: the picture was not taken; the text goes alone',
      );
      return null;
    }
  }

  return {
    async send(delivery): Promise<Outcome> {
      const { payload, slotKey: slot } = delivery;
      let place: { channel: string; threadTs?: string };
      try {
        place = await placeOf(delivery);
      } catch (thrown) {
        return {
          kind: 'not_sent',
          reason: `No direct message could be opened: ${(thrown as Error).message}`,
        };
      }
      const fileId = await fileOf(delivery);
      if (!delivery.stillOurs())
        return { kind: 'not_sent', reason: 'The picture took too long; tried again.', retryAfterMs: 0 };
      const done = async (blocks: readonly unknown[]): Promise<Outcome> => {
        const made = await slack.post(place, { text: payload.text, blocks }, { slot });
        if (made.kind === 'sent') return { kind: 'sent', receipt: receiptOf(place, made.ts) };
        if (made.kind === 'ambiguous') return made;
        return { ...made, permanent: permanent.has(made.reason) };
      };
      const made = await done(withFile(payload.blocks, fileId));
      // Surely not posted, so the plainer message is no second copy.
      const refused = made.kind === 'not_sent' && badBlocks.has(made.reason);
      return refused && fileId !== null ? done(withFile(payload.blocks, null)) : made;
    },

    async find(delivery, since) {
      const place = await placeOf(delivery);
      const found = await slack.find(place, delivery.slotKey, since);
      return found.map((ts) => receiptOf(place, ts));
    },

    remove: ({ channel, ts }) => slack.remove(channel!, ts!),
  };
}

/** `thread` is the message that all parts of a digest hang on. */
function receiptOf({ channel, threadTs }: { channel: string; threadTs?: string }, ts: string): Receipt {
  return { channel, ts, ...(threadTs === undefined ? {} : { thread: threadTs }) };
}

function withFile(blocks: readonly unknown[], fileId: string | null): unknown[] {
  return blocks.flatMap((block) => {
    const file = (block as { slack_file?: { id: string } }).slack_file;
    if (file?.id !== pictureSlot) return [block];
    return fileId === null ? [] : [{ ...(block as object), slack_file: { id: fileId } }];
  });
}
