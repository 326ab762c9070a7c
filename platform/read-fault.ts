/** How a call to another system is said to have failed; the kind decides who acts. */

import { HeraldError } from './errors.ts';

/** Only the first three retry by themselves. */
export type ReadFaultKind =
  | 'transient'
  | 'rate_limited'
  | 'quota_exhausted'
  | 'auth_expired'
  | 'auth_revoked'
  | 'permission_denied'
  | 'cursor_expired'
  | 'no_progress'
  | 'protocol'
  /** Not even tried: the breaker is open. */
  | 'unreachable'
  | 'fatal';

/** Waiting does not help: somebody has to mend credentials, permissions or settings. */
const operatorKinds: ReadonlySet<ReadFaultKind> = new Set([
  'auth_expired',
  'auth_revoked',
  'permission_denied',
  'fatal',
]);

export class ReadFault extends Error {
  override name = 'ReadFault';
  readonly kind: ReadFaultKind;
  /** Wait at least this long before the next try, when the system said so. */
  readonly retryAfterMs: number | null;
  /** HTTP status of the reply that said so; null when there was none. */
  readonly status: number | null;
  constructor(
    kind: ReadFaultKind,
    message: string,
    options: { retryAfterMs?: number | null; status?: number | null; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = kind;
    this.retryAfterMs = options.retryAfterMs ?? null;
    this.status = options.status ?? null;
  }
}

export function needsOperator(thrown: unknown): boolean {
  if (thrown instanceof ReadFault) return operatorKinds.has(thrown.kind);
  return thrown instanceof HeraldError && thrown.kind === 'setup';
}
