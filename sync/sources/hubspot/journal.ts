/**
 * HubSpot's Webhooks Journal: an ordered log of changes, kept for three days, pulled entry by entry. No address of
 * ours has to be reachable for it, and its calls count towards no limit but its own. An entry is a file at an address
 * that is signed already: it gets no token of ours.
 * https://developers.hubspot.com/docs/api-reference/latest/webhooks-journal/guide
 */
import { z } from 'zod';
import type { Cursor, Feed, FeedContext, Hint } from '../../source.ts';
import { ReadFault } from '../../source.ts';
import { hubspotHints } from './event-hints.ts';
import { createJournalSession, type JournalSettings } from './journal-session.ts';

/** Between two looks when nothing is new: 12 calls a minute. */
const restMs = 5_000;
const root = '/webhooks-journal/journal/2026-03';

const entryShape = z.object({ url: z.url({ protocol: /^https?$/ }), currentOffset: z.string().min(1) });
const fileShape = z.looseObject({
  journalEvents: z.array(
    z.looseObject({
      action: z.string(),
      objectTypeId: z.string().nullish(),
      objectId: z.union([z.int(), z.string()]).nullish(),
      portalId: z.int().nullish(),
      mergedObjectIds: z.array(z.union([z.int(), z.string()])).nullish(),
      /** Of an association: neither end's own stamp moves with it. */
      fromObjectTypeId: z.string().nullish(),
      fromObjectId: z.union([z.int(), z.string()]).nullish(),
      toObjectTypeId: z.string().nullish(),
      toObjectId: z.union([z.int(), z.string()]).nullish(),
    }),
  ),
});
const positionShape = z.object({ v: z.literal(1), offset: z.string().min(1) });

export function createJournal(settings: JournalSettings): Feed {
  const session = createJournalSession(settings);

  /** The entry at `path` and what it hints at; null when there is none yet. */
  async function read(path: string, context: FeedContext): Promise<{ offset: string; hints: Hint[] } | null> {
    const reply = await session.get(context, `${root}/${path}`);
    if (reply === null) return null;
    const entry = entryShape.safeParse(reply);
    if (!entry.success)
      throw new ReadFault('protocol', 'HubSpot sent a journal entry without an address or offset');
    const file = await context.fetch(entry.data.url, { raw: true, headers: { accept: 'application/json' } });
    const events = fileShape.safeParse(parsed(file.text));
    if (file.status !== 200 || !events.success)
      throw new ReadFault('transient', `HubSpot's journal file could not be read (${file.status})`);
    const ours = events.data.journalEvents.filter(
      ({ portalId }) => !settings.portalId || portalId == null || String(portalId) === settings.portalId,
    );
    return { offset: entry.data.currentOffset, hints: ours.flatMap(hintsOf) };
  }

  return {
    title: 'HubSpot Webhooks Journal',
    async *follow(position, context) {
      let offset = offsetOf(position);
      if (offset === null) {
        // From now on: what was before is the backfill's. An empty journal has no offset to begin at.
        const latest = await read('latest', context);
        if (latest) yield { hints: latest.hints, position: { v: 1, offset: latest.offset } };
        offset = latest?.offset ?? null;
      }
      while (!context.signal.aborted) {
        const path = offset === null ? 'earliest' : `offset/${encodeURIComponent(offset)}/next`;
        const entry = await read(path, context);
        if (entry && entry.offset !== offset) {
          offset = entry.offset;
          yield { hints: entry.hints, position: { v: 1, offset } };
        } else await context.wait(restMs);
      }
    },
  };
}

function offsetOf(position: Cursor): string | null {
  if (position === null) return null;
  const known = positionShape.safeParse(position);
  if (known.success) return known.data.offset;
  throw new ReadFault('cursor_expired', 'The kept position in the journal is of another version');
}

type JournalEvent = z.infer<typeof fileShape>['journalEvents'][number];

function hintsOf(event: JournalEvent): Hint[] {
  const { action, objectTypeId, objectId, mergedObjectIds } = event;
  const textOf = (id: string | number | null | undefined) => (id == null ? null : String(id));
  const isGone = action === 'DELETE' || action === 'GDPR_DELETE';
  return [
    ...hubspotHints(objectTypeId ?? '', [objectId, ...(mergedObjectIds ?? [])].map(textOf), isGone),
    ...hubspotHints(event.fromObjectTypeId ?? '', [textOf(event.fromObjectId)]),
    ...hubspotHints(event.toObjectTypeId ?? '', [textOf(event.toObjectId)]),
  ];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown;
    return null;
  }
}
