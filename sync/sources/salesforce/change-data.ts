/**
 * Salesforce Change Data Capture: events name the records that a transaction changed, in the order of commits. Only
 * the ids are taken, formula fields are not in them anyway. Events are kept for 72 hours; a replay id that is older is
 * refused, the feed then begins anew and polling closes the gap.
 * https://developer.salesforce.com/docs/atlas.en-us.change_data_capture.meta/change_data_capture/
 */
import { z } from 'zod';
import { type Cursor, type Feed, type Hint, ReadFault } from '../../source.ts';
import { openChangeStream } from './change-data-stream.ts';
import type { createSession } from './session.ts';

/** From now on. -2 would ask for all that is kept: the backfill has that. */
const fromNow = -1;

const positionShape = z.object({ v: z.literal(1), replayId: z.number().int() });

const eventShape = z.looseObject({
  payload: z.looseObject({
    ChangeEventHeader: z.looseObject({
      entityName: z.string(),
      /** A gap or an overflow may carry none, or a wildcard. */
      recordIds: z.array(z.string()),
      changeType: z.string(),
    }),
  }),
  event: z.looseObject({ replayId: z.number().int() }),
});

export function createChangeData(session: Pick<ReturnType<typeof createSession>, 'open'>): Feed {
  return {
    title: 'Salesforce Change Data Capture',
    async *follow(position, context) {
      let replayId = replayIdOf(position);
      while (!context.signal.aborted) {
        const client = await session.open(context);
        // The streaming client cannot renew a session that has ended; this call can, and the stream is built on it.
        await client.get(`${client.root}/limits`);
        const stream = openChangeStream(client.credentials(), replayId, context.signal);
        try {
          for await (const messages of stream.batches()) {
            const events = messages.flatMap((message) => {
              const event = eventShape.safeParse(message);
              return event.success ? [event.data] : [];
            });
            if (events.length < messages.length)
              context.log.warn(
                { events: messages.length - events.length },
                'change events in a form that Herald does not know',
              );
            const last = events.at(-1);
            if (!last) continue;
            replayId = last.event.replayId;
            yield { hints: events.flatMap(hintsOf), position: { v: 1, replayId } };
          }
        } finally {
          stream.close();
        }
        // The session ended: the next one goes on from the last event.
      }
    },
  };
}

function replayIdOf(position: Cursor): number {
  if (position === null) return fromNow;
  const known = positionShape.safeParse(position);
  if (known.success) return known.data.replayId;
  throw new ReadFault('cursor_expired', 'The kept replay id is in a form of another version');
}

function hintsOf({ payload }: z.infer<typeof eventShape>): Hint[] {
  const { entityName, recordIds, changeType } = payload.ChangeEventHeader;
  const gone = changeType === 'DELETE' || changeType === 'GAP_DELETE';
  return recordIds
    .filter((id) => /^\w{15}(\w{3})?$/.test(id))
    .map((id) => ({ stream: entityName, id, ...(gone ? { gone } : {}) }));
}
