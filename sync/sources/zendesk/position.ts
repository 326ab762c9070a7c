/** Cursors of Zendesk lanes. Anything else found in the database is a cursor of another time: start over. */
import { z } from 'zod';
import { type Cursor, ReadFault } from '../../source.ts';

const schemas = {
  /** `after` is Zendesk's own position: followed and kept, never computed. */
  cursor: z.object({ v: z.literal(1), kind: z.literal('cursor'), after: z.string() }),
  time: z.object({ v: z.literal(1), kind: z.literal('time'), start: z.number().int() }),
  /** A list under way since `startedAt` (epoch ms); `after` is null between two readings. */
  window: z.object({
    v: z.literal(1),
    kind: z.literal('window'),
    from: z.number().int(),
    after: z.string().nullable(),
    startedAt: z.number(),
  }),
};

export type PositionOf<K extends keyof typeof schemas> = z.infer<(typeof schemas)[K]>;

/** @throws ReadFault `cursor_expired` */
export function parsePosition<K extends keyof typeof schemas>(kind: K, cursor: Cursor): PositionOf<K> | null {
  if (cursor === null) return null;
  const parsed = schemas[kind].safeParse(cursor);
  if (parsed.success) return parsed.data as PositionOf<K>;
  throw new ReadFault('cursor_expired', 'the kept Zendesk position cannot be read; the stream starts over');
}
