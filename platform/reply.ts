/** What a complete HTTP reply means to a reader: fine, or a fault of which kind. */
import { scrub } from './log.ts';
import { ReadFault, type ReadFaultKind } from './read-fault.ts';

export type Reply = { status: number; headers: Headers; text: string };

/** The platform's own reading of a refused reply, e.g. a 403 that means "daily limit"; null leaves it to the status. */
export type Classify = (status: number, headers: Headers, text: string) => ReadFaultKind | null;

/** Kind of a refused reply by its status alone. */
export function kindOfStatus(status: number): ReadFaultKind {
  if (status === 401) return 'auth_expired';
  if (status === 403) return 'permission_denied';
  if (status === 410) return 'cursor_expired';
  if (status === 429) return 'rate_limited';
  if (status === 408 || status === 425 || status >= 500) return 'transient';
  // Redirects are not followed: a token or a client secret would go to an address that nobody configured.
  if (status < 400) return 'protocol';
  return 'fatal';
}

/** Milliseconds of a Retry-After header: seconds (also with decimals) or an HTTP date; null when absent or unreadable. */
export function retryAfterMs(headers: Headers, now: Date): number | null {
  const value = headers.get('retry-after')?.trim();
  if (!value) return null;
  if (/^\d+(\.\d+)?$/.test(value)) return Math.ceil(Number(value) * 1000);
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : Math.max(0, at - now.getTime());
}

/** The first words of a reply, fit for an operator's screen: one line, no secrets, no control characters. */
export function excerpt(text: string): string {
  const line = scrub(text.slice(0, 2000))
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim();
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}

/** The fault in a complete reply, or null when it is what a reader wants: 2xx with well-formed JSON (or 204). */
export function faultOf(reply: Reply, where: string, now: Date, classify: Classify): ReadFault | null {
  const { status, headers, text } = reply;
  const isSuccess = status >= 200 && status < 300;
  if (!isSuccess) {
    const kind = classify(status, headers, text) ?? kindOfStatus(status);
    return new ReadFault(kind, `${where} answered ${status}: ${excerpt(text) || 'no explanation'}`, {
      status,
      retryAfterMs: retryAfterMs(headers, now),
    });
  }
  if (status === 204) return null;
  const type = headers.get('content-type') ?? 'no content type';
  if (!/[/+]json\b/i.test(type)) {
    return new ReadFault(
      'protocol',
      `${where} answered ${status} with ${excerpt(type)} where JSON was expected`,
      { status },
    );
  }
  try {
    JSON.parse(text);
    return null;
  } catch (cause) {
    // A proxy that gives up mid-body ends its chunks properly: what arrives is the start of good JSON.
    return new ReadFault('transient', `${where} answered ${status} with JSON that is broken or cut short`, {
      status,
      cause,
    });
  }
}
