/** Work on a source's records while no run of it writes: waits until the run under way has ended. */
import { setTimeout as pause } from 'node:timers/promises';
import { HeraldError } from '../platform/errors.ts';
import { type Lease, takeLease } from '../platform/lease.ts';
import type { House } from './house.ts';
import type { Tools } from './verb.ts';

/** A cycle of the source may be under way: give it this long. */
const PATIENCE_MS = 90_000;
const PAUSE_MS = 500;
/** A third of the lease's life. */
const RENEW_MS = 10_000;

/** Throws `upstream` when the source stays busy. */
export async function underLease<T>(
  { db }: House,
  { processId, signal, terminal }: Tools,
  source: string,
  work: (lease: Lease) => Promise<T>,
): Promise<T> {
  for (let waited = 0; waited < PATIENCE_MS; waited += PAUSE_MS) {
    const lease = await takeLease(db, `sync:${source}`, processId);
    if (lease) {
      // Losing it is noticed by the fence, inside the transaction that would write.
      const heart = setInterval(() => {
        lease
          .renew()
          .catch((error: Error) => terminal.say(`The lease could not be renewed: ${error.message}`));
      }, RENEW_MS);
      try {
        return await work(lease);
      } finally {
        clearInterval(heart);
        await lease.release();
      }
    }
    terminal.progress(`Waiting until the run of ${source} ends …`);
    await pause(PAUSE_MS, undefined, { signal });
  }
  throw new HeraldError('upstream', `${source} is being read all the time; try again in a few minutes.`);
}
