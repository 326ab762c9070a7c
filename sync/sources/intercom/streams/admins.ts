/** Teammates: a short list, read whole. */
import { z } from 'zod';
import { type Batch, ReadFault } from '../../../source.ts';
import { parseRecord } from '../../parse-record.ts';
import { id, text } from '../fields.ts';
import { type IntercomStream, type Item, idOf, type Reading, toUpsert } from '../intercom-stream.ts';

const schema = z.object({ id, name: text, email: text });

export async function listAdmins({ session }: Pick<Reading, 'session'>): Promise<Item[]> {
  const reply = (await session.ask(async (client) => await client.admins.list())) as unknown as Item;
  if (!Array.isArray(reply.admins))
    throw new ReadFault('protocol', 'Intercom answered the request for admins without a list');
  return (reply.admins as (Item | null)[]).filter((admin) => admin !== null);
}

export const admins: IntercomStream = {
  name: 'admins',
  table: 'staff',
  lanes: ['backfill', 'realtime', 'sweep'],
  unify(raw) {
    const { name, email } = parseRecord(schema, raw);
    return { name, email, team: null, active: true };
  },
  async *read(lane, _cursor, reading): AsyncIterable<Batch> {
    const now = reading.context.now();
    const items = await listAdmins(reading);
    if (lane === 'sweep')
      yield {
        stream: 'admins',
        records: [],
        cursor: { ids: items.map(idOf), done: true },
        coveredUntil: null,
      };
    else
      yield {
        stream: 'admins',
        records: items.map((item) => toUpsert(item, now.getTime())),
        cursor: {},
        coveredUntil: now.toISOString(),
      };
  },
};
