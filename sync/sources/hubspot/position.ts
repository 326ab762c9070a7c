/** Cursors of HubSpot lanes. Anything else found in the database is a cursor of another time: start over. */
import { z } from 'zod';
import { type Cursor, ReadFault } from '../../source.ts';

/** Pages in id order, begun at `startedAt` (epoch ms). */
export type ListPosition = { v: 1; kind: 'list'; after: string | null; startedAt: number };

/**
 * `from` is inclusive. `to` is the end of a window under way, null when it is closed; `drained` is the last id of the
 * millisecond `from` while that one is read by id.
 */
export type WindowPosition = {
  v: 1;
  kind: 'window';
  from: number;
  to: number | null;
  drained: string | null;
};

const schema = z.discriminatedUnion('kind', [
  z.object({ v: z.literal(1), kind: z.literal('list'), after: z.string().nullable(), startedAt: z.number() }),
  z.object({
    v: z.literal(1),
    kind: z.literal('window'),
    from: z.number(),
    to: z.number().nullable(),
    drained: z.string().nullable(),
  }),
]);

/** @throws ReadFault `cursor_expired` */
export function parsePosition(cursor: Cursor): ListPosition | WindowPosition | null {
  if (cursor === null) return null;
  const parsed = schema.safeParse(cursor);
  if (parsed.success) return parsed.data;
  throw new ReadFault('cursor_expired', 'the kept HubSpot position cannot be read; the stream starts over');
}

export const closedAt = (ms: number): WindowPosition => ({
  v: 1,
  kind: 'window',
  from: ms,
  to: null,
  drained: null,
});
