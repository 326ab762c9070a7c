import { setImmediate as breathe } from 'node:timers/promises';
import type { Stream, UnifiedRow } from '../source.ts';
import type { Changed } from './find-changed.ts';
import type { Held } from './hold.ts';
import { unify } from './unify.ts';

/** Records between two breaths: what is being sent meanwhile waits a few milliseconds at most. */
const BETWEEN_BREATHS = 200;

export type Mapped = { rows: Map<string, UnifiedRow>; out: string[]; held: Held[] };

/** Changed records through their mapping: rows, ids that are no facts, and what must be held. */
export async function mapAll(
  stream: Stream,
  changed: readonly Pick<Changed, 'id' | 'payload' | 'tooLarge'>[],
): Promise<Mapped> {
  const mapped: Mapped = { rows: new Map(), out: [], held: [] };
  for (const [at, { id, payload, tooLarge }] of changed.entries()) {
    if (at % BETWEEN_BREATHS === 0) await breathe();
    const unified = tooLarge === null ? unify(stream, { payload }) : { fault: tooLarge };
    if ('fault' in unified)
      mapped.held.push({ id, reason: unified.fault, payload: tooLarge === null ? payload : null });
    else if (unified.row) mapped.rows.set(id, unified.row);
    else mapped.out.push(id);
  }
  return mapped;
}
