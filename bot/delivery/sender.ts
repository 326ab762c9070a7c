import type { Payload } from './payload.ts';

/** One delivery, as its sender sees it. */
export type Delivery<P extends Payload = Payload> = {
  to: string;
  slotKey: string;
  payload: P;
  /** What the platform said of the delivery that this one follows (a thread's first message); null without one. */
  after: Receipt | null;
  /** What earlier tries finished. */
  progress: Readonly<Record<string, unknown>>;
  /** Remember a finished step before the next one. */
  keep(progress: Readonly<Record<string, unknown>>): Promise<void>;
  /** Bytes of a blob; throws when they are gone. */
  load(hash: string): Promise<Uint8Array>;
  /** True while the claim is safely ours: ask just before the call that cannot be taken back. */
  stillOurs(): boolean;
};

/** How to find it again: {channel, ts}, {conversation, id}, {messageId}. */
export type Receipt = Readonly<Record<string, string>>;

export type Outcome =
  | { kind: 'sent'; receipt: Receipt }
  /** Surely not there: it may be tried again, unless that cannot help. */
  | { kind: 'not_sent'; reason: string; retryAfterMs?: number | null; permanent?: boolean }
  /** Perhaps there: it must be looked for before another try. */
  | { kind: 'ambiguous'; reason: string };

/** A platform's side of the outbox. One call, one attempt. */
export type Sender<P extends Payload = Payload> = {
  send(delivery: Delivery<P>): Promise<Outcome>;
  /** Copies that the platform has since then, oldest first. Absent where nobody can look. */
  find?(delivery: Delivery<P>, since: Date): Promise<readonly Receipt[]>;
  /** Take away a second copy that was accepted late. */
  remove?(receipt: Receipt): Promise<void>;
};

export type Senders = {
  slack?: Sender<Extract<Payload, { kind: 'slack' }>>;
  teams?: Sender<Extract<Payload, { kind: 'teams' }>>;
  mail?: Sender<Extract<Payload, { kind: 'mail' }>>;
};
