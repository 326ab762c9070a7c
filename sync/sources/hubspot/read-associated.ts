/** Which record of another kind belongs to each: the associations, which neither search nor lists tell. */
import { z } from 'zod';
import { ReadFault } from '../../source.ts';
import type { Reading } from './hubspot-stream.ts';

/** Most ids that one batch takes (since January 2025; older documents say 1,000). */
const batchIds = 100;

const reply = z.object({
  results: z.array(
    z.object({
      from: z.object({ id: z.coerce.string() }),
      to: z.array(
        z.object({
          toObjectId: z.coerce.string(),
          associationTypes: z.array(z.looseObject({ label: z.string().nullish() })).default([]),
        }),
      ),
    }),
  ),
  errors: z
    .array(z.looseObject({ subCategory: z.string().nullish(), message: z.string().nullish() }))
    .default([]),
});

/**
 * By id, the associated record: the one labelled primary, else the oldest. Records without one are left out.
 * @throws ReadFault when the platform reports anything but a missing association: a part must not pass for the whole
 */
export async function readAssociated(
  { session, context }: Reading,
  from: string,
  to: string,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (let at = 0; at < ids.length; at += batchIds) {
    const path = `/crm/v4/associations/${from}/${to}/batch/read`;
    const inputs = ids.slice(at, at + batchIds).map((id) => ({ id }));
    const parsed = reply.safeParse(await session.call(context, { method: 'POST', path, body: { inputs } }));
    if (!parsed.success)
      throw new ReadFault('protocol', `HubSpot (${path}) answered without a well-formed list`);
    // 207: some ids failed. To have no association is one of the reasons, and no fault.
    const wrong = parsed.data.errors.find((error) => !/NO_ASSOCIATIONS_FOUND/.test(error.subCategory ?? ''));
    if (wrong)
      throw new ReadFault(
        'transient',
        `HubSpot (${path}) answered in part: ${(wrong.message ?? '').slice(0, 200)}`,
      );
    for (const { from: one, to: others } of parsed.data.results) {
      const primary = others.find((other) => other.associationTypes.some(({ label }) => label === 'Primary'));
      const oldest = others.map((other) => other.toObjectId).sort((a, b) => Number(a) - Number(b))[0];
      const id = primary?.toObjectId ?? oldest;
      if (id !== undefined) found.set(one.id, id);
    }
  }
  return found;
}
