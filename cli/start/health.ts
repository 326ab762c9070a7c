/** /livez: the process turns. /readyz: it can answer. /health: both, source by source. */
import type { RequestListener } from 'node:http';
import type { House } from '../house.ts';
import { sendJson } from './http.ts';
import type { SourceState } from './sync-loops.ts';

export function createHealth(
  house: House,
  states: () => readonly SourceState[],
  stopping: () => boolean,
): RequestListener {
  return (request, response) => {
    const path = (request.url ?? '/').split('?')[0];
    if (path === '/livez') return sendJson(response, 200, { status: 'alive' });
    const report = async () => {
      if (stopping()) return { status: 503, body: { status: 'stopping' } };
      const sources = await house.db.sql`
        select source, min(covered) as covered_until from (select source, stream, max(covered_until) as covered from checkpoint group by 1, 2) s group by source order by source`;
      return { status: 200, body: { status: 'ready', sources, loops: states() } };
    };
    report().then(
      ({ status, body }) => sendJson(response, status, body),
      (error: Error) => sendJson(response, 503, { status: 'database unavailable', reason: error.message }),
    );
  };
}
