/** response_url: five uses within thirty minutes, bound to the request that it came with. */
import { fileIsReady } from './api-chat.ts';
import { type ApiContext, makeId } from './api-result.ts';
import { isObject } from './limit-checks.ts';
import { checkBlocks } from './limits.ts';
import type { StoredMessage } from './state.ts';
import { bot } from './workspace.ts';

const mostUses = 5;
const livesMs = 30 * 60_000;

type Ticket = {
  channel: string;
  person: string;
  /** The message whose button was pressed; null for slash commands, whose replies cannot be replaced. */
  origin: StoredMessage | null;
  uses: number;
  madeAt: number;
};

export type Answered = { status: number; body: string };

export function createResponseUrls(context: ApiContext) {
  const tickets = new Map<string, Ticket>();
  const { state, now, random, selfUrl } = context;

  /** Show what the app answered with, as the acknowledgement's body or through the URL. */
  function show(
    payload: Record<string, unknown>,
    { channel, person, origin }: Omit<Ticket, 'uses' | 'madeAt'>,
  ): Answered {
    const text = typeof payload.text === 'string' ? payload.text : '';
    if (payload.delete_original === true) {
      if (origin) state.remove(origin);
      return { status: 200, body: 'ok' };
    }
    const blocks = payload.blocks ?? [];
    const fault = checkBlocks(blocks, 'message', (id) => fileIsReady(context, id));
    if (fault) return { status: 400, body: fault.error };
    if (text === '' && (blocks as unknown[]).length === 0) return { status: 400, body: 'no_text' };
    if (payload.replace_original === true && origin) {
      state.edit(origin, { text, blocks: blocks as unknown[] });
      return { status: 200, body: 'ok' };
    }
    state.add({
      channel,
      author: bot.userId,
      text,
      blocks: blocks as unknown[],
      threadTs: origin?.threadTs ?? null,
      onlyFor: payload.response_type === 'in_channel' ? null : person,
    });
    return { status: 200, body: 'ok' };
  }

  return {
    show,

    issue(channel: string, person: string, origin: StoredMessage | null): string {
      const id = makeId('R', random);
      tickets.set(id, { channel, person, origin, uses: 0, madeAt: now().getTime() });
      return `${selfUrl()}/response/${id}`;
    },

    use(id: string, payload: unknown): Answered {
      const ticket = tickets.get(id);
      if (!ticket || now().getTime() - ticket.madeAt > livesMs) return { status: 404, body: 'expired_url' };
      if (ticket.uses >= mostUses) return { status: 404, body: 'used_url' };
      if (!isObject(payload)) return { status: 400, body: 'invalid_payload' };
      ticket.uses += 1;
      return show(payload, ticket);
    },
  };
}

export type ResponseUrls = ReturnType<typeof createResponseUrls>;
