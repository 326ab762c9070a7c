import { createHash } from 'node:crypto';
import type { Transaction } from '../../db/client.ts';
import type { BlobRef, Payload } from './payload.ts';
import { type Audience, slotKey, type Target } from './target.ts';

/** A delivery that was decided on. `blocked` is why it cannot go out: kept, so that somebody can see it. */
export type NewDelivery = {
  kind: 'digest' | 'alert';
  topic: string;
  slot: Date;
  target: Target;
  part?: string;
  /** The part that has to arrive first. */
  after?: string;
  audience: Audience;
} & ({ payload: Payload } | { blocked: string });

export type NewBlob = BlobRef & { bytes: Uint8Array };

export function blobOf(bytes: Uint8Array, mime: string): NewBlob {
  return { hash: createHash('sha256').update(bytes).digest('hex'), mime, bytes };
}

export const keyOf = ({
  topic,
  slot,
  target,
  part,
}: Pick<NewDelivery, 'topic' | 'slot' | 'target' | 'part'>) =>
  slotKey({ topic, slot: slot.toISOString(), target, ...(part === undefined ? {} : { part }) });

/** Put deliveries into the outbox, in the transaction that decided on them. One that is there already stays as it is. */
export async function putDeliveries(
  tx: Transaction,
  deliveries: readonly NewDelivery[],
  blobs: readonly NewBlob[],
): Promise<void> {
  for (const { hash, mime, bytes } of blobs) {
    // Touched, so that bytes in use do not age away.
    await tx`
      insert into blob (hash, mime, bytes, at) values (${hash}, ${mime}, ${Buffer.from(bytes)}, clock_timestamp())
      on conflict (hash) do update set at = excluded.at`;
  }
  for (const one of deliveries) {
    const { kind, topic, slot, target, part = 'main', after, audience } = one;
    const afterKey = after === undefined ? null : keyOf({ ...one, part: after });
    const payload = 'payload' in one ? one.payload : {};
    const blocked = 'blocked' in one ? one.blocked : null;
    await tx`
      insert into outbox (slot_key, kind, topic, slot, part, after_key, target_kind, target, payload, audience, state, error, next_try_at, created_at)
      values (${keyOf(one)}, ${kind}, ${topic}, ${slot}, ${part}, ${afterKey}, ${target.kind}, ${target.to}, ${tx.json(payload as never)},
        ${tx.json(audience as never)}, ${blocked === null ? 'pending' : 'failed'}, ${blocked}, clock_timestamp(), clock_timestamp())
      on conflict (slot_key) do nothing`;
  }
}
