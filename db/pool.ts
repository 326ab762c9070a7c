/**
 * One generation of connections to one database.
 *
 * When a connection dies, postgres.js keeps its object and uses it again: with bytes of the dead talk before the new
 * one's, with a write timer that never fires again, and with a late "rollback" of whoever lost it. Queries that meet
 * such an object wait for ever, or are rolled back with somebody else's transaction. So a generation that lost a
 * connection takes no new work, what waits in it is refused, and nothing waits without a deadline.
 */
import { setImmediate as turn } from 'node:timers/promises';
import postgres from 'postgres';
import { arrayTypes } from './array-types.ts';
import { DatabaseFault } from './fault.ts';

export type Sql = postgres.Sql<{ bigint: number; date: string }>;
export type Transaction = postgres.TransactionSql<{ bigint: number; date: string }>;

export type PoolOptions = {
  /** Shown in pg_stat_activity. */
  name: string;
  max?: number;
  statementTimeoutMs?: number;
};

export type Pool = {
  sql: Sql;
  /** A query of the driver's; what is none comes back as it is. Rejects with `unavailable` at its deadline. */
  watch<T>(query: T): T;
  begin<T>(isolation: string, work: (tx: Transaction, check: () => void) => Promise<T>): Promise<T>;
  end(): Promise<void>;
};

/** The server ends a statement at its own timeout; this much later it is the connection that is lost. */
const GRACE_MS = 10_000;
/** A healthy connection takes up a waiting query within this, once its generation has no new work. */
const STRANDED_MS = 2_000;
const STATEMENT_TIMEOUT_MS = 60_000;

/** Integers of 64 bits come as numbers (ours stay below 2^53), calendar dates as 'YYYY-MM-DD': a Date would shift them. */
const types = {
  bigint: { to: 20, from: [20], serialize: String, parse: Number },
  date: { to: 1082, from: [1082], serialize: (value: string) => value, parse: (value: string) => value },
};

/**
 * What the driver's queries are beside promises. `active`: a connection works at it. Not so what was handed to one
 * between its error and its end: the driver forgets that.
 */
type Query = {
  active: boolean;
  handle(): Promise<void>;
  resolve(value: unknown): void;
  reject(reason: unknown): void;
};

type Waiting = { isWorkedAt: () => boolean; refuse: (why: DatabaseFault) => void };

/** `onLost` is told once, when the first connection died. */
export function openPool(url: string, options: PoolOptions, onLost: () => void): Pool {
  const { statementTimeoutMs = STATEMENT_TIMEOUT_MS } = options;
  const underWay = new Set<Waiting>();
  let closes = 0;
  let ending: Promise<void> | null = null;
  const sql = postgres(url, {
    max: options.max ?? 8,
    types: { ...arrayTypes, ...types },
    fetch_types: false,
    onnotice: () => undefined,
    onclose: () => {
      closes++;
      if (closes === 1 && !ending) lose();
    },
    connect_timeout: 10,
    idle_timeout: 0,
    max_lifetime: null,
    // Short and constant: with the default, queries wait for many seconds after a restart of the server.
    backoff: () => 0.2,
    connection: { application_name: options.name, statement_timeout: statementTimeoutMs },
  }) as unknown as Sql;

  function lose(): void {
    onLost();
    const patience = setTimeout(() => {
      for (const one of underWay)
        if (!one.isWorkedAt()) one.refuse(unavailable('The database connection was lost.'));
      endWhenIdle();
    }, STRANDED_MS);
    patience.unref();
  }

  function end(): Promise<void> {
    // What the driver left half done in a lost generation cannot be mended: there is nothing to wait for.
    ending ??= sql.end({ timeout: closes > 0 && underWay.size === 0 ? 0 : 5 });
    return ending;
  }

  function endWhenIdle(): void {
    if (closes > 0 && underWay.size === 0) end().catch(() => undefined);
  }

  /** Under way from now on; the returned function ends that. */
  function keep(one: Waiting): () => void {
    const deadline = setTimeout(
      () => one.refuse(unavailable('The database did not answer in time; the connection is given up.')),
      statementTimeoutMs + GRACE_MS,
    );
    underWay.add(one);
    return () => {
      clearTimeout(deadline);
      if (underWay.delete(one)) endWhenIdle();
    };
  }

  function watch<T>(made: T): T {
    if (!isQuery(made)) return made;
    const { handle, resolve, reject } = made;
    let done: (() => void) | null = null;
    // Fragments are never handled, and so never wait.
    made.handle = () => {
      done ??= keep({ isWorkedAt: () => made.active, refuse: (why) => made.reject(why) });
      return handle.call(made);
    };
    made.resolve = (value) => {
      done?.();
      resolve.call(made, value);
    };
    made.reject = (reason) => {
      done?.();
      reject.call(made, reason);
    };
    return made;
  }

  function begin<T>(isolation: string, work: (tx: Transaction, check: () => void) => Promise<T>): Promise<T> {
    const before = closes;
    const check = () => {
      if (closes !== before)
        throw unavailable(
          'The database connection was lost in the middle of a transaction; nothing of it was kept.',
        );
    };
    return new Promise<T>((resolve, reject) => {
      let begun = false;
      let isOver = false;
      const stopWaiting = keep({
        isWorkedAt: () => begun,
        refuse: (why) => {
          if (!begun) settle(() => reject(why));
        },
      });
      const settle = (how: () => void) => {
        isOver = true;
        stopWaiting();
        how();
      };
      sql
        .begin(`isolation level ${isolation}`, async (tx) => {
          if (isOver) throw unavailable('The transaction came too late.');
          begun = true;
          try {
            const result = await work(tx as unknown as Transaction, check);
            check();
            return result;
          } catch (error) {
            if (closes !== before) {
              await turn();
              // The driver would send its rollback to a connection that is dead, or by now somebody else's.
              if (isOver) return await new Promise<never>(() => undefined);
            }
            throw error;
          }
        })
        .then(
          (result) => settle(() => resolve(result as T)),
          (error: unknown) => settle(() => reject(error)),
        );
    });
  }

  return { sql, watch, begin, end };
}

const unavailable = (message: string) => new DatabaseFault('unavailable', message);

function isQuery(made: unknown): made is Query {
  return made instanceof Promise && 'handle' in made && 'active' in made;
}
