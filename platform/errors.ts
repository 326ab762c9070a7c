/**
 * One error type for the whole house. Its kind says who acts:
 * - `ask`: the asker rewords the question
 * - `access`: the asker is not permitted
 * - `setup`: the operator mends the configuration
 * - `upstream`: another system is unavailable; we retry
 * - `bug`: we fix
 */
export type FaultKind = 'ask' | 'access' | 'setup' | 'upstream' | 'bug';

/** Exit codes of the terminal (sysexits.h where it has a fitting one). 0 is "answered". */
export const exitCodes: Record<FaultKind, number> = { ask: 2, access: 77, setup: 78, upstream: 75, bug: 70 };

export class HeraldError extends Error {
  readonly kind: FaultKind;
  /** For the log only: what the person should not have to read. Never a secret. */
  readonly note: string | null;
  /** Up to three texts that the person can send instead; shown as buttons that run. */
  readonly suggestions: readonly string[];

  constructor(
    kind: FaultKind,
    /** What the person reads: what was expected, what came, what to do next. */
    message: string,
    options: { note?: string; cause?: unknown; suggestions?: readonly string[] } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'HeraldError';
    this.kind = kind;
    this.note = options.note ?? null;
    this.suggestions = (options.suggestions ?? []).slice(0, 3);
  }
}

/** Shape of a refused request in every machine-readable answer. */
export type Problem = { kind: FaultKind; message: string; suggestions: readonly string[] };

/** Turn anything thrown into the one error type; what we did not foresee is our fault. */
export function toHeraldError(thrown: unknown): HeraldError {
  if (thrown instanceof HeraldError) return thrown;
  const note = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  return new HeraldError(
    'bug',
    'Something went wrong inside Herald. It has been logged; try again in a minute.',
    {
      note,
      cause: thrown,
    },
  );
}

export function toProblem(thrown: unknown): Problem {
  const { kind, message, suggestions } = toHeraldError(thrown);
  return { kind, message, suggestions };
}
