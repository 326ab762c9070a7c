/** A read-only connection of our own to somebody else's Postgres: one socket, a deadline on every statement, closed after each read. */
import postgres from 'postgres';
import { type ReadContext, ReadFault, type ReadFaultKind } from '../../source.ts';
import type { PostgresSettings } from './settings.ts';

export type Row = Record<string, string | null>;
export type Connection = {
  /** One statement; parameters are sent as text and cast in the statement. @throws ReadFault */
  ask(statement: string, parameters?: readonly string[]): Promise<Row[]>;
};

/** Network and cancellation grace beyond the server's own statement time-out. */
const graceMs = 5_000;

/** Opens, hands over, and always closes, also when the consumer of a generator walks away. */
export async function* connected<T>(
  name: string,
  settings: PostgresSettings,
  context: ReadContext,
  use: (connection: Connection) => AsyncIterable<T>,
): AsyncIterable<T> {
  const timeoutMs = settings.statementTimeoutSeconds * 1000;
  const sql = postgres(settings.url, {
    max: 1,
    connect_timeout: 10,
    // The default grows to 20 s: a restarted server would look dead for as long.
    backoff: () => 0.5,
    // Everything is cast to text in the statement: no types to look up, no number ever parsed to a float.
    fetch_types: false,
    // A pooler in transaction mode (PgBouncer) loses prepared statements between two of ours.
    prepare: false,
    onnotice: () => undefined,
    connection: {
      application_name: 'herald',
      default_transaction_read_only: 'on',
      statement_timeout: timeoutMs,
      TimeZone: 'UTC',
      DateStyle: 'ISO, YMD',
    } as Record<string, string | number>,
  });
  const ask: Connection['ask'] = async (statement, parameters = []) => {
    context.signal.throwIfAborted();
    const rows = sql.unsafe<Row[]>(statement, [...parameters]);
    try {
      return await orDeadline(rows, timeoutMs + graceMs, context.signal);
    } catch (thrown) {
      context.signal.throwIfAborted();
      throw toReadFault(name, thrown);
    }
  };
  try {
    yield* use({ ask });
  } finally {
    await sql.end({ timeout: 0 });
  }
}

/** A dead peer never answers, so the wait has an end that does not depend on it. */
async function orDeadline<T>(work: PromiseLike<T>, ms: number, signal: AbortSignal): Promise<T> {
  const stop = AbortSignal.any([signal, AbortSignal.timeout(ms)]);
  let onStop: (() => void) | undefined;
  const stopped = new Promise<never>((_resolve, reject) => {
    onStop = () => reject(new ReadFault('transient', `no answer within ${ms / 1000} s`));
    stop.addEventListener('abort', onStop, { once: true });
  });
  try {
    return await Promise.race([work, stopped]);
  } finally {
    if (onStop) stop.removeEventListener('abort', onStop);
  }
}

/** SQLSTATE → who acts. https://www.postgresql.org/docs/current/errcodes-appendix.html */
const kinds: Record<string, ReadFaultKind> = {
  '28P01': 'auth_revoked',
  '28000': 'auth_revoked',
  '42501': 'permission_denied',
  '3D000': 'fatal',
  '42P01': 'fatal',
  '42703': 'fatal',
};

function toReadFault(name: string, thrown: unknown): ReadFault {
  if (thrown instanceof ReadFault)
    return new ReadFault(thrown.kind, `${name}: ${thrown.message}`, { cause: thrown });
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const code = 'code' in error ? String(error.code) : '';
  const kind = kinds[code] ?? (/^(22|42|0A)/.test(code) ? 'fatal' : 'transient');
  return new ReadFault(kind, `${name}: the database answered "${error.message}"${code ? ` (${code})` : ''}`, {
    cause: error,
  });
}
