/** Months of history, made ahead: what a month covers can be dropped as a whole when its retention ends. */
import type { Database } from './client.ts';
import { DatabaseFault } from './fault.ts';

const parents = ['record_version', 'bucket_delta', 'ledger_delta'] as const;
/** This month and the two after it: a worker that is away for a month finds the next one made. */
const AHEAD = 3;

/** When a connection is cut, the driver may never settle a query that stood outside a transaction. */
const DEADLINE_MS = 20_000;

/** Make the months that are missing. A month whose rows already lie in the default partition stays there. */
export async function ensurePartitions(db: Database): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () =>
        reject(
          new DatabaseFault(
            'unavailable',
            'The database did not answer in time; the connection was probably cut.',
          ),
        ),
      DEADLINE_MS,
    );
  });
  try {
    await Promise.race([makeMonths(db), late]);
  } finally {
    clearTimeout(timer);
  }
}

async function makeMonths(db: Database): Promise<void> {
  for (const parent of parents) {
    for (let month = 0; month < AHEAD; month++) {
      try {
        await db.sql`select ensure_month(${parent}, (date_trunc('month', clock_timestamp() at time zone 'UTC') + make_interval(months => ${month}))::date)`;
      } catch (error) {
        // 23514: the default partition holds rows of that month. 42P07: another worker made it just now.
        if (!['23514', '42P07'].includes((error as { code?: string }).code ?? '')) throw error;
      }
    }
  }
}
