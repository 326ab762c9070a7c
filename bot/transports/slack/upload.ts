/** Files to Slack in the three documented steps, called one by one: the SDK's helper sends the alt text under another name. */
import { HeraldError } from '../../../platform/errors.ts';
import type { Document, Picture } from '../../commands/command.ts';
import { type SlackClient, timedFetch } from './slack-client.ts';

/** A file is scanned before it may be shown; a message that refers to it earlier is refused as `invalid_blocks`. */
const firstPollMs = 200;
const pollGrowth = 1.6;
const giveUpAfterMs = 10_000;

type Where = { channel: string; threadTs?: string; comment: string };

export function createUploader(client: SlackClient, wait: (ms: number) => Promise<void>) {
  async function send(name: string, bytes: Uint8Array, alt: string | null): Promise<string> {
    const ticket = await client.apiCall('files.getUploadURLExternal', {
      filename: name,
      length: bytes.byteLength,
      ...(alt ? { alt_txt: alt } : {}),
    });
    const { upload_url: url, file_id: fileId } = ticket as { upload_url?: string; file_id?: string };
    if (!url || !fileId) throw new HeraldError('upstream', 'Slack gave no place to upload the file to.');
    const answer = await timedFetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: new Blob([new Uint8Array(bytes)]),
    });
    if (!answer.ok) throw new HeraldError('upstream', `Slack refused the file (HTTP ${answer.status}).`);
    return fileId;
  }

  async function ready(fileId: string): Promise<void> {
    let waited = 0;
    for (let pause = firstPollMs; waited < giveUpAfterMs; pause *= pollGrowth) {
      const { file } = await client.files.info({ file: fileId });
      if (file?.mimetype) return;
      await wait(pause);
      waited += pause;
    }
    throw new HeraldError('upstream', 'Slack is still checking the picture.', {
      note: `file ${fileId} not ready`,
    });
  }

  return {
    /** Upload a picture that no one sees until a message shows it; resolves once a message may. */
    async picture(picture: Picture, name: string): Promise<string> {
      const fileId = await send(`${name}.png`, picture.png, picture.alt);
      await client.files.completeUploadExternal({
        files: [{ id: fileId, title: picture.alt.slice(0, 250) }],
      });
      await ready(fileId);
      return fileId;
    },

    /** Share a document where those in the channel or thread can fetch it. */
    async document(document: Document, { channel, threadTs, comment }: Where): Promise<void> {
      const fileId = await send(document.name, document.bytes, null);
      await client.apiCall('files.completeUploadExternal', {
        files: [{ id: fileId, title: document.name }],
        channel_id: channel,
        ...(threadTs ? { thread_ts: threadTs } : {}),
        initial_comment: comment,
      });
    },

    /** The channel between the bot and one person. */
    async dm(person: string): Promise<string> {
      const { channel } = await client.conversations.open({ users: person });
      if (!channel?.id) throw new HeraldError('upstream', 'Slack opened no direct message.');
      return channel.id;
    },
  };
}

export type Uploader = ReturnType<typeof createUploader>;
