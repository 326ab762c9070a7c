import type { Database } from '../../db/client.ts';
import type { Receipt } from './sender.ts';
import type { Target } from './target.ts';

export type DeliveryState = 'pending' | 'sending' | 'ambiguous' | 'sent' | 'failed' | 'unknown';

/** One row of the outbox as an operator reads it. */
export type DeliveryStatus = {
  topic: string;
  slot: Date | null;
  target: Target;
  part: string;
  state: DeliveryState;
  attempts: number;
  receipt: Receipt | null;
  error: string | null;
  sentAt: Date | null;
  createdAt: Date;
};

type Row = {
  topic: string;
  slot: Date | null;
  target_kind: Target['kind'];
  target: string;
  part: string;
  state: DeliveryState;
  attempts: number;
  receipt: Receipt | null;
  error: string | null;
  sent_at: Date | null;
  created_at: Date;
};

/** Deliveries of a topic (of one slot, when given), newest slot first; at most `most`. */
export async function readDeliveries(
  db: Database,
  { topic = null, slot = null, most = 100 }: { topic?: string | null; slot?: Date | null; most?: number },
): Promise<DeliveryStatus[]> {
  const rows = await db.sql<Row[]>`
    select topic, slot, target_kind, target, part, state, attempts, receipt, error, sent_at, created_at from outbox
    where (${topic}::text is null or topic = ${topic}) and (${slot}::timestamptz is null or slot = ${slot})
    order by slot desc nulls last, id limit ${most}`;
  return rows.map((row) => ({
    topic: row.topic,
    slot: row.slot,
    target: { kind: row.target_kind, to: row.target },
    part: row.part,
    state: row.state,
    attempts: row.attempts,
    receipt: row.receipt,
    error: row.error,
    sentAt: row.sent_at,
    createdAt: row.created_at,
  }));
}

/** True when nothing more will happen to it by itself. */
export const isSettled = ({ state }: Pick<DeliveryStatus, 'state'>): boolean =>
  state === 'sent' || state === 'failed' || state === 'unknown';
