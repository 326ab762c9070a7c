/** The messages of the demo's conversations, as each person sees them. */
import { bot, channels, directChat, people } from './workspace.ts';

export type DemoMessage = {
  id: string;
  conversation: string;
  /** Id of the message that opened the thread; its own id for that message. */
  thread: string;
  from: string;
  fromName: string;
  text: string;
  card: unknown;
  at: string;
  edited: boolean;
};

export type Room = {
  add(
    message: Omit<DemoMessage, 'id' | 'at' | 'edited' | 'thread'> & { thread?: string | undefined },
  ): DemoMessage;
  /** Returns false when there is no such message of the bot. */
  edit(conversation: string, id: string, change: { text: string; card: unknown }): boolean;
  remove(conversation: string, id: string): boolean;
  /** A card as only this person sees it: what the bot answered to their press. */
  redrawFor(handle: string, id: string, card: unknown): void;
  transcript(conversation: string, handle?: string): readonly DemoMessage[];
  subscribe(listener: (change: { conversation: string }) => void): () => void;
  has(conversation: string): boolean;
  mayRead(handle: string, conversation: string): boolean;
};

/** Messages kept per conversation; the demo is a showcase, not an archive. */
const kept = 300;

export function createRoom(now: () => number): Room {
  const rooms = new Map<string, DemoMessage[]>();
  const own = new Map<string, unknown>();
  const listeners = new Set<(change: { conversation: string }) => void>();
  let last = 0;
  for (const { id } of channels) rooms.set(id, []);
  for (const { handle } of people) rooms.set(directChat(handle), []);

  const changed = (conversation: string) => {
    for (const listener of listeners) listener({ conversation });
  };
  const find = (conversation: string, id: string) =>
    rooms.get(conversation)?.find((message) => message.id === id && message.from === bot.id);

  return {
    add({ thread, ...message }) {
      // Teams' ids are epoch milliseconds, unique within a conversation.
      last = Math.max(now(), last + 1);
      const id = String(last);
      const added = { ...message, id, thread: thread ?? id, at: new Date(last).toISOString(), edited: false };
      const room = rooms.get(message.conversation)!;
      room.push(added);
      if (room.length > kept) room.splice(0, room.length - kept);
      changed(message.conversation);
      return added;
    },
    edit(conversation, id, { text, card }) {
      const message = find(conversation, id);
      if (!message) return false;
      Object.assign(message, { text, card, edited: true });
      for (const { handle } of people) own.delete(`${handle}/${id}`);
      changed(conversation);
      return true;
    },
    remove(conversation, id) {
      const message = find(conversation, id);
      if (!message) return false;
      const room = rooms.get(conversation)!;
      room.splice(room.indexOf(message), 1);
      changed(conversation);
      return true;
    },
    redrawFor(handle, id, card) {
      own.set(`${handle}/${id}`, card);
      for (const [conversation, messages] of rooms)
        if (messages.some((message) => message.id === id)) changed(conversation);
    },
    transcript(conversation, handle) {
      const messages = rooms.get(conversation) ?? [];
      return messages.map((message) => ({
        ...message,
        card: own.get(`${handle}/${message.id}`) ?? message.card,
      }));
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    has: (conversation) => rooms.has(conversation),
    mayRead: (handle, conversation) =>
      conversation === directChat(handle) ||
      channels.some((channel) => channel.id === conversation && channel.members.includes(handle)),
  };
}
