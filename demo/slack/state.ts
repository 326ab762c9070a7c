/** What the stand-in remembers, and whom it tells. */
import { channelById, dmOwner } from './workspace.ts';

export type StoredMessage = {
  channel: string;
  ts: string;
  threadTs: string | null;
  /** A person's id; the bot's user id; or `slackbot` for Slack's own notices. */
  author: string;
  text: string;
  blocks: readonly unknown[];
  /** Files shared with the message. */
  files: readonly string[];
  metadata: unknown;
  /** Ephemeral: who alone sees it. */
  onlyFor: string | null;
  edited: boolean;
};

export type StoredFile = {
  id: string;
  name: string;
  size: number;
  altText: string | null;
  bytes: Buffer | null;
  /** Milliseconds; null until the upload was completed. */
  completedAt: number | null;
};

export type WireEntry = {
  id: number;
  at: string;
  direction: 'to Herald' | 'to Slack';
  what: string;
  status: number;
  outcome: string;
  ms: number;
  signature: string | null;
  request: string;
  response: string;
};

export type Change =
  | { kind: 'message'; message: StoredMessage }
  | { kind: 'gone'; channel: string; ts: string; onlyFor: string | null }
  | { kind: 'home'; person: string; blocks: readonly unknown[] }
  | { kind: 'wire'; entry: WireEntry };

const wireKept = 200;

export function createState(now: () => Date) {
  const messages: StoredMessage[] = [];
  const files = new Map<string, StoredFile>();
  const homes = new Map<string, readonly unknown[]>();
  const wire: WireEntry[] = [];
  const listeners = new Set<(change: Change) => void>();
  let lastMicros = 0;
  const tell = (change: Change) => {
    for (const listener of listeners) listener(change);
  };

  return {
    messages: messages as readonly StoredMessage[],
    files,
    homes: homes as ReadonlyMap<string, readonly unknown[]>,
    wire: wire as readonly WireEntry[],

    /** Message ids are the time in seconds with six decimals; never the same twice. */
    nextTs(): string {
      lastMicros = Math.max(now().getTime() * 1000, lastMicros + 1);
      return `${Math.floor(lastMicros / 1e6)}.${String(lastMicros % 1e6).padStart(6, '0')}`;
    },

    add(draft: Partial<StoredMessage> & Pick<StoredMessage, 'channel' | 'author' | 'text'>): StoredMessage {
      const message: StoredMessage = {
        ts: this.nextTs(),
        threadTs: null,
        blocks: [],
        files: [],
        metadata: null,
        onlyFor: null,
        edited: false,
        ...draft,
      };
      messages.push(message);
      tell({ kind: 'message', message });
      return message;
    },

    find: (channel: string, ts: string) =>
      messages.find((message) => message.channel === channel && message.ts === ts) ?? null,

    edit(message: StoredMessage, change: Pick<StoredMessage, 'text' | 'blocks'>): void {
      Object.assign(message, change, { edited: true });
      tell({ kind: 'message', message });
    },

    remove(message: StoredMessage): void {
      messages.splice(messages.indexOf(message), 1);
      tell({ kind: 'gone', channel: message.channel, ts: message.ts, onlyFor: message.onlyFor });
    },

    publishHome(person: string, blocks: readonly unknown[]): void {
      homes.set(person, blocks);
      tell({ kind: 'home', person, blocks });
    },

    log(entry: Omit<WireEntry, 'id' | 'at'>): void {
      const full = { id: (wire.at(-1)?.id ?? 0) + 1, at: now().toISOString(), ...entry };
      wire.push(full);
      if (wire.length > wireKept) wire.shift();
      tell({ kind: 'wire', entry: full });
    },

    subscribe(listener: (change: Change) => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },

    /** What one person sees: their channels, their direct message, and the ephemeral lines meant for them. */
    visibleTo: (person: string, message: StoredMessage): boolean =>
      message.onlyFor === null
        ? (dmOwner(message.channel)?.id === person ||
            channelById(message.channel)?.members.includes(person)) === true
        : message.onlyFor === person,
  };
}

export type State = ReturnType<typeof createState>;
