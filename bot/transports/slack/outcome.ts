/** What a failed call to Slack means: surely not done, or perhaps done. */
import { RespondError, webApi } from '@slack/bolt';

export type Failure =
  | { kind: 'not_sent'; reason: string; retryAfterMs: number | null }
  | { kind: 'ambiguous'; reason: string };

/** Slack's own page: "it's possible some aspect of the operation succeeded before the error was raised". */
const perhapsDone = new Set(['fatal_error', 'internal_error', 'request_timeout', 'service_unavailable']);

/** The connection was never made, so nothing was written. */
const neverConnected = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

const refusals = new Set([
  'invalid_blocks',
  'invalid_blocks_format',
  'msg_blocks_too_long',
  'invalid_attachments',
]);

export function classify(thrown: unknown): Failure {
  if (thrown instanceof webApi.WebAPIRateLimitedError) {
    return { kind: 'not_sent', reason: 'rate_limited', retryAfterMs: thrown.retryAfter * 1000 };
  }
  if (thrown instanceof webApi.WebAPIPlatformError) {
    const reason = thrown.data.error;
    return perhapsDone.has(reason)
      ? { kind: 'ambiguous', reason }
      : { kind: 'not_sent', reason, retryAfterMs: null };
  }
  if (thrown instanceof webApi.WebAPIHTTPError) {
    const reason = `http_${thrown.statusCode}`;
    return thrown.statusCode >= 500 || thrown.statusCode === 408
      ? { kind: 'ambiguous', reason }
      : { kind: 'not_sent', reason, retryAfterMs: null };
  }
  const code = causeCode(thrown);
  if (code !== null && neverConnected.has(code))
    return { kind: 'not_sent', reason: code, retryAfterMs: null };
  return { kind: 'ambiguous', reason: code ?? (thrown instanceof Error ? thrown.name : 'unknown') };
}

/** True when Slack took offence at the blocks, so that a plainer message may still go out. */
export function refusedBlocks(thrown: unknown): boolean {
  if (thrown instanceof webApi.WebAPIPlatformError) return refusals.has(thrown.data.error);
  // A response_url tells no more than its status; 404 and 410 mean that the URL itself is spent.
  return thrown instanceof RespondError && ![404, 410, 429].includes(thrown.statusCode);
}

/** undici and the SDK both wrap: the system's code is somewhere along the chain of causes. */
function causeCode(thrown: unknown): string | null {
  let at: unknown = thrown;
  for (let depth = 0; depth < 5 && at instanceof Error; depth += 1) {
    if ('code' in at && typeof at.code === 'string' && !at.code.startsWith('slack_')) return at.code;
    at = at instanceof webApi.WebAPIRequestError ? at.original : at.cause;
  }
  return null;
}
