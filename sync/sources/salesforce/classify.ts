/** What Salesforce's refusals mean, by the error code in their body. */
import type { ReadFaultKind } from '../../source.ts';

const byCode: Record<string, ReadFaultKind> = {
  INVALID_SESSION_ID: 'auth_expired',
  // 403 without Retry-After: the 24-hour allowance is used up, and sleeping would not help.
  REQUEST_LIMIT_EXCEEDED: 'quota_exhausted',
  INVALID_QUERY_LOCATOR: 'cursor_expired',
  INVALID_REPLICATION_DATE: 'cursor_expired',
  QUERY_TIMEOUT: 'transient',
  UNABLE_TO_LOCK_ROW: 'transient',
  SERVER_UNAVAILABLE: 'transient',
  UNKNOWN_EXCEPTION: 'transient',
  API_DISABLED_FOR_ORG: 'permission_denied',
  API_CURRENTLY_DISABLED: 'permission_denied',
  INSUFFICIENT_ACCESS: 'permission_denied',
  CLIENT_NOT_ACCESSIBLE_FOR_USER: 'permission_denied',
};

/** Null where the status says enough. */
export function classifySalesforce(status: number, _headers: Headers, text: string): ReadFaultKind | null {
  const code = errorCodeOf(text);
  if (code && byCode[code]) return byCode[code];
  // "Enhance your calm": seen from overloaded instances.
  return status === 420 ? 'rate_limited' : null;
}

/** The code of a refusal: `[{errorCode}]` from the API, `{error}` from the token endpoint; null when it has none. */
export function errorCodeOf(text: string): string | null {
  const body = parsed(text);
  const first: unknown = Array.isArray(body) ? body[0] : body;
  if (typeof first !== 'object' || first === null) return null;
  if ('errorCode' in first && typeof first.errorCode === 'string') return first.errorCode;
  return 'error' in first && typeof first.error === 'string' ? first.error : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    // A gateway's HTML page has no code; its status tells what it is.
    if (!(thrown instanceof SyntaxError)) throw thrown;
    return null;
  }
}
