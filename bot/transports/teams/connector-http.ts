/**
 * The HTTP under teams-ai's connector client. Its own pipeline retries posts up to three times, also after a
 * connection that broke when the message was already accepted, which posts it twice, and it has no time-out.
 * Throwing our own error from the innermost client takes every retry away: its retry policy leaves alone
 * what is not a RestError.
 */
import { TeamsSendError } from './send-error.ts';

type Headers = { toJson(options?: { preserveCase?: boolean }): Record<string, string> };
export type ConnectorRequest = { url: string; method: string; body?: unknown; headers: Headers };

/** Codes of failures before a connection stood: nothing can have arrived. */
const neverConnected = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
]);

const maxAnswerBytes = 1_000_000;

/** Send one request and read its whole answer within `timeoutMs`. Rejects with `TeamsSendError` unless 2xx. */
export async function sendOnce(
  request: ConnectorRequest,
  timeoutMs: number,
): Promise<{ status: number; headers: Record<string, string>; text: string }> {
  const writes = request.method !== 'GET';
  let response: Response;
  let text: string;
  try {
    response = await fetch(request.url, {
      method: request.method,
      headers: request.headers.toJson({ preserveCase: true }),
      ...(typeof request.body === 'string' ? { body: request.body } : {}),
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    text = await response.text();
  } catch (cause) {
    const code = failureCode(cause);
    const ambiguous = writes && !neverConnected.has(code);
    throw new TeamsSendError(`No answer from Teams (${code}).`, { status: null, ambiguous, cause });
  }
  if (response.ok && text.length <= maxAnswerBytes)
    return { status: response.status, headers: Object.fromEntries(response.headers), text };
  throw new TeamsSendError(`Teams answered ${response.status}${errorCode(text)}.`, {
    status: response.status,
    // A gateway's 5xx says nothing about what happened behind it; 503 is Teams' own "not taken".
    ambiguous: writes && (response.ok || (response.status >= 500 && response.status !== 503)),
    retryAfterMs: retryAfter(response.headers.get('retry-after')),
  });
}

function failureCode(thrown: unknown): string {
  for (let at: unknown = thrown; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string') return at.code;
    if (at.name === 'TimeoutError') return 'timeout';
  }
  return thrown instanceof Error ? thrown.name : 'unknown';
}

/** The connector's own error code ("MessageSizeTooBig"); its message may repeat our content, so it stays out. */
function errorCode(text: string): string {
  const code = /"code"\s*:\s*"([A-Za-z0-9_]{1,60})"/.exec(text)?.[1];
  return code ? ` ${code}` : '';
}

function retryAfter(header: string | null): number | null {
  const seconds = Number(header);
  return header !== null && Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds, 3600) * 1000 : null;
}
