/** Puts a reply in front of people. Pictures are tried first, then plainer forms: the text always goes out. */
import type { Log } from '../../../platform/log.ts';
import type { Reply } from '../../commands/command.ts';
import { classify, refusedBlocks } from './outcome.ts';
import { asBlocks, type Spot } from './post.ts';
import type { SlackClient } from './slack-client.ts';
import type { Chart, Present, SlackMessage } from './slack-options.ts';
import type { Uploader } from './upload.ts';

/** How long the post waits for its picture; afterwards the words go first and the picture follows by an edit. */
const pictureBudgetMs = 2_500;
/** Slack's limit for a message. */
const mostBlocks = 50;
/** A person is waiting: longer rate limits are reported instead of sat out. */
const longestPauseMs = 5_000;

/** Delivers one message to one person; throws when Slack refuses it. */
export type PrivateDoor = (message: SlackMessage) => Promise<void>;

type ShowOptions = {
  client: SlackClient;
  uploader: Uploader;
  present: Present;
  pictureUrl: (answerId: string) => Promise<string | null>;
  wait: (ms: number) => Promise<void>;
  log: Log;
};

/** A quiet line above the buttons, from the transport itself (who asked, why it is private). */
export function withNotice(message: SlackMessage, notice: string | null): SlackMessage {
  if (notice === null) return message;
  const line = { type: 'context', elements: [{ type: 'mrkdwn', text: notice }] };
  const { text, blocks } = message;
  const buttons = (blocks.at(-1) as { type?: string } | undefined)?.type === 'actions' ? 1 : 0;
  const kept = blocks.length - buttons;
  return {
    text,
    blocks: [...blocks.slice(0, Math.min(kept, mostBlocks - 1 - buttons)), line, ...blocks.slice(kept)],
  };
}

export function createShow({ client, uploader, present, pictureUrl, wait, log }: ShowOptions) {
  const none: Chart = { kind: 'none' };
  const native: Chart = { kind: 'native' };

  /** The first rendering that Slack accepts; the last one has no blocks at all, so only the way itself can fail. */
  async function firstAccepted<T>(
    reply: Reply,
    charts: readonly Chart[],
    notice: string | null,
    say: (message: SlackMessage) => Promise<T>,
  ) {
    for (const chart of charts) {
      const message = withNotice(present(reply, { chart }), notice);
      try {
        return await say(message);
      } catch (thrown) {
        if (!refusedBlocks(thrown)) throw thrown;
        log.warn(
          { chart: chart.kind, reason: describe(thrown) },
          'slack: blocks refused, trying a plainer form',
        );
      }
    }
    return say({ text: present(reply, { chart: none }).text, blocks: [] });
  }

  async function postPatiently({ channel, threadTs }: Spot, { text, blocks }: SlackMessage): Promise<string> {
    const call = () =>
      client.chat.postMessage({
        channel,
        text,
        ...(threadTs ? { thread_ts: threadTs } : {}),
        ...(blocks.length > 0 ? { blocks: asBlocks(blocks) } : {}),
        unfurl_links: false,
        unfurl_media: false,
      });
    try {
      return (await call()).ts ?? '';
    } catch (thrown) {
      const failure = classify(thrown);
      if (
        failure.kind !== 'not_sent' ||
        failure.retryAfterMs === null ||
        failure.retryAfterMs > longestPauseMs
      )
        throw thrown;
      await wait(failure.retryAfterMs);
      return (await call()).ts ?? '';
    }
  }

  async function addPicture(
    spot: Spot,
    ts: string,
    reply: Reply,
    fileId: string,
    notice: string | null,
  ): Promise<void> {
    const { text, blocks } = withNotice(present(reply, { chart: { kind: 'file', fileId } }), notice);
    await client.chat.update({ channel: spot.channel, ts, text, blocks: asBlocks(blocks) });
  }

  return {
    /** Post where everybody in the place sees it. Throws when the place cannot be posted to. */
    async publicly(reply: Reply, spot: Spot, notice: string | null): Promise<void> {
      const figures = reply.kind === 'answer' || reply.kind === 'table';
      if (!figures || reply.picture === null) {
        await firstAccepted(reply, figures ? [native, none] : [none], notice, (m) => postPatiently(spot, m));
        return;
      }
      const name = reply.kind === 'answer' ? reply.answer.kpi : reply.table.kind;
      const upload = uploader.picture(reply.picture, name).catch((thrown: unknown) => {
        log.warn({ reason: describe(thrown) }, 'slack: picture not uploaded; the text goes out without it');
        return null;
      });
      const file = await Promise.race([upload, wait(pictureBudgetMs).then(() => 'late' as const)]);
      const charts: Chart[] =
        file === 'late'
          ? [none]
          : file === null
            ? [native, none]
            : [{ kind: 'file', fileId: file }, native, none];
      const ts = await firstAccepted(reply, charts, notice, (m) => postPatiently(spot, m));
      if (file !== 'late') return;
      const late = await upload;
      if (late === null) return;
      await addPicture(spot, ts, reply, late, notice).catch((thrown: unknown) => {
        log.warn({ reason: describe(thrown) }, 'slack: picture could not be added to the message');
      });
    },

    /** Show to one person through the given door. A file would be visible to others, so none is uploaded. */
    async privately(reply: Reply, door: PrivateDoor, notice: string | null): Promise<void> {
      const charts: Chart[] = [none];
      if (reply.kind === 'answer' || reply.kind === 'table') {
        charts.unshift(native);
        const url = reply.picture === null ? null : await pictureUrl(reply.answerId);
        if (url !== null) charts.unshift({ kind: 'url', url });
      }
      await firstAccepted(reply, charts, notice, door);
    },
  };
}

export type Show = ReturnType<typeof createShow>;

const describe = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));
