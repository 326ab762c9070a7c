import type { Database } from '../../db/client.ts';
import { type DetectionInput, type Incident, runDetection } from './run-detection.ts';

export type Detector = {
  /**
   * Looks at most once in ten minutes, over all replicas; `force` looks now and takes the pause for the others. A
   * failure is logged: alerts never hold up a sync.
   */
  look(options?: { force?: boolean }): Promise<readonly Incident[]>;
};

const pauseMinutes = 10;

export function createDetector(input: Omit<DetectionInput, 'now'> & { now: () => Date }): Detector {
  const { log } = input;
  return {
    async look({ force = false } = {}) {
      try {
        if (!(await mayLook(input.db, force))) return [];
        return await runDetection({ ...input, now: input.now() });
      } catch (thrown) {
        // A sync that went well is not undone by a detection that did not; the next one looks again.
        log.error({ err: (thrown as Error).message }, 'alert: detection failed and will be tried again');
        return [];
      }
    },
  };
}

/** Takes the pause for everybody, on the database clock; false while one lasts. */
async function mayLook(db: Database, force: boolean): Promise<boolean> {
  const rows = await db.sql`
    insert into lease as l (name, holder, fence, expires_at)
    values ('alert:detection', 'pause', 1, clock_timestamp() + make_interval(mins => ${pauseMinutes}))
    on conflict (name) do update set fence = l.fence + 1, expires_at = excluded.expires_at
      where l.expires_at < clock_timestamp() or ${force}
    returning 1`;
  return rows.length === 1;
}
