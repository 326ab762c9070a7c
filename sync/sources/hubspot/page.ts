/** One page of a HubSpot list or search: its rows and the position of the next. */
import { z } from 'zod';
import { type ReadContext, ReadFault } from '../../source.ts';
import type { HubspotCall, HubspotSession } from './session.ts';

export type Row = { id: string } & Record<string, unknown>;
export type Page = { rows: Row[]; after: string | null };

const page = z.object({
  results: z.array(z.looseObject({ id: z.string().min(1) })),
  paging: z.object({ next: z.object({ after: z.string() }).optional() }).optional(),
});

/** @throws ReadFault `protocol` when the list key or an id is missing: an error page must never pass for "no records". */
export async function readPage(
  session: HubspotSession,
  context: ReadContext,
  call: HubspotCall,
): Promise<Page> {
  const parsed = page.safeParse(await session.call(context, call));
  if (!parsed.success) {
    const where = parsed.error.issues[0]?.path.join('.') ?? '';
    throw new ReadFault('protocol', `HubSpot (${call.path}) answered without a well-formed list (${where})`);
  }
  return { rows: parsed.data.results, after: parsed.data.paging?.next?.after ?? null };
}
