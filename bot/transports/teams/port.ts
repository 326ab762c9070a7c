/**
 * All that Herald needs of a Teams library. teams-ai stands behind it today; it is past its support,
 * so nothing outside `teams-ai-port.ts` may know it.
 */

/** Where a conversation can be reached later: plain JSON, kept on every turn because `serviceUrl` moves. */
export type Reference = {
  serviceUrl: string;
  /** With `;messageid=…` it is one thread of a channel, without it the channel itself. */
  conversation: string;
  kind: 'personal' | 'channel' | 'groupChat';
  tenant: string | null;
  bot: { id: string; name: string };
};

/** The other side of a turn. `member` is the id of the bot's own roster, `id` the directory's (stable). */
export type TeamsPerson = { id: string; member: string; name: string };

export type TeamsMessage = { text: string } | { card: unknown; summary: string };

export type Turn = {
  activityId: string;
  /** The message that the pressed card belongs to. */
  replyToId: string | null;
  reference: Reference;
  person: TeamsPerson;
  /** As typed, with mention markup and entities. */
  rawText: string;
  mentions: readonly { id: string; text: string }[];
};

/** What Action.Execute or Action.Submit brought; nothing in it is trusted. */
export type PressedData = { verb: unknown; data: unknown };

/** The reply to Action.Execute: a card in place of the pressed one, or a short line. */
export type PressAnswer = { card: unknown } | { line: string };

export interface TeamsPort {
  /** A typed message. The platform has its 200 when the handler resolves, so long work goes elsewhere. */
  onMessage(handler: (turn: Turn) => Promise<void>): void;
  /** Action.Execute: to be answered within the platform's five seconds. */
  onExecute(handler: (turn: Turn, pressed: PressedData) => Promise<PressAnswer>): void;
  /** Action.Submit, which Teams sends as a message without text. */
  onSubmit(handler: (turn: Turn, pressed: PressedData) => Promise<void>): void;
  /** The bot was added to a chat or team. */
  onInstalled(handler: (turn: Turn) => Promise<void>): void;
  /** Validate the token, then run the handler. Refusals are a status, never a throw. */
  receive(authorization: string, activity: Record<string, unknown>): Promise<Received>;
  /** Returns the new message's id. Rejects with `TeamsSendError`. */
  send(to: Reference, message: TeamsMessage): Promise<string>;
  update(to: Reference, activityId: string, message: TeamsMessage): Promise<void>;
  remove(to: Reference, activityId: string): Promise<void>;
  /** Open (or find) the bot's private chat with somebody it shares a conversation with. */
  openDirect(from: Reference, person: { member: string }): Promise<Reference>;
}

export type Received =
  | { kind: 'done'; status: number; body: unknown }
  /** `status` 401: nothing was run; 503: the signing keys could not be read. */
  | { kind: 'refused'; status: 401 | 503; reason: string };
