/**
 * The one guarded door to postgres.js.
 *
 * The driver has open faults that lose data or hang: a transaction callback goes on after its connection died and
 * later statements autocommit on another connection; queries that meet a dead connection wait for ever. `inTransaction`
 * guards against the first (each statement is refused once any connection of the pool closed; foreign keys to the
 * batch row are the second layer), pools of which each is left behind once it lost a connection against the second.
 */
import { DatabaseFault } from './fault.ts';
import { openPool, type Pool, type PoolOptions, type Sql, type Transaction } from './pool.ts';

export type { Sql, Transaction } from './pool.ts';
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

export type ClientOptions = PoolOptions;

export function openDatabase(url: string, options: ClientOptions): Database {
  const pools = new Set<Pool>();
  let current: Pool | null = null;
  const open = () => {
    const pool = openPool(url, options, () => {
      if (current === pool) current = null;
    });
    pools.add(pool);
    return pool;
  };
  let isClosed = false;
  const pool = () => {
    current ??= open();
    // Refuses, as the driver does.
    if (isClosed) void current.end();
    return current;
  };
  // Listens again by itself, on a connection of its own, for as long as its pool lives.
  let ear: Pool | null = null;
  const listening = () => {
    ear ??= open();
    return ear;
  };

  return {
    url,
    sql: newest(pool, listening),
    inTransaction: (work, { isolation = 'read committed' } = {}) =>
      pool().begin(isolation, (tx, check) => work(guarded(tx, check))),
    async close() {
      isClosed = true;
      await Promise.all([...pools].map((one) => one.end()));
    },
  };
}

/** The driver's own face, of the generation that works now; nothing asked through it waits for ever. */
function newest(pool: () => Pool, listening: () => Pool): Sql {
  return new Proxy((() => undefined) as unknown as Sql, {
    apply(_target, _self, args) {
      const { sql, watch } = pool();
      return watch(Reflect.apply(sql as unknown as (...all: unknown[]) => unknown, sql, args));
    },
    get(_target, name) {
      const { sql, watch } = name === 'listen' ? listening() : pool();
      const value = Reflect.get(sql, name) as unknown;
      if (name !== 'unsafe' && name !== 'file') return value;
      return (...args: unknown[]) => watch((value as (...all: unknown[]) => unknown).apply(sql, args));
    },
  });
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
