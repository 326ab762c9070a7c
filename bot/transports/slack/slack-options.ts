/** What the Slack transport is handed, and the one shape in which messages travel through it. */
import type { Log } from '../../../platform/log.ts';
import type { Desk, Reply } from '../../commands/command.ts';

/** `text` is what notifications, screen readers and old clients show; it always carries the number. */
export type SlackMessage = { text: string; blocks: readonly unknown[] };

/**
 * How the chart is shown. `file` is an uploaded picture (public in its channel), `url` one that Slack
 * fetches from us, `native` a `data_visualization` block that Slack draws, `none` leaves it out.
 */
export type Chart =
  | { kind: 'file'; fileId: string }
  | { kind: 'url'; url: string }
  | { kind: 'native' }
  | { kind: 'none' };

/** Reply → Block Kit; injected, so that the transport knows nothing of layout. */
export type Present = (reply: Reply, options: { chart: Chart }) => SlackMessage;

export type SlackOptions = {
  desk: Desk;
  present: Present;
  signingSecret: string;
  botToken: string;
  /** Ends with a slash; the default is Slack's own. */
  slackApiUrl?: string;
  /** Where Slack can reach us from the internet; without it, private pictures are drawn natively. */
  publicUrl?: string | null;
  /** A short-lived signed URL of an answer's picture, or null when there is none. */
  pictureUrl?: (answerId: string) => Promise<string | null>;
  /** Remembers a key and says whether it was known before; must be atomic across replicas. */
  seen: (key: string) => Promise<boolean>;
  now: () => Date;
  wait: (ms: number) => Promise<void>;
  log: Log;
  commandName?: string;
};
