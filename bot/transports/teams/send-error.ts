/** A call to the Teams connector that did not succeed, and what is known about its effect. */
export class TeamsSendError extends Error {
  /** HTTP status, or null when no answer came. */
  readonly status: number | null;
  /** True when the message may have been posted all the same: never post again without looking. */
  readonly ambiguous: boolean;
  readonly retryAfterMs: number | null;

  constructor(
    reason: string,
    known: { status: number | null; ambiguous: boolean; retryAfterMs?: number | null; cause?: unknown },
  ) {
    super(reason, known.cause === undefined ? undefined : { cause: known.cause });
    this.name = 'TeamsSendError';
    this.status = known.status;
    this.ambiguous = known.ambiguous;
    this.retryAfterMs = known.retryAfterMs ?? null;
  }
}

/** What became of a delivery; `permanent` means that repeating it cannot help (the bot was removed, a bad card). */
export type Delivery =
  | { kind: 'sent'; id: string }
  | { kind: 'not_sent'; reason: string; permanent: boolean; retryAfterMs: number | null }
  | { kind: 'ambiguous'; reason: string };

/** Statuses after which Teams asks to try again; any other 4xx says the same on every try. */
const passing = new Set([401, 408, 412, 429]);

/** Sort a failure by what may be done next. */
export function classify(thrown: unknown): Delivery {
  if (!(thrown instanceof TeamsSendError))
    return { kind: 'ambiguous', reason: thrown instanceof Error ? thrown.message : String(thrown) };
  if (thrown.ambiguous) return { kind: 'ambiguous', reason: thrown.message };
  const permanent = thrown.status !== null && thrown.status < 500 && !passing.has(thrown.status);
  return { kind: 'not_sent', reason: thrown.message, permanent, retryAfterMs: thrown.retryAfterMs };
}
