/** chat.* */
import { type ApiContext, type ApiMethod, type ApiResult, refuse, text } from './api-result.ts';
import { checkBlocks } from './limits.ts';
import type { StoredMessage } from './state.ts';
import { bot, membersOf } from './workspace.ts';

/** One message per second and channel. */
const paceMs = 1_000;

export function fileIsReady({ state, faults, now }: ApiContext, id: string): boolean {
  const file = state.files.get(id);
  return (
    file !== undefined &&
    file.completedAt !== null &&
    now().getTime() >= file.completedAt + faults.readyAfterMs
  );
}

/** Slack's answer to bad contents; null when they are fine. */
export function refuseContents(args: Record<string, unknown>, context: ApiContext): ApiResult | null {
  if (text(args.text) === '' && !Array.isArray(args.blocks)) return refuse('no_text');
  if (text(args.text).length > 40_000) return refuse('msg_too_long');
  if (args.blocks === undefined) return null;
  const fault = checkBlocks(args.blocks, 'message', (id) => fileIsReady(context, id));
  if (fault === null) return null;
  return refuse(fault.error, { errors: fault.messages, response_metadata: { messages: fault.messages } });
}

/** Null when the bot may post there. */
export function refusePlace(channel: string, { faults }: ApiContext): ApiResult | null {
  if (membersOf(channel) === null) return refuse('channel_not_found');
  return faults.botOutOf.has(channel) ? refuse('not_in_channel') : null;
}

function refusePace(channel: string, { state, now }: ApiContext): ApiResult | null {
  const earlier = state.messages.findLast(
    (message) => message.channel === channel && message.author === bot.userId && message.onlyFor === null,
  );
  const sinceMs = earlier ? now().getTime() - Number(earlier.ts) * 1000 : Number.POSITIVE_INFINITY;
  return sinceMs < paceMs
    ? refuse('ratelimited', { retryAfter: Math.max(1, Math.ceil((paceMs - sinceMs) / 1000)) })
    : null;
}

export function messageJson(message: StoredMessage, withMetadata = false) {
  return {
    type: 'message',
    ts: message.ts,
    text: message.text,
    blocks: message.blocks,
    user: message.author,
    ...(message.author === bot.userId ? { bot_id: bot.botId, app_id: bot.appId } : {}),
    ...(message.threadTs ? { thread_ts: message.threadTs } : {}),
    ...(withMetadata && message.metadata ? { metadata: message.metadata } : {}),
  };
}

const blocksOf = (args: Record<string, unknown>) =>
  Array.isArray(args.blocks) ? (args.blocks as unknown[]) : [];

const ownMessage = (args: Record<string, unknown>, { state }: ApiContext): StoredMessage | null => {
  const found = state.find(text(args.channel), text(args.ts));
  // Ephemeral messages are not persisted: to the API they do not exist.
  return found && found.onlyFor === null ? found : null;
};

export const chatMethods: Record<string, ApiMethod> = {
  'chat.postMessage': (args, context) => {
    const channel = text(args.channel);
    const refused =
      refusePlace(channel, context) ?? refuseContents(args, context) ?? refusePace(channel, context);
    if (refused) return refused;
    const threadTs = text(args.thread_ts) || null;
    if (threadTs && !context.state.find(channel, threadTs)) return refuse('thread_not_found');
    const message = context.state.add({
      channel,
      author: bot.userId,
      text: text(args.text),
      blocks: blocksOf(args),
      threadTs,
      metadata: args.metadata ?? null,
    });
    return { ok: true, channel, ts: message.ts, message: messageJson(message, true) };
  },

  'chat.update': (args, context) => {
    const message = ownMessage(args, context);
    if (!message) return refuse('message_not_found');
    if (message.author !== bot.userId) return refuse('cant_update_message');
    const refused = refuseContents(args, context);
    if (refused) return refused;
    context.state.edit(message, { text: text(args.text), blocks: blocksOf(args) });
    return {
      ok: true,
      channel: message.channel,
      ts: message.ts,
      text: message.text,
      message: messageJson(message),
    };
  },

  'chat.delete': (args, context) => {
    const message = ownMessage(args, context);
    if (!message) return refuse('message_not_found');
    if (message.author !== bot.userId) return refuse('cant_delete_message');
    context.state.remove(message);
    return { ok: true, channel: message.channel, ts: message.ts };
  },

  'chat.postEphemeral': (args, context) => {
    const channel = text(args.channel);
    const refused = refusePlace(channel, context) ?? refuseContents(args, context);
    if (refused) return refused;
    const person = text(args.user);
    if (!membersOf(channel)?.includes(person)) return refuse('user_not_in_channel');
    const message = context.state.add({
      channel,
      author: bot.userId,
      text: text(args.text),
      blocks: blocksOf(args),
      threadTs: text(args.thread_ts) || null,
      onlyFor: person,
    });
    return { ok: true, message_ts: message.ts };
  },
};
