/**
 * The one guarded door to postgres.js.
 *
 * The driver has three open faults that lose data or hang: a transaction callback goes on after its connection died
 * and later statements autocommit on another connection; a COPY that the server refuses never settles; a dead socket
 * can throw where nobody can catch it. `inTransaction` guards against the first (each statement is refused once any
 * connection of the pool closed; foreign keys to the batch row are the second layer); `copyInto` against the second.
 */
import postgres from 'postgres';
import { DatabaseFault } from './fault.ts';

export type Sql = postgres.Sql<{ bigint: number; date: string }>;
export type Transaction = postgres.TransactionSql<{ bigint: number; date: string }>;
/** What a query needs: a pool or a transaction. */
export type Queryable = Sql | Transaction;

export type Database = {
  url: string;
  sql: Sql;
  inTransaction<T>(
    work: (tx: Transaction) => Promise<T>,
    options?: { isolation?: 'read committed' | 'repeatable read' },
  ): Promise<T>;
  close(): Promise<void>;
};

export type ClientOptions = {
  /** Shown in pg_stat_activity. */
  name: string;
  max?: number;
  statementTimeoutMs?: number;
};

/** Integers of 64 bits come as numbers (ours stay below 2^53), calendar dates as 'YYYY-MM-DD': a Date would shift them. */
const types = {
  bigint: { to: 20, from: [20], serialize: String, parse: Number },
  date: { to: 1082, from: [1082], serialize: (value: string) => value, parse: (value: string) => value },
};

export function openDatabase(url: string, options: ClientOptions): Database {
  let closes = 0;
  const sql = postgres(url, {
    max: options.max ?? 8,
    types,
    onnotice: () => undefined,
    onclose: () => {
      closes++;
    },
    connect_timeout: 10,
    idle_timeout: 0,
    max_lifetime: null,
    // Short and constant: with the default, queries wait for many seconds after a restart of the server.
    backoff: () => 0.2,
    connection: { application_name: options.name, statement_timeout: options.statementTimeoutMs ?? 60_000 },
  }) as unknown as Sql;

  return {
    url,
    sql,
    async inTransaction<T>(
      work: (tx: Transaction) => Promise<T>,
      { isolation = 'read committed' }: { isolation?: 'read committed' | 'repeatable read' } = {},
    ): Promise<T> {
      const before = closes;
      const check = () => {
        if (closes !== before)
          throw new DatabaseFault(
            'unavailable',
            'The database connection was lost in the middle of a transaction; nothing of it was kept.',
          );
      };
      return (await sql.begin(`isolation level ${isolation}`, async (tx) => {
        const result = await work(guarded(tx as unknown as Transaction, check));
        check();
        return result;
      })) as T;
    },
    close: () => sql.end({ timeout: 5 }),
  };
}

/** Every statement of the transaction goes through `check` first. */
function guarded(tx: Transaction, check: () => void): Transaction {
  return new Proxy(tx, {
    apply(target, self, args) {
      check();
      return Reflect.apply(target as unknown as (...all: unknown[]) => unknown, self, args);
    },
    get(target, name, receiver) {
      const value = Reflect.get(target, name, receiver) as unknown;
      if (name !== 'unsafe' && name !== 'file' && name !== 'savepoint') return value;
      return (...args: unknown[]) => {
        check();
        return (value as (...all: unknown[]) => unknown).apply(target, args);
      };
    },
  });
}

/** True for faults that pass when the server is back; the caller may try the whole transaction again. */
export function isPassing(error: unknown): boolean {
  if (error instanceof DatabaseFault) return error.kind === 'unavailable';
  const code = (error as { code?: string } | null)?.code ?? '';
  return (
    [
      'CONNECTION_CLOSED',
      'CONNECTION_ENDED',
      'CONNECTION_DESTROYED',
      'CONNECT_TIMEOUT',
      'ECONNREFUSED',
      'ECONNRESET',
      'EPIPE',
      '57P01',
      '57P02',
      '57P03',
      '40001',
      '40P01',
      '53300',
      '53400',
    ].includes(code) || code.startsWith('08')
  );
}
