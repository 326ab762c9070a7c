/** Objects of HubSpot's events, by the names and by the type ids that they carry, and the streams that hold them. */
import type { Hint } from '../../source.ts';

const streamOf: Readonly<Record<string, string>> = {
  contact: 'contacts',
  '0-1': 'contacts',
  company: 'companies',
  '0-2': 'companies',
  // Dropped where HubSpot's deals are not read.
  deal: 'deals',
  '0-3': 'deals',
};

/** Hints at the records of one object type; none when Herald does not read that type. */
export function hubspotHints(
  type: string,
  ids: readonly (string | null | undefined)[],
  gone = false,
): Hint[] {
  const stream = streamOf[type];
  if (!stream) return [];
  return ids.flatMap((id) => (id ? [{ stream, id, ...(gone ? { gone } : {}) }] : []));
}
