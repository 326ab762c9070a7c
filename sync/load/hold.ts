/** What did not fit: kept with the reason, so that it can be looked at, mended and replayed. */
import type { Transaction } from '../../db/client.ts';
import { listOf, storable } from './lists.ts';

export type Held = { id: string; reason: string; payload: string | null };

const MOST_ID = 200;
const MOST_REASON = 2_000;

/** Keep them in quarantine. The same copy of a record held for the same reason is kept once. */
export async function hold(
  tx: Transaction,
  place: { source: string; stream: string },
  held: readonly Held[],
): Promise<void> {
  if (held.length === 0) return;
  const ids = listOf(held.map(({ id }) => storable(id.slice(0, MOST_ID))));
  const reasons = listOf(held.map(({ reason }) => storable(reason.slice(0, MOST_REASON))));
  const payloads = listOf(held.map(({ payload }) => payload));
  await tx`
    insert into quarantine (source, stream, record_id, reason, payload)
    select ${place.source}, ${place.stream}, t.id, t.reason, t.payload
    from (select * from rows from (string_to_table(${ids}, chr(30), chr(31)), string_to_table(${reasons}, chr(30), chr(31)),
      string_to_table(${payloads}, chr(30), chr(31))) as t(id, reason, payload) limit ${held.length}) t
    where not exists (select from quarantine q where q.state = 'held' and q.source = ${place.source} and q.stream = ${place.stream}
      and q.record_id = t.id and q.reason = t.reason and q.payload is not distinct from t.payload)`;
}
