/** The one way to Slack's Web API. */
import { webApi } from '@slack/bolt';
import type { Log } from '../../../platform/log.ts';
import { boltLog } from './bolt-log.ts';

/** Longer than Slack's slowest observed answers, shorter than the lease of an outbox row (60 s). */
const timeoutMs = 20_000;

/** Bolt's `respond` uses this too; the platform's own fetch would wait for ever. */
export const timedFetch: typeof fetch = (input, init) =>
  fetch(input, { ...init, signal: init?.signal ?? AbortSignal.timeout(timeoutMs) });

export type ClientOptions = NonNullable<ConstructorParameters<typeof webApi.WebClient>[1]>;

/**
 * The SDK's defaults post a message again when only the reply was lost, wait for ever, and hold up every
 * channel while one is rate limited. So: no retries, a hard time limit, and 429 is handed to the caller.
 */
export function clientOptions(log: Log, slackApiUrl?: string): ClientOptions {
  return {
    ...(slackApiUrl ? { slackApiUrl } : {}),
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: timeoutMs,
    allowAbsoluteUrls: false,
    fetch: timedFetch,
    logger: boltLog(log),
  };
}

export type SlackClient = webApi.WebClient;

export function createSlackClient(token: string, options: ClientOptions): SlackClient {
  return new webApi.WebClient(token, options);
}
