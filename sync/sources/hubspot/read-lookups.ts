/** Names behind ids: owners (archived ones too, deals of years past are theirs), stages of all pipelines, the account's currency. */
import { z } from 'zod';
import { ReadFault } from '../../source.ts';
import type { Reading } from './hubspot-stream.ts';
import { readPage } from './page.ts';

export type Lookups = {
  owners: Map<string, string>;
  /** By stage id. */
  stages: Map<string, string>;
  /** By stage id, in per cent. */
  probabilities: Map<string, number>;
  currency: string;
};

/** Renamed owners and new stages show within the hour. */
const heldMs = 3_600_000;

const stage = z.object({
  id: z.string(),
  label: z.string(),
  metadata: z.looseObject({ probability: z.string().nullish() }).nullish(),
});
const pipelines = z.object({
  results: z.array(z.object({ stages: z.array(stage) })),
});

export function createLookups(): (reading: Reading) => Promise<Lookups> {
  let held: { at: number; lookups: Lookups } | null = null;
  return async (reading) => {
    const now = reading.context.now().getTime();
    if (held === null || now - held.at >= heldMs) held = { at: now, lookups: await read(reading) };
    return held.lookups;
  };
}

async function read({ session, context }: Reading): Promise<Lookups> {
  const owners = new Map<string, string>();
  for (const archived of ['true', 'false']) {
    for (let after: string | null = null; ; ) {
      const qs: Record<string, string> = { limit: '500', archived, ...(after === null ? {} : { after }) };
      const page = await readPage(session, context, { path: '/crm/v3/owners', qs });
      for (const row of page.rows)
        owners.set(
          row.id,
          [row.firstName, row.lastName].filter(Boolean).join(' ') || String(row.email ?? row.id),
        );
      if (page.after === null || page.after === after) break;
      after = page.after;
    }
  }
  const parsed = pipelines.safeParse(await session.call(context, { path: '/crm/v3/pipelines/deals' }));
  if (!parsed.success) throw new ReadFault('protocol', 'HubSpot answered without a list of pipelines');
  const all = parsed.data.results.flatMap((pipeline) => pipeline.stages);
  const stages = new Map(all.map(({ id, label }) => [id, label]));
  const probabilities = new Map(
    all.flatMap(({ id, metadata }) => {
      // HubSpot's is 0–1, in text.
      const share = metadata?.probability ? Number(metadata.probability) : Number.NaN;
      return Number.isNaN(share) ? [] : [[id, Math.round(share * 100)] as const];
    }),
  );
  const { companyCurrency } = await session.call(context, { path: '/account-info/v3/details' });
  if (typeof companyCurrency !== 'string')
    throw new ReadFault('protocol', 'HubSpot answered the account request without its currency');
  return { owners, stages, probabilities, currency: companyCurrency };
}
