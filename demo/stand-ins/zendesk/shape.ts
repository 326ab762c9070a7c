/** How Zendesk shows records that are gone, and what it only shows when asked. */
import type { Stored } from '../../company/records.ts';

const stamp = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`;

/** Stamp by which exports are ordered, in seconds; system updates move it and nothing else. */
export const generatedAt = (stored: Stored): number => Math.floor(stored.modifiedAt / 1000);

/** A ticket: deleted ones stay in the stream with status `deleted`, merged ones are closed and tagged. */
export function ticketOf(stored: Stored, include: ReadonlySet<string>): Record<string, unknown> {
  const { metric_set, slas, ...ticket } = stored.record;
  const shown: Record<string, unknown> = { ...ticket, generated_timestamp: generatedAt(stored) };
  if (include.has('metric_sets')) shown.metric_set = metric_set ?? null;
  if (include.has('slas')) shown.slas = slas ?? { policy_metrics: [] };
  if (stored.gone?.how === 'deleted') shown.status = 'deleted';
  if (stored.gone?.how === 'merged') {
    shown.status = 'closed';
    shown.tags = [...((shown.tags as string[] | undefined) ?? []), 'closed_by_merge'];
  }
  if (stored.gone) shown.updated_at = stamp(stored.gone.at);
  return shown;
}

/** A user: deleted ones are inactive. */
export function userOf(stored: Stored): Record<string, unknown> {
  if (!stored.gone) return stored.record;
  return { ...stored.record, active: false, updated_at: stamp(stored.gone.at) };
}

/** An organization: deleted ones say when. */
export function organizationOf(stored: Stored): Record<string, unknown> {
  if (!stored.gone) return stored.record;
  return { ...stored.record, deleted_at: stamp(stored.gone.at), updated_at: stamp(stored.gone.at) };
}
