/** Posts of digests and alerts: one attempt each, classified, and findable afterwards by their slot. */
import type { types } from '@slack/bolt';
import type { Log } from '../../../platform/log.ts';
import { classify, type Failure } from './outcome.ts';
import type { SlackClient } from './slack-client.ts';
import type { SlackMessage } from './slack-options.ts';

export type Spot = { channel: string; threadTs?: string };

export type Delivery = { kind: 'sent'; ts: string } | Failure;

const eventType = 'herald_delivery';

/** Block Kit is checked by limits and by Slack; TypeScript's union lags behind the blocks that exist. */
export const asBlocks = (blocks: readonly unknown[]): types.KnownBlock[] => blocks as types.KnownBlock[];

export function createPoster(client: SlackClient, log: Log) {
  async function attempt(call: () => Promise<{ ts?: string }>, what: object): Promise<Delivery> {
    try {
      const { ts } = await call();
      if (ts) return { kind: 'sent', ts };
      return { kind: 'ambiguous', reason: 'no_ts' };
    } catch (thrown) {
      const failure = classify(thrown);
      log.warn({ ...what, ...failure }, 'slack: delivery failed');
      return failure;
    }
  }

  return {
    /**
     * Post once, without retries. `slot` is an opaque hash: anybody in the workspace can read metadata.
     * `ambiguous` must be settled with `find` before another attempt.
     */
    post: (
      { channel, threadTs }: Spot,
      message: SlackMessage,
      { slot }: { slot: string },
    ): Promise<Delivery> =>
      attempt(
        () =>
          client.chat.postMessage({
            channel,
            ...(threadTs ? { thread_ts: threadTs } : {}),
            text: message.text,
            blocks: asBlocks(message.blocks),
            unfurl_links: false,
            unfurl_media: false,
            metadata: { event_type: eventType, event_payload: { slot } },
          }),
        { channel, slot },
      ),

    /** Rewrite an earlier post (an incident that ended); repeating it does no harm. */
    update: (channel: string, ts: string, message: SlackMessage): Promise<Delivery> =>
      attempt(
        () => client.chat.update({ channel, ts, text: message.text, blocks: asBlocks(message.blocks) }),
        { channel, ts },
      ),

    /** Every copy of a slot's post since then, oldest first; throws when the history cannot be read. */
    async find({ channel, threadTs }: Spot, slot: string, since: Date): Promise<readonly string[]> {
      const oldest = String(since.getTime() / 1000);
      const found: string[] = [];
      let cursor: string | undefined;
      do {
        const page = {
          channel,
          oldest,
          limit: 200,
          include_all_metadata: true,
          ...(cursor ? { cursor } : {}),
        };
        const answer = threadTs
          ? await client.conversations.replies({ ...page, ts: threadTs })
          : await client.conversations.history(page);
        for (const message of answer.messages ?? []) {
          const { event_type, event_payload } = (message.metadata ?? {}) as {
            event_type?: string;
            event_payload?: { slot?: unknown };
          };
          if (event_type === eventType && event_payload?.slot === slot && message.ts) found.push(message.ts);
        }
        cursor = answer.response_metadata?.next_cursor || undefined;
      } while (cursor);
      return found.sort();
    },

    /** Remove a second copy that Slack accepted late. */
    async remove(channel: string, ts: string): Promise<void> {
      await client.chat.delete({ channel, ts });
    },
  };
}

export type Poster = ReturnType<typeof createPoster>;
