import type { Transaction } from '../../db/client.ts';
import { HeraldError } from '../../platform/errors.ts';

/** Refuse to write when another worker took over; the right is held until the transaction ends. */
export async function holdLease(tx: Transaction, lease: { name: string; fence: number }): Promise<void> {
  const [held] =
    await tx`select 1 from lease where name = ${lease.name} and fence = ${lease.fence} for share`;
  if (!held) throw new HeraldError('upstream', `Another worker took over ${lease.name}; this one stops.`);
}
