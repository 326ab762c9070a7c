/** /livez: the process turns. /readyz: it can answer. /health: both, source by source. */
import type { RequestListener } from 'node:http';
import { readFreshness } from '../../sync/read-freshness.ts';
import type { House } from '../house.ts';
import { sendJson } from './http.ts';
import type { SourceState } from './sync-loops.ts';
import type { Tally } from './tally.ts';

export type HealthInput = {
  house: Pick<House, 'db' | 'now'>;
  loops: () => readonly SourceState[];
  tally: () => ReturnType<Tally>;
  stopping: () => boolean;
};

export function createHealth({ house, loops, tally, stopping }: HealthInput): RequestListener {
  return (request, response) => {
    const path = (request.url ?? '/').split('?')[0];
    if (path === '/livez') return sendJson(response, 200, { status: 'alive' });
    const report = async () => {
      if (stopping()) return { status: 503, body: { status: 'stopping' } };
      const sources = await readFreshness(house.db.sql, house.now());
      return { status: 200, body: { status: 'ready', sources, loops: loops(), events: tally() } };
    };
    report().then(
      ({ status, body }) => sendJson(response, status, body),
      (error: Error) => sendJson(response, 503, { status: 'database unavailable', reason: error.message }),
    );
  };
}
