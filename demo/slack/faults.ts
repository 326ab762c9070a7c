/** What can go wrong on Slack's side, switched on by tests. */
export type Faults = {
  /** How long a finished upload is scanned before a message may show it. */
  readyAfterMs: number;
  uploadFails: boolean;
  /** Channels that the bot was not invited to. */
  botOutOf: Set<string>;
  /** Error with which a method is refused, or null. */
  refuse: (method: string) => string | null;
  /** True when the method takes effect and its reply is lost. */
  loseReply: (method: string) => boolean;
};

export const noFaults = (): Faults => ({
  readyAfterMs: 350,
  uploadFails: false,
  botOutOf: new Set(),
  refuse: () => null,
  loseReply: () => false,
});
